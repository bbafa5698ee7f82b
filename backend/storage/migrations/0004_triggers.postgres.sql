-- Journals that nobody rewrites, and the number of copies of an exam. SQLite writes triggers differently.

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

-- Its copy is gone already when the deletion of the copy takes the events along.
CREATE FUNCTION refuse_event_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM copy WHERE id = OLD.copy_id) THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER grading_event_no_update BEFORE UPDATE ON grading_event FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER grading_event_no_delete BEFORE DELETE ON grading_event FOR EACH ROW EXECUTE FUNCTION refuse_event_deletion();
CREATE TRIGGER grading_event_no_truncate BEFORE TRUNCATE ON grading_event EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_log_no_rewriting BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER archived_event_no_rewriting BEFORE UPDATE OR DELETE ON archived_event
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER archived_event_no_truncate BEFORE TRUNCATE ON archived_event EXECUTE FUNCTION refuse_rewriting();

-- Once per statement: a batch inserts its copies together.
CREATE FUNCTION count_new_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam SET copy_count = copy_count + added.number
  FROM (SELECT exam_id, count(*) AS number FROM added_copy GROUP BY exam_id) AS added WHERE exam.id = added.exam_id;
  RETURN NULL;
END $$;
CREATE FUNCTION count_deleted_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exam SET copy_count = copy_count - removed.number
  FROM (SELECT exam_id, count(*) AS number FROM removed_copy GROUP BY exam_id) AS removed WHERE exam.id = removed.exam_id;
  RETURN NULL;
END $$;
CREATE TRIGGER copy_counted AFTER INSERT ON copy REFERENCING NEW TABLE AS added_copy
  FOR EACH STATEMENT EXECUTE FUNCTION count_new_copies();
CREATE TRIGGER copy_discounted AFTER DELETE ON copy REFERENCING OLD TABLE AS removed_copy
  FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_copies();
