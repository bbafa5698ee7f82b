/// How an exam's row is read, shared by the files that ask for it.
#pragma once

#include "exams/exam.h"

#define KORRIGO_EXAM_SELECT                                                                                      \
  "SELECT e.id, e.name, e.subject, e.date, e.upload_mode, e.pages_per_booklet, e.grading_structure, e.options, " \
  "e.status, e.error_message, CASE WHEN e.intake_report IS NULL THEN 0 ELSE 1 END, e.results_released_at, "      \
  "e.created_by, e.created_at, e.mark_step, e.error_code FROM exam e "

namespace korrigo::exams::store {

Exam exam_of(const storage::Row& row);

}  // namespace korrigo::exams::store
