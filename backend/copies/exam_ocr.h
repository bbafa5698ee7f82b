/// Reads the headers of all copies of an exam that are nobody's yet.
#pragma once

#include "base/result.h"
#include "copies/office.h"
#include "jobs/worker.h"

namespace korrigo::copies {

struct ExamReading {
  TaskId task;              // its result: BatchOcrResult of the contract
  std::int64_t copies = 0;  // that it reads
};

/// A task of header_task() with links for every copy in STAGING or READY that has a booklet and no student. Refuses
/// with not_found "exam.not_found", conflict "exam.busy".
Result<ExamReading> read_exam_headers(const Office& office, const ExamId& exam);

/// Registers batch_ocr, which waits for those tasks.
void add_exam_ocr_kind(jobs::Kinds& kinds);

}  // namespace korrigo::copies
