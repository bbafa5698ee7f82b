-- People, exams, what was scanned, and copies. Conventions: times are milliseconds since 1970 (UTC), dates 'YYYY-MM-DD', marks
-- hundredths of a point, booleans 0 and 1, *_file keys of storage::Blobs, hashes lower-case hexadecimal SHA-256.

-- People ------------------------------------------------------------------------------------------------------------------

CREATE TABLE "user" (
  id {SERIAL_KEY},
  username {SORTED_TEXT} NOT NULL CHECK (username <> ''),
  email TEXT CHECK (email <> ''),
  first_name TEXT NOT NULL DEFAULT '',
  last_name TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('ADMIN', 'TEACHER', 'STUDENT')),
  password_hash TEXT,                               -- null: no password was ever set
  must_change_password {BIGINT} NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1)),
  is_active {BIGINT} NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at {BIGINT} NOT NULL,
  last_login_at {BIGINT}
) {STRICT};
CREATE UNIQUE INDEX user_username ON "user" (lower(username));
CREATE UNIQUE INDEX user_email ON "user" (lower(email));
CREATE INDEX user_by_name ON "user" (username, id);
CREATE INDEX user_by_role ON "user" (role, username, id);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  csrf TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  user_agent TEXT NOT NULL DEFAULT '',
  created_at {BIGINT} NOT NULL,
  last_seen_at {BIGINT} NOT NULL,
  expires_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE api_token (
  id TEXT PRIMARY KEY,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL DEFAULT '[]',                -- JSON
  created_at {BIGINT} NOT NULL,
  last_used_at {BIGINT},
  expires_at {BIGINT},
  revoked_at {BIGINT}
) {STRICT};
CREATE INDEX api_token_user ON api_token (user_id, created_at);

CREATE TABLE password_reset (
  token_hash TEXT PRIMARY KEY,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  created_at {BIGINT} NOT NULL,
  expires_at {BIGINT} NOT NULL,
  used_at {BIGINT}
) {STRICT};
CREATE INDEX password_reset_user ON password_reset (user_id);

-- Failed log-ins, counted by account and address: the limits hold for all servers together.
CREATE TABLE login_attempt (
  id {SERIAL_KEY},
  account TEXT NOT NULL,                            -- as typed, folded
  address TEXT NOT NULL,
  attempted_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX login_attempt_account ON login_attempt (account, address, attempted_at);
CREATE INDEX login_attempt_address ON login_attempt (address, attempted_at);
CREATE INDEX login_attempt_age ON login_attempt (attempted_at);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,                              -- JSON
  updated_at {BIGINT} NOT NULL,
  updated_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL
) {STRICT};

CREATE TABLE notification (
  id TEXT PRIMARY KEY,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('READY_FOR_IDENTIFICATION', 'BATCH_FAILED', 'COPIES_ASSIGNED', 'ALL_GRADED',
    'RESULTS_RELEASED', 'FACE_REPORTED', 'TASK_FAILED')),
  content TEXT NOT NULL DEFAULT '{}',               -- JSON
  created_at {BIGINT} NOT NULL,
  read_at {BIGINT}
) {STRICT};
CREATE INDEX notification_user ON notification (user_id, created_at, id);
CREATE INDEX notification_unread ON notification (user_id) WHERE read_at IS NULL;

-- A resumable upload, complete when received = size.
CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  original_name TEXT NOT NULL DEFAULT '',           -- for display only; never used as a path
  content_type TEXT NOT NULL DEFAULT '',
  metadata TEXT NOT NULL DEFAULT '{}',              -- JSON
  size {BIGINT} NOT NULL CHECK (size >= 0),
  received {BIGINT} NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND size),
  sha256 TEXT,                                      -- when complete
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL,
  expires_at {BIGINT} NOT NULL,
  used_at {BIGINT}
) {STRICT};
CREATE INDEX upload_user ON upload (user_id);
CREATE INDEX upload_expiry ON upload (expires_at);

-- A client's write under its own id, with the answer it got: the same request again gets the same answer.
CREATE TABLE client_request (
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  request_key TEXT NOT NULL,
  status {BIGINT} NOT NULL,
  answer TEXT NOT NULL,
  created_at {BIGINT} NOT NULL,
  PRIMARY KEY (user_id, request_key)
) {STRICT};
CREATE INDEX client_request_age ON client_request (created_at);

CREATE TABLE student (
  id {SERIAL_KEY},
  last_name TEXT NOT NULL CHECK (last_name <> ''),
  first_name TEXT NOT NULL CHECK (first_name <> ''),
  date_naissance TEXT NOT NULL CHECK (date_naissance LIKE '____-__-__'),
  email TEXT CHECK (email <> ''),
  class_name {SORTED_TEXT} NOT NULL DEFAULT '',
  groupe TEXT NOT NULL DEFAULT '',
  sort_name {SORTED_TEXT} NOT NULL DEFAULT '',      -- last and first name folded: the order of lists, and the key of searches
  user_id {BIGINT} UNIQUE REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL,
  UNIQUE (last_name, first_name, date_naissance)
) {STRICT};
CREATE UNIQUE INDEX student_email ON student (lower(email));
CREATE INDEX student_by_name ON student (sort_name, id);
CREATE INDEX student_by_class ON student (class_name, sort_name, id);
CREATE INDEX student_by_birth ON student (date_naissance);

-- Exams -------------------------------------------------------------------------------------------------------------------

CREATE TABLE exam (
  id TEXT PRIMARY KEY,
  name {SORTED_TEXT} NOT NULL CHECK (name <> ''),
  subject {SORTED_TEXT} NOT NULL DEFAULT '',
  date TEXT NOT NULL CHECK (date LIKE '____-__-__'),
  upload_mode TEXT NOT NULL DEFAULT 'BATCH_A3' CHECK (upload_mode IN ('BATCH_A3', 'BATCH_A4', 'INDIVIDUAL_A4')),
  pages_per_booklet {BIGINT} NOT NULL DEFAULT 4 CHECK (pages_per_booklet BETWEEN 1 AND 64),
  grading_structure TEXT NOT NULL DEFAULT '[]',     -- JSON
  mark_step {BIGINT} NOT NULL DEFAULT 25 CHECK (mark_step > 0),
  status TEXT NOT NULL DEFAULT 'DRAFT' CHECK (status IN ('DRAFT', 'PROCESSING', 'READY', 'ERROR')),
  error_message TEXT,
  intake_report TEXT,                               -- JSON; null before the first batch
  options TEXT NOT NULL DEFAULT '{}',               -- JSON: how its batches are to be read
  copy_count {BIGINT} NOT NULL DEFAULT 0,           -- kept by triggers
  results_released_at {BIGINT},
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX exam_by_creation ON exam (created_at, id);
CREATE INDEX exam_by_date ON exam (date, id);
CREATE INDEX exam_by_name ON exam (name, id);
CREATE INDEX exam_by_subject ON exam (subject, id);
CREATE INDEX exam_by_status ON exam (status, created_at, id);
CREATE INDEX exam_creator ON exam (created_by, created_at, id);

CREATE TABLE exam_student (
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  student_id {BIGINT} NOT NULL REFERENCES student (id) ON DELETE CASCADE,
  position {BIGINT} NOT NULL,                       -- order of the roster
  numero_etudiant TEXT NOT NULL DEFAULT '',
  presence TEXT NOT NULL DEFAULT 'PRESENT' CHECK (presence IN ('PRESENT', 'ABSENT', 'EXCUSED', 'NOT_HANDED_IN')),
  PRIMARY KEY (exam_id, student_id)
) {STRICT};
CREATE INDEX exam_student_order ON exam_student (exam_id, position, student_id);
CREATE INDEX exam_student_student ON exam_student (student_id);

CREATE TABLE exam_corrector (
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  added_at {BIGINT} NOT NULL,
  PRIMARY KEY (exam_id, user_id)
) {STRICT};
CREATE INDEX exam_corrector_user ON exam_corrector (user_id, exam_id);

-- Every file that came in for an exam, never modified.
CREATE TABLE exam_pdf (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('SCAN', 'ANNEX', 'INDIVIDUAL', 'ROSTER')),
  file TEXT NOT NULL,
  original_name TEXT NOT NULL DEFAULT '',           -- for display only; never used as a path
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  size {BIGINT} NOT NULL CHECK (size >= 0),
  page_count {BIGINT} NOT NULL DEFAULT 0 CHECK (page_count >= 0),
  position {BIGINT} NOT NULL,
  student_identifier TEXT,
  uploaded_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  uploaded_at {BIGINT} NOT NULL,
  UNIQUE (exam_id, kind, sha256)
) {STRICT};
CREATE INDEX exam_pdf_order ON exam_pdf (exam_id, position, id);
CREATE INDEX exam_pdf_uploader ON exam_pdf (uploaded_by);

CREATE TABLE exam_document_set (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  version {BIGINT} NOT NULL CHECK (version >= 1),
  is_active {BIGINT} NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL,
  UNIQUE (exam_id, version)
) {STRICT};
CREATE UNIQUE INDEX exam_document_set_active ON exam_document_set (exam_id) WHERE is_active = 1;

CREATE TABLE exam_document (
  id TEXT PRIMARY KEY,
  document_set_id TEXT NOT NULL REFERENCES exam_document_set (id) ON DELETE CASCADE,
  doc_type TEXT NOT NULL CHECK (doc_type IN ('SUJET', 'CORRIGE', 'BAREME')),
  file TEXT NOT NULL,
  original_name TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  size {BIGINT} NOT NULL CHECK (size >= 0),
  page_count {BIGINT} NOT NULL DEFAULT 0,
  created_at {BIGINT} NOT NULL,
  UNIQUE (document_set_id, doc_type)
) {STRICT};
