/// Subject, model answer and printed barème of an exam, in versions: what correctors have beside the copy.
#pragma once

#include "exams/exam.h"

namespace korrigo::exams {

using DocumentId = UuidOf<struct DocumentTag>;
using DocumentSetId = UuidOf<struct DocumentSetTag>;

enum class DocumentType { subject, model_answer, bareme };
std::string_view name_of(DocumentType type);  // "SUJET", "CORRIGE", "BAREME"
inline constexpr std::array kDocumentTypes = {DocumentType::subject, DocumentType::model_answer, DocumentType::bareme};

struct Document {
  DocumentId id = {};
  DocumentType type = DocumentType::subject;
  std::string key = {};            // of its bytes in the blobs
  std::string original_name = {};  // for display only; never used as a path
  std::string sha256 = {};
  std::int64_t size = 0;
  int page_count = 0;
  UtcTime created_at{};
};

struct DocumentSet {
  DocumentSetId id;
  std::int64_t version = 1;  // 1, 2, 3, ...
  bool is_active = true;
  std::optional<UserId> created_by;
  UtcTime created_at{};
  std::vector<Document> documents = {};  // at most one of each type
};

/// The latest first. Refuses with not_found "exam.not_found".
Result<std::vector<DocumentSet>> document_sets_of(storage::Transaction&, const ExamId&);

/// The next version, active from now on: `documents`, and of the set that was active those of other types. Refuses with
/// not_found "exam.not_found".
Result<DocumentSet> add_document_set(storage::Transaction&, const ExamId&, std::vector<Document> documents,
                                     std::optional<UserId> by, UtcTime now);

/// The one that correctors see; the others stay. Refuses with not_found "exam.not_found", "document_set.not_found".
Result<DocumentSet> activate_document_set(storage::Transaction&, const ExamId&, const DocumentSetId&, UtcTime now);

/// Refuses with not_found "document.not_found"; also for those of sets that are not active, with `only_active`.
Result<Document> find_document(storage::Transaction&, const ExamId&, const DocumentId&, bool only_active);

/// Whether the user is one of its correctors, or has copies of it.
bool marks_exam(storage::Transaction&, const ExamId&, UserId);

}  // namespace korrigo::exams
