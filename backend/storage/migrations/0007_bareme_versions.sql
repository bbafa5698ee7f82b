-- Every barème an exam ever had, so that a mark can be told by the one it was given under.
CREATE TABLE grading_structure_version (
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  version {BIGINT} NOT NULL CHECK (version >= 1),
  grading_structure TEXT NOT NULL,                  -- JSON
  mark_step {BIGINT} NOT NULL CHECK (mark_step > 0),
  created_by {BIGINT} REFERENCES "user" (id) ON DELETE SET NULL,
  created_at {BIGINT} NOT NULL,
  PRIMARY KEY (exam_id, version)
) {STRICT};
CREATE INDEX grading_structure_version_author ON grading_structure_version (created_by);
INSERT INTO grading_structure_version (exam_id, version, grading_structure, mark_step, created_by, created_at)
  SELECT id, 1, grading_structure, mark_step, created_by, created_at FROM exam;
