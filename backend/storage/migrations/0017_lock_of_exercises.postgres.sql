-- Who marks several exercises of a copy holds them with one token.
ALTER TABLE copy_lock DROP CONSTRAINT copy_lock_token_key;
CREATE INDEX copy_lock_token ON copy_lock (token);
