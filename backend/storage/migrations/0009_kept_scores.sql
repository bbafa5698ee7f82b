-- The scores of a marked copy in one row, for statistics: `graded_at` is the copy's when they were put together.
CREATE TABLE copy_scores (
  copy_id TEXT PRIMARY KEY REFERENCES copy (id) ON DELETE CASCADE,
  graded_at {BIGINT} NOT NULL,
  scores TEXT NOT NULL                              -- question, U+001F, points; U+001E between them
) {STRICT};

DROP TABLE exam_statistics;
DROP INDEX score_points;
