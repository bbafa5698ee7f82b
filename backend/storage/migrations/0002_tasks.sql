-- The durable queue (backend/jobs). A worker is a heartbeat; a task is held while it names one. `ready` says that a task
-- can be claimed now, so that the index a claim reads holds nothing else.
CREATE TABLE worker (
  id {SORTED_TEXT} PRIMARY KEY,
  name TEXT NOT NULL,
  started_at {BIGINT} NOT NULL,
  seen_at {BIGINT} NOT NULL
) {STRICT};

CREATE TABLE task (
  id {SORTED_TEXT} PRIMARY KEY,
  kind {SORTED_TEXT} NOT NULL,
  state {SORTED_TEXT} NOT NULL
    CHECK (state IN ('PENDING', 'STARTED', 'PROGRESS', 'RETRY', 'PAUSED', 'SUCCESS', 'FAILURE', 'REVOKED')),
  priority {SORTED_TEXT} NOT NULL CHECK (priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
  payload TEXT NOT NULL,
  checkpoint TEXT,
  result TEXT,
  error_code TEXT,
  error_message TEXT,
  error_detail TEXT,
  progress_current {BIGINT} NOT NULL DEFAULT 0,
  progress_total {BIGINT} NOT NULL DEFAULT 0,
  stage TEXT NOT NULL,
  told_at {BIGINT} NOT NULL DEFAULT 0,
  ready {BIGINT} NOT NULL,
  age_from {BIGINT} NOT NULL,
  order_key {BIGINT} NOT NULL,
  run_at {BIGINT} NOT NULL,
  attempt {BIGINT} NOT NULL DEFAULT 0,
  max_attempts {BIGINT} NOT NULL CHECK (max_attempts > 0),
  time_limit_s {BIGINT} NOT NULL CHECK (time_limit_s > 0),
  phase {BIGINT} NOT NULL,
  fence {BIGINT} NOT NULL DEFAULT 0,
  worker_id {SORTED_TEXT} REFERENCES worker (id),
  parent_id {SORTED_TEXT} REFERENCES task (id) ON DELETE CASCADE,
  parent_phase {BIGINT} NOT NULL,
  children_total {BIGINT} NOT NULL,
  children_open {BIGINT} NOT NULL,
  exam_id {SORTED_TEXT},
  created_by {BIGINT},
  idempotency_key {SORTED_TEXT},
  trimmed {BIGINT} NOT NULL DEFAULT 0,
  cancel_requested {BIGINT} NOT NULL DEFAULT 0,
  pause_requested {BIGINT} NOT NULL DEFAULT 0,
  created_at {BIGINT} NOT NULL,
  started_at {BIGINT},
  finished_at {BIGINT},
  CHECK ((finished_at IS NOT NULL) = (state IN ('SUCCESS', 'FAILURE', 'REVOKED'))),
  CHECK (ready = 0 OR (worker_id IS NULL AND children_open = 0 AND state IN ('PENDING', 'RETRY', 'PROGRESS'))),
  CHECK (worker_id IS NULL OR state IN ('STARTED', 'PROGRESS')),
  CHECK (children_open BETWEEN 0 AND children_total)
) {STRICT};

CREATE INDEX task_ready ON task (kind, order_key) WHERE ready = 1;
CREATE INDEX task_due ON task (run_at) WHERE ready = 0 AND state IN ('PENDING', 'RETRY');
CREATE INDEX task_held ON task (worker_id) WHERE worker_id IS NOT NULL;
CREATE INDEX task_children ON task (parent_id, parent_phase) WHERE parent_id IS NOT NULL;
CREATE INDEX task_failed ON task (id) WHERE state = 'FAILURE';
CREATE INDEX task_open ON task (id) WHERE finished_at IS NULL;
CREATE INDEX task_finished ON task (trimmed, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX task_exam ON task (exam_id, id) WHERE exam_id IS NOT NULL;
CREATE INDEX task_owner ON task (created_by, id) WHERE created_by IS NOT NULL;
CREATE UNIQUE INDEX task_key ON task (idempotency_key)
  WHERE idempotency_key IS NOT NULL AND state NOT IN ('FAILURE', 'REVOKED');

CREATE TABLE task_log (
  task_id {SORTED_TEXT} NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  id {SERIAL_KEY},
  at {BIGINT} NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  text TEXT NOT NULL
) {STRICT};
CREATE INDEX task_log_task ON task_log (task_id, id);

-- A task of one kind every so often, once in the cluster.
CREATE TABLE task_schedule (
  name {SORTED_TEXT} PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  priority TEXT NOT NULL CHECK (priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
  max_attempts {BIGINT} NOT NULL,
  time_limit_s {BIGINT} NOT NULL,
  every_ms {BIGINT} NOT NULL CHECK (every_ms > 0),
  next_at {BIGINT} NOT NULL,
  last_task_id {SORTED_TEXT}
) {STRICT};
