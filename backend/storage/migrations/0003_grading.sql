-- Marking and the journals of it.

CREATE TABLE annotation (
  id TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  face_id TEXT NOT NULL REFERENCES face (id) ON DELETE CASCADE,
  x {REAL} NOT NULL CHECK (x >= 0),                 -- fractions of the displayed face
  y {REAL} NOT NULL CHECK (y >= 0),
  w {REAL} NOT NULL CHECK (w > 0 AND x + w <= 1.000001),
  h {REAL} NOT NULL CHECK (h > 0 AND y + h <= 1.000001),
  type TEXT NOT NULL CHECK (type IN ('COMMENT', 'HIGHLIGHT', 'ERROR', 'BONUS', 'INK', 'STAMP')),
  content TEXT NOT NULL DEFAULT '',
  score_delta {BIGINT},
  question_id TEXT,
  version {BIGINT} NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_by {BIGINT} NOT NULL REFERENCES "user" (id),
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX annotation_page ON annotation (copy_id, face_id);
CREATE INDEX annotation_face ON annotation (face_id);
CREATE INDEX annotation_creator ON annotation (created_by);

CREATE TABLE score (
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL CHECK (question_id <> ''),
  points {BIGINT} NOT NULL,
  set_by {BIGINT} NOT NULL REFERENCES "user" (id),
  set_at {BIGINT} NOT NULL,
  PRIMARY KEY (copy_id, question_id)
) {STRICT};
CREATE INDEX score_setter ON score (set_by);

CREATE TABLE question_remark (
  id TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL CHECK (question_id <> ''),
  remark TEXT NOT NULL DEFAULT '',
  version {BIGINT} NOT NULL DEFAULT 1,
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL,
  UNIQUE (copy_id, question_id)
) {STRICT};
CREATE INDEX question_remark_creator ON question_remark (created_by);

CREATE TABLE annotation_template (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  question_id TEXT,
  criterion_type TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL CHECK (text <> ''),
  score_delta {BIGINT},
  position {BIGINT} NOT NULL DEFAULT 0,
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX annotation_template_order ON annotation_template (exam_id, position, id);
CREATE INDEX annotation_template_creator ON annotation_template (created_by);

CREATE TABLE user_annotation (
  id TEXT PRIMARY KEY,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  exam_id TEXT REFERENCES exam (id) ON DELETE SET NULL,
  question_id TEXT,
  text TEXT NOT NULL CHECK (text <> ''),
  score_delta {BIGINT},
  usage_count {BIGINT} NOT NULL DEFAULT 0 CHECK (usage_count >= 0),
  last_used_at {BIGINT},
  created_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX user_annotation_use ON user_annotation (user_id, usage_count);
CREATE INDEX user_annotation_exam ON user_annotation (exam_id);

CREATE TABLE copy_lock (
  id {SERIAL_KEY},
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  scope TEXT NOT NULL DEFAULT '',                   -- '' for the copy, or the id of a top-level exercise
  owner_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  token TEXT NOT NULL UNIQUE,
  locked_at {BIGINT} NOT NULL,
  expires_at {BIGINT} NOT NULL,
  UNIQUE (copy_id, scope)
) {STRICT};
CREATE INDEX copy_lock_expiry ON copy_lock (expires_at);
CREATE INDEX copy_lock_owner ON copy_lock (owner_id);

CREATE TABLE draft_state (
  id TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  owner_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  payload TEXT NOT NULL DEFAULT '{}',               -- JSON
  lock_token TEXT,
  client_id TEXT,
  version {BIGINT} NOT NULL DEFAULT 1 CHECK (version >= 1),
  updated_at {BIGINT} NOT NULL,
  UNIQUE (copy_id, owner_id)
) {STRICT};
CREATE INDEX draft_state_owner ON draft_state (owner_id);

CREATE TABLE face_report (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL REFERENCES face (id) ON DELETE CASCADE,
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  reporter_id {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  reason TEXT NOT NULL CHECK (reason IN ('MISSING', 'ILLEGIBLE', 'NAME_VISIBLE', 'NOT_THIS_COPY')),
  comment TEXT NOT NULL DEFAULT '',
  created_at {BIGINT} NOT NULL,
  resolved_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  resolved_at {BIGINT}
) {STRICT};
CREATE INDEX face_report_face ON face_report (face_id);
CREATE INDEX face_report_copy ON face_report (copy_id);
CREATE INDEX face_report_reporter ON face_report (reporter_id);
CREATE INDEX face_report_resolver ON face_report (resolved_by);
CREATE INDEX face_report_open ON face_report (created_at) WHERE resolved_at IS NULL;

-- Append-only: 0004. actor_id is null where the system acted.
CREATE TABLE grading_event (
  id TEXT PRIMARY KEY,                              -- sortable by time
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  action TEXT NOT NULL CHECK (action IN ('IMPORT', 'VALIDATE', 'LOCK', 'UNLOCK', 'CREATE_ANN', 'UPDATE_ANN', 'DELETE_ANN',
    'FINALIZE', 'EXPORT', 'IDENTIFY', 'UNIDENTIFY', 'ASSIGN', 'REOPEN', 'RELEASE', 'UNRELEASE', 'UNMASK', 'MERGE', 'SPLIT',
    'QUARANTINE', 'RESTORE', 'GRADING_FAILED', 'SCORE', 'REMARK', 'TRANSFER', 'REPORT', 'UNDO')),
  actor_id {BIGINT} REFERENCES "user" (id),
  metadata TEXT NOT NULL DEFAULT '{}',              -- JSON, ids only
  created_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX grading_event_history ON grading_event (copy_id, created_at, id);
CREATE INDEX grading_event_actor ON grading_event (actor_id);

-- What is left of the events of a deleted exam.
CREATE TABLE archived_event (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL,
  copy_id TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  archived_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX archived_event_exam ON archived_event (exam_id);

-- Append-only. Holds ids without references, so that it stays valid whatever is deleted. Each row carries the hash of the
-- one before; audit_head is the end of the chain, and the row that writers meet at.
CREATE TABLE audit_log (
  sequence {BIGINT} PRIMARY KEY,                    -- 1, 2, 3, ... without gaps
  created_at {BIGINT} NOT NULL,
  actor_id {BIGINT},
  action TEXT NOT NULL CHECK (action <> ''),
  target_type TEXT NOT NULL DEFAULT '',
  target_id TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  details TEXT NOT NULL DEFAULT '{}',               -- JSON, ids only
  previous_hash TEXT NOT NULL UNIQUE CHECK (length(previous_hash) = 64),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) {STRICT};
CREATE INDEX audit_log_time ON audit_log (created_at, sequence);
CREATE INDEX audit_log_actor ON audit_log (actor_id, sequence);
CREATE INDEX audit_log_action ON audit_log (action, sequence);
CREATE INDEX audit_log_target ON audit_log (target_type, target_id, sequence);

CREATE TABLE audit_head (
  id {BIGINT} PRIMARY KEY CHECK (id = 1),
  sequence {BIGINT} NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) {STRICT};
INSERT INTO audit_head (id, sequence, hash)
  VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Every file a row refers to: what is in the media folder and not here, and is not young, belongs to nobody.
CREATE VIEW file_in_use (file) AS
  SELECT file FROM exam_pdf
  UNION ALL SELECT file FROM exam_document
  UNION ALL SELECT header_file FROM booklet WHERE header_file IS NOT NULL
  UNION ALL SELECT pdf_file FROM copy WHERE pdf_file IS NOT NULL
  UNION ALL SELECT masked_pdf_file FROM copy WHERE masked_pdf_file IS NOT NULL
  UNION ALL SELECT final_pdf_file FROM copy WHERE final_pdf_file IS NOT NULL
  UNION ALL SELECT preview_file FROM face WHERE preview_file IS NOT NULL
  UNION ALL SELECT thumbnail_file FROM face WHERE thumbnail_file IS NOT NULL
  UNION ALL SELECT masked_preview_file FROM face WHERE masked_preview_file IS NOT NULL
  UNION ALL SELECT masked_thumbnail_file FROM face WHERE masked_thumbnail_file IS NOT NULL
  UNION ALL SELECT header_file FROM face WHERE header_file IS NOT NULL;
