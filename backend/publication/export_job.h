/// Files that the office takes away: tasks whose result names the file.
#pragma once

#include "jobs/queue.h"
#include "jobs/worker.h"
#include "storage/blobs.h"

namespace korrigo::publication {

enum class ExportKind { pdfs, csv, xlsx, pronote };

struct ExportOrder {
  ExamId exam;
  ExportKind kind = ExportKind::pdfs;
  std::int64_t coefficient = 10;  // tenths; for Pronote
  std::optional<UserId> user = {};
};

/// export_all: a ZIP of all final PDFs, after those that are missing have been made. export_results_csv,
/// export_results_xlsx, export_pronote: the marks.
jobs::NewTask export_task(const ExportOrder& order);

/// Registers them. What is referred to outlives the pool.
void add_export_kinds(jobs::Kinds& kinds, storage::Blobs& blobs);

}  // namespace korrigo::publication
