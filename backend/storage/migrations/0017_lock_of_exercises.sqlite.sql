-- Who marks several exercises of a copy holds them with one token.
CREATE TABLE lock_of_exercises (
  id {SERIAL_KEY},
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  scope TEXT NOT NULL DEFAULT '',                   -- '' for the copy, or the id of a top-level exercise
  owner_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  token TEXT NOT NULL,
  locked_at {BIGINT} NOT NULL,
  expires_at {BIGINT} NOT NULL,
  UNIQUE (copy_id, scope)
) {STRICT};
INSERT INTO lock_of_exercises SELECT * FROM copy_lock;
DROP TABLE copy_lock;
ALTER TABLE lock_of_exercises RENAME TO copy_lock;
CREATE INDEX copy_lock_expiry ON copy_lock (expires_at);
CREATE INDEX copy_lock_owner ON copy_lock (owner_id);
CREATE INDEX copy_lock_token ON copy_lock (token);
