/// Lists of copies.
#pragma once

#include <string>
#include <vector>

#include "copies/copy_views.h"

namespace korrigo::copies {

/// `exam`: the newest exam first, and within each by anonymous id; a page of it costs the same however far it is.
enum class CopyOrder { anonymous_id, exam, status, created_at, student, confidence };

struct CopyFilter {
  std::optional<ExamId> exam = {};
  std::optional<UserId> corrector = {};  // whose it is, or an exercise of it
  std::optional<std::string> status = {};
  std::optional<bool> is_identified = {};
  std::optional<std::string> ocr_mode = {};
  std::string search = {};
  /// The search also looks into students' names and the names of individual PDFs, and copies are shown with their
  /// student, decision and booklets. Otherwise, for correctors, nothing of who wrote a copy is read.
  bool for_office = false;
  CopyOrder order = CopyOrder::anonymous_id;
  bool descending = false;
  int page_size = 50;
  std::int64_t offset = 0;
};

struct CopyPage {
  std::vector<CopyView> copies;
  std::int64_t count = 0;  // over all pages
};

/// A fixed number of statements whatever is asked for; without filters the count is read from the exams.
CopyPage list_copies(storage::Transaction& transaction, const CopyFilter& filter);

struct UnidentifiedCopy {
  CopyView copy;
  std::optional<OcrView> ocr;
};
struct UnidentifiedPage {
  std::vector<UnidentifiedCopy> copies;
  std::int64_t count = 0;
};
/// Copies that are nobody's, the surest proposal first.
UnidentifiedPage list_unidentified(storage::Transaction& transaction, const ExamId& exam, int page_size,
                                   std::int64_t offset);
/// These, in this order, whoever they are of; those that are gone are left out.
std::vector<UnidentifiedCopy> with_readings(storage::Transaction& transaction, const std::vector<CopyId>& copies);

}  // namespace korrigo::copies
