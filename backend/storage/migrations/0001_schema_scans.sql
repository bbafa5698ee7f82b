-- What was scanned, how it was stapled, and whose it is. Ids that correctors can see (copy, face, booklet) are random.

-- A page of a source, as the scanner saw it; `look` is what the survey keeps of it until the batch is arranged.
CREATE TABLE side (
  exam_pdf_id TEXT NOT NULL REFERENCES exam_pdf (id) ON DELETE CASCADE,
  side {BIGINT} NOT NULL CHECK (side >= 0),         -- page of the source, from 0
  problem TEXT NOT NULL DEFAULT '',                 -- one sentence: unreadable, and without faces
  look {BLOB},
  surveyed_at {BIGINT} NOT NULL,
  PRIMARY KEY (exam_pdf_id, side)
) {STRICT};

CREATE TABLE booklet (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  position {BIGINT} NOT NULL,                       -- in scanner order
  start_page {BIGINT} NOT NULL CHECK (start_page >= 1),
  end_page {BIGINT} NOT NULL CHECK (end_page >= start_page),
  header_file TEXT,
  student_name_guess TEXT,
  overlong {BIGINT} NOT NULL DEFAULT 0 CHECK (overlong IN (0, 1)),  -- may hold pages of two students
  warnings TEXT NOT NULL DEFAULT '[]',              -- JSON
  created_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX booklet_order ON booklet (exam_id, position, id);

CREATE TABLE copy (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  student_id {BIGINT} REFERENCES student (id) ON DELETE SET NULL,
  anonymous_id {SORTED_TEXT} NOT NULL CHECK (anonymous_id <> ''),
  position {BIGINT} NOT NULL DEFAULT 0,             -- in scanner order; never shown to a corrector
  status TEXT NOT NULL DEFAULT 'STAGING'
    CHECK (status IN ('STAGING', 'READY', 'LOCKED', 'GRADED', 'QUARANTINE', 'GRADING_FAILED')),
  status_reason TEXT,                               -- why in quarantine, why the final PDF failed
  subject_variant TEXT CHECK (length(subject_variant) <= 8),
  global_appreciation TEXT NOT NULL DEFAULT '',
  page_count {BIGINT} NOT NULL DEFAULT 0 CHECK (page_count >= 0),
  warnings TEXT NOT NULL DEFAULT '[]',              -- JSON, for the office
  pdf_file TEXT,
  masked_pdf_file TEXT,
  final_pdf_file TEXT,
  total {BIGINT},                                   -- as published
  maximum {BIGINT},
  assigned_corrector_id {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  assigned_at {BIGINT},
  dispatch_run TEXT,
  validated_at {BIGINT},
  locked_at {BIGINT},
  locked_by_id {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  graded_at {BIGINT},
  version {BIGINT} NOT NULL DEFAULT 1,
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL,
  UNIQUE (exam_id, anonymous_id)
) {STRICT};
CREATE UNIQUE INDEX copy_of_student ON copy (exam_id, student_id) WHERE student_id IS NOT NULL;
CREATE INDEX copy_student ON copy (student_id, exam_id);
CREATE INDEX copy_order ON copy (exam_id, position, id);
CREATE INDEX copy_by_status ON copy (exam_id, status, anonymous_id);
CREATE INDEX copy_by_creation ON copy (created_at, id);
CREATE INDEX copy_by_anonymous_id ON copy (anonymous_id, id);
CREATE INDEX copy_all_by_status ON copy (status, created_at, id);
CREATE INDEX copy_by_corrector ON copy (assigned_corrector_id, exam_id, anonymous_id);
CREATE INDEX copy_corrector_status ON copy (assigned_corrector_id, status, anonymous_id);
CREATE INDEX copy_locker ON copy (locked_by_id);
CREATE INDEX copy_unidentified ON copy (exam_id, position, id) WHERE student_id IS NULL;

CREATE TABLE copy_booklet (
  copy_id TEXT NOT NULL REFERENCES copy (id) ON DELETE CASCADE,
  booklet_id TEXT NOT NULL REFERENCES booklet (id) ON DELETE CASCADE,
  position {BIGINT} NOT NULL,
  PRIMARY KEY (copy_id, booklet_id)
) {STRICT};
CREATE INDEX copy_booklet_booklet ON copy_booklet (booklet_id);

-- One A4 page. Which booklet it lies in and where is what was stapled; copy_id and page_index are where a reader of the
-- copy finds it.
CREATE TABLE face (
  id TEXT PRIMARY KEY,
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  exam_pdf_id TEXT NOT NULL REFERENCES exam_pdf (id) ON DELETE CASCADE,
  side {BIGINT} NOT NULL CHECK (side >= 0),         -- page of the source, from 0
  half TEXT NOT NULL DEFAULT 'full' CHECK (half IN ('full', 'left', 'right')),
  part_x {BIGINT} NOT NULL DEFAULT 0,               -- of the side at full resolution, pixels, as scanned
  part_y {BIGINT} NOT NULL DEFAULT 0,
  part_width {BIGINT} NOT NULL DEFAULT 0,
  part_height {BIGINT} NOT NULL DEFAULT 0,
  rotation {BIGINT} NOT NULL DEFAULT 0 CHECK (rotation IN (0, 90, 180, 270)),  -- degrees clockwise to stand upright
  skew_degrees {REAL} NOT NULL DEFAULT 0,           -- further clockwise turn that levels it
  is_blank {BIGINT} NOT NULL DEFAULT 0 CHECK (is_blank IN (0, 1)),
  has_header {BIGINT} NOT NULL DEFAULT 0 CHECK (has_header IN (0, 1)),
  header_score {REAL} NOT NULL DEFAULT 0,
  header_form {BIGINT} NOT NULL DEFAULT -1,
  header_x {REAL},                                  -- fractions of the upright face
  header_y {REAL},
  header_w {REAL},
  header_h {REAL},
  flags TEXT NOT NULL DEFAULT '[]',                 -- JSON
  preview_file TEXT,
  thumbnail_file TEXT,
  masked_preview_file TEXT,
  masked_thumbnail_file TEXT,
  header_file TEXT,
  booklet_id TEXT REFERENCES booklet (id) ON DELETE SET NULL,
  booklet_position {BIGINT},                        -- from 0
  copy_id TEXT REFERENCES copy (id) ON DELETE SET NULL,
  page_index {BIGINT} CHECK (page_index >= 0),      -- from 0
  unplaced_reason TEXT,                             -- one sentence, for a face in no booklet
  created_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX face_order ON face (exam_id, exam_pdf_id, side, half);
CREATE INDEX face_source ON face (exam_pdf_id, side);
CREATE INDEX face_booklet ON face (booklet_id, booklet_position);
CREATE INDEX face_copy ON face (copy_id, page_index);

-- Boxes the office added to what is masked; fractions of the upright face.
CREATE TABLE face_mask (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL REFERENCES face (id) ON DELETE CASCADE,
  x {REAL} NOT NULL CHECK (x >= 0),
  y {REAL} NOT NULL CHECK (y >= 0),
  w {REAL} NOT NULL CHECK (w > 0 AND x + w <= 1.000001),
  h {REAL} NOT NULL CHECK (h > 0 AND y + h <= 1.000001),
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX face_mask_face ON face_mask (face_id);

-- What one engine read of one header; kept so that a changed roster can be solved again without reading again.
CREATE TABLE header_reading (
  face_id TEXT NOT NULL REFERENCES face (id) ON DELETE CASCADE,
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL DEFAULT '',
  reading TEXT NOT NULL,                            -- JSON
  created_at {BIGINT} NOT NULL,
  PRIMARY KEY (face_id, engine)
) {STRICT};

-- What an engine reads of a picture does not change.
CREATE TABLE ocr_cache (
  picture_sha256 TEXT NOT NULL CHECK (length(picture_sha256) = 64),
  engine TEXT NOT NULL,                             -- with its version and options
  answer TEXT NOT NULL,                             -- JSON
  used_at {BIGINT} NOT NULL,
  PRIMARY KEY (picture_sha256, engine)
) {STRICT};
CREATE INDEX ocr_cache_age ON ocr_cache (used_at);

CREATE TABLE ocr_result (
  id TEXT PRIMARY KEY,
  copy_id TEXT NOT NULL UNIQUE REFERENCES copy (id) ON DELETE CASCADE,
  detected_text TEXT NOT NULL DEFAULT '',
  confidence {REAL} NOT NULL DEFAULT 0 CHECK (confidence BETWEEN 0 AND 1),
  ocr_mode TEXT NOT NULL CHECK (ocr_mode IN ('AUTO', 'SEMI_AUTO', 'MANUAL')),
  candidates TEXT NOT NULL DEFAULT '[]',            -- JSON: at most five, with their evidence
  engines TEXT NOT NULL DEFAULT '[]',               -- JSON: names and versions
  warnings TEXT NOT NULL DEFAULT '[]',              -- JSON
  selected_rank {BIGINT} CHECK (selected_rank >= 1),
  manual_override {BIGINT} NOT NULL DEFAULT 0 CHECK (manual_override IN (0, 1)),
  decided_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  decided_at {BIGINT},
  created_at {BIGINT} NOT NULL,
  updated_at {BIGINT} NOT NULL
) {STRICT};
CREATE INDEX ocr_result_decider ON ocr_result (decided_by);

-- Steps of stapling and identification that their author can take back, with what there was before.
CREATE TABLE undo_step (
  id {SERIAL_KEY},
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  user_id {BIGINT} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
  action TEXT NOT NULL,
  before TEXT NOT NULL,                             -- JSON
  done_at {BIGINT} NOT NULL,
  undone_at {BIGINT}
) {STRICT};
CREATE INDEX undo_step_latest ON undo_step (exam_id, user_id, id) WHERE undone_at IS NULL;
CREATE INDEX undo_step_user ON undo_step (user_id);
