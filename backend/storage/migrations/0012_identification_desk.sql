-- Which copy a page of the identification desk shows; free again after `until`.
CREATE TABLE desk_place (
  copy_id TEXT PRIMARY KEY REFERENCES copy (id) ON DELETE CASCADE,
  desk TEXT NOT NULL UNIQUE,                        -- a page in a browser names itself
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  until {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX desk_place_user ON desk_place (user_id);
