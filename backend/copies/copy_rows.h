/// How a copy's row is read, shared by the files that ask for it. Internal to this module.
#pragma once

#include "copies/copy_views.h"

// The columns of copy_of_row(), from copy, exam, and the student and decision that may be there. Only PDFs of single
// copies have a student's identifier.
#define KORRIGO_COPY_COLUMNS                                                                           \
  KORRIGO_COPY_FIRST                                                                                   \
  "student.id, student.last_name, student.first_name, student.date_naissance, student.email, "         \
  "student.class_name, ocr_result.ocr_mode, ocr_result.confidence, CASE WHEN exam.upload_mode = "      \
  "'INDIVIDUAL_A4' THEN (SELECT exam_pdf.student_identifier FROM face JOIN exam_pdf ON exam_pdf.id = " \
  "face.exam_pdf_id WHERE face.copy_id = copy.id AND face.page_index = 0) END, " KORRIGO_COPY_LAST
// The same without a look at who wrote it, from copy and exam.
#define KORRIGO_COPY_COLUMNS_FOR_CORRECTORS \
  KORRIGO_COPY_FIRST "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, " KORRIGO_COPY_LAST
#define KORRIGO_COPY_FIRST "copy.id, copy.exam_id, copy.anonymous_id, copy.status, copy.status_reason, "
#define KORRIGO_COPY_LAST                                                                              \
  "copy.assigned_corrector_id, copy.assigned_at, copy.dispatch_run, copy.subject_variant, "            \
  "copy.global_appreciation, copy.page_count, copy.warnings, copy.pdf_file, copy.masked_pdf_file, "    \
  "copy.created_at, copy.validated_at, copy.locked_at, copy.graded_at, copy.locked_by_id, exam.name, " \
  "exam.subject, exam.date "
#define KORRIGO_COPY_FROM                                                                                           \
  "FROM copy LEFT JOIN exam ON exam.id = copy.exam_id LEFT JOIN student ON student.id = copy.student_id LEFT JOIN " \
  "ocr_result ON ocr_result.copy_id = copy.id "

namespace korrigo::copies {

CopyView copy_of_row(const storage::Row& row);
/// Booklets, headers, and who marks single exercises of these copies, in two statements.
void add_parts(storage::Transaction& transaction, std::vector<CopyView>& copies);
/// Only the last.
void add_exercise_correctors(storage::Transaction& transaction, std::vector<CopyView>& copies);

/// The decisions of these copies with their students, in two statements.
std::map<CopyId, OcrView> ocr_of_copies(storage::Transaction& transaction, const std::vector<CopyId>& copies);

/// Ids as a JSON array, for statements that join with one.
std::string json_ids(const std::vector<CopyId>& copies);

}  // namespace korrigo::copies
