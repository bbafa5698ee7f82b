#include "exams/documents.h"

#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kSets{"document_set.of_exam", R"(
  SELECT id, version, is_active, created_by, created_at FROM exam_document_set WHERE exam_id = $1 ORDER BY version DESC)"};
constexpr Statement kDocuments{"document.of_exam", R"(
  SELECT d.id, d.doc_type, d.file, d.original_name, d.sha256, d.size, d.page_count, d.created_at, d.document_set_id
  FROM exam_document d JOIN exam_document_set s ON s.id = d.document_set_id WHERE s.exam_id = $1)"};
constexpr Statement kRetire{"document_set.retire", R"(
  UPDATE exam_document_set SET is_active = 0 WHERE exam_id = $1 AND is_active = 1)"};
constexpr Statement kActivate{"document_set.activate", "UPDATE exam_document_set SET is_active = 1 WHERE id = $1"};
constexpr Statement kAddSet{"document_set.add", R"(
  INSERT INTO exam_document_set (id, exam_id, version, is_active, created_by, created_at)
  VALUES ($1, $2, $3, 1, $4, $5))"};
constexpr Statement kAdd{"document.add", R"(
  INSERT INTO exam_document (id, document_set_id, doc_type, file, original_name, sha256, size, page_count, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))"};
constexpr Statement kMarks{"exam.is_corrector", R"(
  SELECT 1 FROM exam_corrector WHERE exam_id = $1 AND user_id = $2
  UNION ALL SELECT 1 FROM copy WHERE exam_id = $1 AND assigned_corrector_id = $2 LIMIT 1)"};

DocumentType type_named(std::string_view name) {
  for (const DocumentType type : kDocumentTypes)
    if (name_of(type) == name) return type;
  throw std::logic_error("a document of no type");
}

Document document_of(const Row& row) {
  return {row.get<DocumentId>(0),  type_named(row.get<std::string>(1)),
          row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<std::int64_t>(5),
          row.get<int>(6),         row.get<UtcTime>(7)};
}

/// Of the active set, those whose type is not among `given`.
std::vector<Document> kept_documents(const std::vector<DocumentSet>& sets, const std::vector<Document>& given) {
  std::vector<Document> kept;
  for (const DocumentSet& set : sets) {
    if (!set.is_active) continue;
    for (const Document& document : set.documents)
      if (std::none_of(given.begin(), given.end(), [&](const Document& other) { return other.type == document.type; }))
        kept.push_back(document);
  }
  return kept;
}

void write(Transaction& t, const DocumentSetId& set, const Document& document) {
  t.execute(kAdd, document.id, set, name_of(document.type), document.key, document.original_name, document.sha256,
            document.size, document.page_count, document.created_at);
}

}  // namespace

std::string_view name_of(DocumentType type) {
  constexpr std::array<std::string_view, 3> kNames = {"SUJET", "CORRIGE", "BAREME"};
  return kNames[static_cast<std::size_t>(type)];
}

Result<std::vector<DocumentSet>> document_sets_of(Transaction& transaction, const ExamId& exam) {
  if (auto found = find_exam(transaction, exam); !found) return tl::unexpected(found.error());
  std::vector<DocumentSet> sets;
  for (const Row& row : transaction.rows(kSets, exam))
    sets.push_back({row.get<DocumentSetId>(0), row.get<std::int64_t>(1), row.get<bool>(2),
                    row.get<std::optional<UserId>>(3), row.get<UtcTime>(4)});
  for (const Row& row : transaction.rows(kDocuments, exam))
    for (DocumentSet& set : sets)
      if (set.id == row.get<DocumentSetId>(8)) set.documents.push_back(document_of(row));
  for (DocumentSet& set : sets)
    std::sort(set.documents.begin(), set.documents.end(),
              [](const Document& a, const Document& b) { return a.type < b.type; });
  return sets;
}

Result<DocumentSet> add_document_set(Transaction& transaction, const ExamId& exam, std::vector<Document> documents,
                                     std::optional<UserId> by, UtcTime now) {
  store::touch(transaction, exam, now);
  const auto sets = document_sets_of(transaction, exam);
  if (!sets) return tl::unexpected(sets.error());
  DocumentSet set{.id = DocumentSetId(make_uuid_v7(now)), .created_by = by, .created_at = now};
  set.version = sets->empty() ? 1 : sets->front().version + 1;
  set.documents = std::move(documents);
  for (Document& kept : kept_documents(*sets, set.documents)) {
    kept.id = DocumentId(make_uuid_v7(now));
    set.documents.push_back(std::move(kept));
  }
  std::sort(set.documents.begin(), set.documents.end(),
            [](const Document& a, const Document& b) { return a.type < b.type; });
  transaction.execute(kRetire, exam);
  transaction.execute(kAddSet, set.id, exam, set.version, by, now);
  for (const Document& document : set.documents) write(transaction, set.id, document);
  return set;
}

Result<DocumentSet> activate_document_set(Transaction& transaction, const ExamId& exam, const DocumentSetId& id,
                                          UtcTime now) {
  store::touch(transaction, exam, now);
  auto sets = document_sets_of(transaction, exam);
  if (!sets) return tl::unexpected(sets.error());
  for (DocumentSet& set : *sets) {
    if (set.id != id) continue;
    transaction.execute(kRetire, exam);
    transaction.execute(kActivate, id);
    set.is_active = true;
    return std::move(set);
  }
  return refuse(ErrorKind::not_found, "document_set.not_found", "The exam has no such set of documents.");
}

Result<Document> find_document(Transaction& transaction, const ExamId& exam, const DocumentId& id, bool only_active) {
  const auto sets = document_sets_of(transaction, exam);
  if (!sets) return tl::unexpected(sets.error());
  for (const DocumentSet& set : *sets) {
    if (only_active && !set.is_active) continue;
    for (const Document& document : set.documents)
      if (document.id == id) return document;
  }
  return refuse(ErrorKind::not_found, "document.not_found", "The exam has no such document.");
}

bool marks_exam(Transaction& transaction, const ExamId& exam, UserId user) {
  return transaction.row(kMarks, exam, user).has_value();
}

}  // namespace korrigo::exams
