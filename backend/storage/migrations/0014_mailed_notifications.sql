-- The language a person last logged in with, for mails; what people are told is mailed to who wants that.
ALTER TABLE "user" ADD COLUMN language TEXT NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en'));
ALTER TABLE "user" ADD COLUMN mail_notifications {BIGINT} NOT NULL DEFAULT 1 CHECK (mail_notifications IN (0, 1));
ALTER TABLE notification ADD COLUMN mailed_at {BIGINT};
CREATE INDEX notification_unmailed ON notification (created_at) WHERE mailed_at IS NULL AND read_at IS NULL;
