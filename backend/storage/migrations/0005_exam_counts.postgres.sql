-- Copies by state, identified copies and expected students of each exam, kept by triggers: lists cost the same however many
-- copies there are. A row of its own, so that counting a copy does not collide with whoever changes the exam. SQLite writes triggers
-- differently.
CREATE TABLE exam_counts (
  exam_id TEXT PRIMARY KEY REFERENCES exam (id) ON DELETE CASCADE,
  students {BIGINT} NOT NULL DEFAULT 0,
  identified {BIGINT} NOT NULL DEFAULT 0,
  staging {BIGINT} NOT NULL DEFAULT 0,
  ready {BIGINT} NOT NULL DEFAULT 0,
  locked {BIGINT} NOT NULL DEFAULT 0,
  graded {BIGINT} NOT NULL DEFAULT 0,
  quarantine {BIGINT} NOT NULL DEFAULT 0,
  grading_failed {BIGINT} NOT NULL DEFAULT 0
) {STRICT};
INSERT INTO exam_counts (exam_id, students, identified, staging, ready, locked, graded, quarantine, grading_failed)
  SELECT e.id, (SELECT count(*) FROM exam_student x WHERE x.exam_id = e.id), count(c.student_id),
    count(CASE c.status WHEN 'STAGING' THEN 1 END),
    count(CASE c.status WHEN 'READY' THEN 1 END),
    count(CASE c.status WHEN 'LOCKED' THEN 1 END),
    count(CASE c.status WHEN 'GRADED' THEN 1 END),
    count(CASE c.status WHEN 'QUARANTINE' THEN 1 END),
    count(CASE c.status WHEN 'GRADING_FAILED' THEN 1 END)
  FROM exam e LEFT JOIN copy c ON c.exam_id = e.id GROUP BY e.id;
-- What works on an exam, without the children of it.
CREATE INDEX task_of_exam ON task (exam_id, id) WHERE exam_id IS NOT NULL AND parent_id IS NULL;

CREATE FUNCTION exam_counts_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO exam_counts (exam_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER exam_counts_begin AFTER INSERT ON exam FOR EACH ROW EXECUTE FUNCTION exam_counts_begin();
CREATE FUNCTION exam_counts_new_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam_counts SET
    identified = identified + (CASE WHEN NEW.student_id IS NULL THEN 0 ELSE 1 END),
    staging = staging + (CASE NEW.status WHEN 'STAGING' THEN 1 ELSE 0 END),
    ready = ready + (CASE NEW.status WHEN 'READY' THEN 1 ELSE 0 END),
    locked = locked + (CASE NEW.status WHEN 'LOCKED' THEN 1 ELSE 0 END),
    graded = graded + (CASE NEW.status WHEN 'GRADED' THEN 1 ELSE 0 END),
    quarantine = quarantine + (CASE NEW.status WHEN 'QUARANTINE' THEN 1 ELSE 0 END),
    grading_failed = grading_failed + (CASE NEW.status WHEN 'GRADING_FAILED' THEN 1 ELSE 0 END)
  WHERE exam_id = NEW.exam_id;
  RETURN NULL;
END $$;
CREATE TRIGGER exam_counts_new_copy AFTER INSERT ON copy FOR EACH ROW EXECUTE FUNCTION exam_counts_new_copy();
CREATE FUNCTION exam_counts_changed_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam_counts SET
    identified = identified + (CASE WHEN NEW.student_id IS NULL THEN 0 ELSE 1 END) - (CASE WHEN OLD.student_id IS NULL THEN 0 ELSE 1 END),
    staging = staging + (CASE NEW.status WHEN 'STAGING' THEN 1 ELSE 0 END) - (CASE OLD.status WHEN 'STAGING' THEN 1 ELSE 0 END),
    ready = ready + (CASE NEW.status WHEN 'READY' THEN 1 ELSE 0 END) - (CASE OLD.status WHEN 'READY' THEN 1 ELSE 0 END),
    locked = locked + (CASE NEW.status WHEN 'LOCKED' THEN 1 ELSE 0 END) - (CASE OLD.status WHEN 'LOCKED' THEN 1 ELSE 0 END),
    graded = graded + (CASE NEW.status WHEN 'GRADED' THEN 1 ELSE 0 END) - (CASE OLD.status WHEN 'GRADED' THEN 1 ELSE 0 END),
    quarantine = quarantine + (CASE NEW.status WHEN 'QUARANTINE' THEN 1 ELSE 0 END) - (CASE OLD.status WHEN 'QUARANTINE' THEN 1 ELSE 0 END),
    grading_failed = grading_failed + (CASE NEW.status WHEN 'GRADING_FAILED' THEN 1 ELSE 0 END) - (CASE OLD.status WHEN 'GRADING_FAILED' THEN 1 ELSE 0 END)
  WHERE exam_id = NEW.exam_id;
  RETURN NULL;
END $$;
CREATE TRIGGER exam_counts_changed_copy AFTER UPDATE ON copy FOR EACH ROW
WHEN (OLD.status <> NEW.status OR (OLD.student_id IS NULL) <> (NEW.student_id IS NULL)) EXECUTE FUNCTION exam_counts_changed_copy();
CREATE FUNCTION exam_counts_deleted_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam_counts SET
    identified = identified - (CASE WHEN OLD.student_id IS NULL THEN 0 ELSE 1 END),
    staging = staging - (CASE OLD.status WHEN 'STAGING' THEN 1 ELSE 0 END),
    ready = ready - (CASE OLD.status WHEN 'READY' THEN 1 ELSE 0 END),
    locked = locked - (CASE OLD.status WHEN 'LOCKED' THEN 1 ELSE 0 END),
    graded = graded - (CASE OLD.status WHEN 'GRADED' THEN 1 ELSE 0 END),
    quarantine = quarantine - (CASE OLD.status WHEN 'QUARANTINE' THEN 1 ELSE 0 END),
    grading_failed = grading_failed - (CASE OLD.status WHEN 'GRADING_FAILED' THEN 1 ELSE 0 END)
  WHERE exam_id = OLD.exam_id;
  RETURN NULL;
END $$;
CREATE TRIGGER exam_counts_deleted_copy AFTER DELETE ON copy FOR EACH ROW EXECUTE FUNCTION exam_counts_deleted_copy();
CREATE FUNCTION exam_counts_new_student() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam_counts SET students = students + 1 WHERE exam_id = NEW.exam_id;
  RETURN NULL;
END $$;
CREATE TRIGGER exam_counts_new_student AFTER INSERT ON exam_student FOR EACH ROW EXECUTE FUNCTION exam_counts_new_student();
CREATE FUNCTION exam_counts_gone_student() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam_counts SET students = students - 1 WHERE exam_id = OLD.exam_id;
  RETURN NULL;
END $$;
CREATE TRIGGER exam_counts_gone_student AFTER DELETE ON exam_student FOR EACH ROW EXECUTE FUNCTION exam_counts_gone_student();
