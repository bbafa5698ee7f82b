-- Journals that nobody rewrites, and the number of copies of an exam. PostgreSQL writes triggers differently.

CREATE TRIGGER grading_event_no_update BEFORE UPDATE ON grading_event
BEGIN SELECT RAISE(ABORT, 'grading_event is append-only'); END;
-- Its copy is gone already when the deletion of the copy takes the events along.
CREATE TRIGGER grading_event_no_delete BEFORE DELETE ON grading_event
WHEN EXISTS (SELECT 1 FROM copy WHERE id = OLD.copy_id)
BEGIN SELECT RAISE(ABORT, 'grading_event is append-only'); END;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

CREATE TRIGGER archived_event_no_update BEFORE UPDATE ON archived_event
BEGIN SELECT RAISE(ABORT, 'archived_event is append-only'); END;
CREATE TRIGGER archived_event_no_delete BEFORE DELETE ON archived_event
BEGIN SELECT RAISE(ABORT, 'archived_event is append-only'); END;

CREATE TRIGGER copy_counted AFTER INSERT ON copy
BEGIN UPDATE exam SET copy_count = copy_count + 1 WHERE id = NEW.exam_id; END;
CREATE TRIGGER copy_discounted AFTER DELETE ON copy
BEGIN UPDATE exam SET copy_count = copy_count - 1 WHERE id = OLD.exam_id; END;
