/// The steps that the ways of receiving have in common.
#pragma once

#include <span>

#include "exams/receive.h"
#include "exams/stored_files.h"

namespace korrigo::exams {

/// Moves the PDFs into the blobs; their rows lack only the exam.
std::vector<Source> store_pdfs(StoredFiles&, std::span<const IncomingFile>, const std::vector<int>& pages, SourceKind,
                               UserId, UtcTime now);
Source store_roster(StoredFiles&, const IncomingFile&, UserId, UtcTime now);

/// The rows of those that the exam does not have yet, in order; the others are added to `refused`.
std::vector<Source> add_new_sources(storage::Transaction&, const ExamId&, const std::vector<Source>& arrived,
                                    std::vector<FileFault>& refused);

/// The rows of all of `arrived`, in order. Refuses as add_source(); `faults` gets every duplicate.
Result<std::vector<Source>> add_sources(storage::Transaction&, const ExamId&, const std::vector<Source>& arrived,
                                        Faults* faults);

/// The error of the first, with a sentence for each in its details; `faults` gets all of them.
Error refusal_of(std::vector<FileFault> refused, Faults* faults);

struct RosterPut {
  RosterChanges changes;
  std::vector<std::string> obsolete;  // keys of roster files that are no longer the exam's
};
/// receive_roster(), with its file in place of the one before.
Result<RosterPut> put_roster(storage::Transaction&, const ExamId&, const students::Roster&, Source file, UtcTime now,
                             Faults* faults);

/// Makes those who send files to one exam come one after the other. Refuses with "exam.not_found" or "exam.busy".
Result<void> open_for_files(storage::Transaction&, const ExamId&, UtcTime now);

/// Says in the audit log that the exam received these. Last in its transaction.
void note(const Intake&, storage::Transaction&, std::string action, const ExamId&, const std::vector<Source>&,
          UtcTime now);

/// Removes the files of those that got no row, after the commit.
void drop_unused(storage::Blobs&, const std::vector<Source>& arrived, const std::vector<Source>& used);

Error wrong_mode();  // malformed "exam.wrong_mode"

}  // namespace korrigo::exams
