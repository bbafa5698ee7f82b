/// A batch as tasks: process_pdf_batch opens the sources and waits for chunks of sides, learns and arranges, waits for
/// the headers' readings, solves the class, has the headers of copies in doubt read once more where further engines are
/// there, and solves it anew, waits for the copies' files, and lets the copies go to work.
///
/// Rows and files are the only state between its phases: whatever worker goes on finds everything there. A side, header
/// or copy that fails costs itself, never the batch.
#pragma once

#include "copies/workshop.h"
#include "jobs/worker.h"
#include "ocr/external_engines.h"
#include "storage/blobs.h"

namespace korrigo::copies {

struct BatchServices {
  storage::Blobs& blobs;
  Workshop& workshop;
  int threads = 2;                          // for the steps that one worker does for all
  ocr::ExternalEngines* engines = nullptr;  // asked about the headers of copies in doubt
};

/// Registers process_pdf_batch {exam_id, source_ids?; default: every scan without faces} and its children survey_sides,
/// read_headers and write_copies, and has the exam follow its batch: ERROR when it is given up for whatever reason,
/// PROCESSING when it is opened again. The services must outlive the pool.
void add_batch_kinds(jobs::Kinds& kinds, jobs::Queue& queue, BatchServices& services);

/// The topic on which an exam's processing is told: {"type": "progress", "stage", "current", "total", "percent"}, at
/// the end {"type": "processing_complete", "exam_id", "copies_created", "duration"} or {"type": "processing_failed",
/// "error"}.
std::string processing_topic(const ExamId& exam);
/// What somebody who begins to listen is told first.
std::string processing_state(storage::Transaction& transaction, const ExamId& exam);

}  // namespace korrigo::copies
