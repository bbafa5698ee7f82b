-- Addresses that are told of events.
CREATE TABLE webhook (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  events TEXT NOT NULL,                             -- JSON
  secret_sealed TEXT NOT NULL,
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL,
  last_tried_at {BIGINT},
  last_error TEXT                                   -- code; null: it arrived
) {STRICT};
CREATE INDEX webhook_age ON webhook (created_at, id);
