-- A link that was used is removed with its row.
ALTER TABLE password_reset DROP COLUMN used_at;
CREATE INDEX password_reset_expiry ON password_reset (expires_at);
