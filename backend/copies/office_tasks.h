/// Slow work that the office's operations ask for, as tasks.
#pragma once

#include <vector>

#include "copies/batch_job.h"
#include "jobs/task.h"

namespace korrigo::copies {

/// Registers rebuild_copy, cmen_ocr, ocr_copy_header, batch_ocr, solve_exam, import_pdf and detect_subject_variants.
/// The services must outlive the pool.
void add_office_kinds(jobs::Kinds& kinds, BatchServices& services);

/// Files of copies and pictures of faces in no copy, made anew from the rows.
struct RebuildOrder {
  ExamId exam;
  std::vector<CopyId> copies;
  std::vector<FaceId> faces;
};
/// It does not count as work on the exam: whatever changes a copy meanwhile orders a task of its own.
jobs::NewTask rebuild_task(const RebuildOrder& order, std::optional<UserId> user);

/// Reads the headers of a copy again (header_task.cpp); the result is HeaderOcrResult of the contract. With `links` an
/// AUTO answer identifies the copy when nobody has.
jobs::NewTask header_task(const ExamId& exam, const CopyId& copy, bool links, std::optional<UserId> user);

/// Solves the open identifications of an exam again, whose roster has changed. Links nothing by itself.
jobs::NewTask solve_task(const ExamId& exam);

}  // namespace korrigo::copies
