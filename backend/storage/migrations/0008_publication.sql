-- The final PDF as correctors may see it, and statistics as they were last computed.

ALTER TABLE copy ADD COLUMN masked_final_pdf_file TEXT;  -- void with final_pdf_file

-- Statistics read every score of an exam: from here alone.
CREATE INDEX score_points ON score (copy_id, question_id, points);

-- `basis` tells the state of the copies that `answer` was computed from.
CREATE TABLE exam_statistics (
  exam_id TEXT NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
  corrector_id {BIGINT} NOT NULL,                   -- whose lot; 0: all copies
  basis TEXT NOT NULL,
  answer TEXT NOT NULL,                             -- JSON
  PRIMARY KEY (exam_id, corrector_id)
) {STRICT};

DROP VIEW file_in_use;
CREATE VIEW file_in_use (file) AS
  SELECT file FROM exam_pdf
  UNION ALL SELECT file FROM exam_document
  UNION ALL SELECT header_file FROM booklet WHERE header_file IS NOT NULL
  UNION ALL SELECT pdf_file FROM copy WHERE pdf_file IS NOT NULL
  UNION ALL SELECT masked_pdf_file FROM copy WHERE masked_pdf_file IS NOT NULL
  UNION ALL SELECT final_pdf_file FROM copy WHERE final_pdf_file IS NOT NULL
  UNION ALL SELECT masked_final_pdf_file FROM copy WHERE masked_final_pdf_file IS NOT NULL
  UNION ALL SELECT preview_file FROM face WHERE preview_file IS NOT NULL
  UNION ALL SELECT thumbnail_file FROM face WHERE thumbnail_file IS NOT NULL
  UNION ALL SELECT masked_preview_file FROM face WHERE masked_preview_file IS NOT NULL
  UNION ALL SELECT masked_thumbnail_file FROM face WHERE masked_thumbnail_file IS NOT NULL
  UNION ALL SELECT header_file FROM face WHERE header_file IS NOT NULL;
