-- The list of all copies goes exam by exam, and says how many there are: both read from one index alone.
DROP INDEX exam_copy_count;
DROP INDEX exam_by_creation;
CREATE INDEX exam_by_creation ON exam (created_at, id, copy_count);
