#include "grading/annotation.h"

#include "copies/copy_state.h"
#include "exams/marks.h"
#include "grading/annotation_rules.h"

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::string_view, 6> kTypes = {"COMMENT", "HIGHLIGHT", "ERROR", "BONUS", "INK", "STAMP"};

// A face that is in no copy any more still has its annotations, on no page.
#define KORRIGO_ANNOTATION_SELECT                                                                                    \
  "SELECT a.id, a.copy_id, a.face_id, coalesce(f.page_index, 0), a.x, a.y, a.w, a.h, a.type, a.content, "            \
  "a.score_delta, a.question_id, a.version, a.created_by, a.created_at, a.updated_at FROM annotation a JOIN face f " \
  "ON f.id = a.face_id "
constexpr Statement kFind{"annotation.find", KORRIGO_ANNOTATION_SELECT "WHERE a.id = $1"};
constexpr Statement kList{"annotation.list", KORRIGO_ANNOTATION_SELECT
                          "WHERE a.copy_id = $1 ORDER BY f.page_index, a.created_at, a.id LIMIT $2 OFFSET $3"};
#undef KORRIGO_ANNOTATION_SELECT
constexpr Statement kCount{"annotation.count", "SELECT count(*) FROM annotation WHERE copy_id = $1"};
constexpr Statement kFace{"annotation.face", "SELECT id FROM face WHERE copy_id = $1 AND page_index = $2"};
constexpr Statement kInsert{"annotation.insert", R"(
  INSERT INTO annotation (id, copy_id, face_id, x, y, w, h, type, content, score_delta, question_id, created_by,
    created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) ON CONFLICT (id) DO NOTHING)"};
constexpr Statement kUpdate{"annotation.update", R"(
  UPDATE annotation SET x = $2, y = $3, w = $4, h = $5, type = $6, content = $7, score_delta = $8, question_id = $9,
    version = version + 1, updated_at = $10
  WHERE id = $1)"};
constexpr Statement kDelete{"annotation.delete", "DELETE FROM annotation WHERE id = $1"};
constexpr Statement kDeltas{"annotation.deltas", R"(
  SELECT question_id, score_delta FROM annotation WHERE copy_id = $1 AND score_delta IS NOT NULL)"};

Annotation annotation_of(const Row& row) {
  Annotation annotation;
  annotation.id = row.get<AnnotationId>(0);
  annotation.copy = row.get<CopyId>(1);
  annotation.face = row.get<FaceId>(2);
  annotation.page_index = row.get<int>(3);
  annotation.box = {row.get<double>(4), row.get<double>(5), row.get<double>(6), row.get<double>(7)};
  annotation.type = annotation_type_named(row.get<std::string>(8)).value();
  annotation.content = row.get<std::string>(9);
  annotation.score_delta = row.get<std::optional<std::int64_t>>(10);
  annotation.question_id = row.get<std::optional<std::string>>(11);
  annotation.version = row.get<std::int64_t>(12);
  annotation.created_by = row.get<UserId>(13);
  annotation.created_at = row.get<UtcTime>(14);
  annotation.updated_at = row.get<UtcTime>(15);
  return annotation;
}

void note(Transaction& t, const Desk& desk, std::string_view action, const AnnotationId& id) {
  copies::record_event(t, desk.copy, action, desk.user, {{"annotation_id", id.text()}}, desk.now);
}

tl::unexpected<Error> no_such_annotation() {
  return refuse(ErrorKind::not_found, "annotation.not_found", "There is no such annotation.");
}

/// The annotation of this copy, which the desk may change and which is as the client has seen it.
Result<Annotation> own(Transaction& t, const Desk& desk, const AnnotationId& id, std::optional<std::int64_t> version) {
  auto annotation = find_annotation(t, id);
  if (!annotation) return annotation;
  if (annotation->copy != desk.copy) return no_such_annotation();
  if (!desk.is_head && annotation->created_by != desk.user)
    return refuse(ErrorKind::forbidden, "annotation.foreign", "This annotation is another corrector's.");
  if (annotation->question_id)
    if (auto within = require_question(desk, *annotation->question_id);
        !within && within.error().kind == ErrorKind::forbidden)
      return tl::unexpected(within.error());
  if (version && *version != annotation->version)
    return refuse(ErrorKind::conflict, "annotation.stale", "The annotation has been changed since.");
  return annotation;
}

}  // namespace

std::string_view name_of(AnnotationType type) {
  return kTypes.at(static_cast<std::size_t>(type));
}

std::optional<AnnotationType> annotation_type_named(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<AnnotationType>(found - kTypes.begin());
}

Result<Annotation> find_annotation(Transaction& transaction, const AnnotationId& id) {
  const auto row = transaction.row(kFind, id);
  if (!row) return no_such_annotation();
  return annotation_of(*row);
}

AnnotationPage list_annotations(Transaction& transaction, const CopyId& copy, int page_size, std::int64_t offset) {
  AnnotationPage page;
  for (const Row& row : transaction.rows(kList, copy, page_size, offset))
    page.annotations.push_back(annotation_of(row));
  page.count = transaction.row(kCount, copy)->get<std::int64_t>(0);
  return page;
}

std::vector<exams::Delta> deltas_of(Transaction& transaction, const CopyId& copy) {
  std::vector<exams::Delta> deltas;
  for (const Row& row : transaction.rows(kDeltas, copy))
    deltas.push_back({row.get<std::optional<std::string>>(0), row.get<std::int64_t>(1)});
  return deltas;
}

Result<Annotation> create_annotation(Transaction& transaction, const Desk& desk, const NewAnnotation& fields) {
  if (auto checked = check_annotation(desk, fields); !checked) return tl::unexpected(checked.error());
  const auto face = transaction.row(kFace, desk.copy, fields.page_index);
  if (!face) {
    Error error{ErrorKind::malformed, "annotation.page", "The copy has no such page."};
    error.field = "page_index";
    return tl::unexpected(std::move(error));
  }
  const AnnotationId id = fields.id.value_or(AnnotationId(make_uuid_v4()));
  const auto& [x, y, w, h] = fields.box;
  if (transaction.execute(kInsert, id, desk.copy, face->get<FaceId>(0), x, y, w, h, name_of(fields.type),
                          fields.content, fields.score_delta, fields.question_id, desk.user, desk.now) == 0)
    return refuse(ErrorKind::conflict, "annotation.exists", "There is an annotation of this id.");
  note(transaction, desk, "CREATE_ANN", id);
  return find_annotation(transaction, id);
}

Result<Annotation> change_annotation(Transaction& transaction, const Desk& desk, const AnnotationId& id,
                                     const AnnotationChange& change) {
  auto annotation = own(transaction, desk, id, change.version);
  if (!annotation) return annotation;
  AnnotationFields fields = *annotation;
  if (change.box) fields.box = *change.box;
  if (change.type) fields.type = *change.type;
  if (change.content) fields.content = *change.content;
  if (change.score_delta) fields.score_delta = *change.score_delta;
  if (change.question_id) fields.question_id = *change.question_id;
  if (auto checked = check_annotation(desk, fields); !checked) return tl::unexpected(checked.error());
  const auto& [x, y, w, h] = fields.box;
  transaction.execute(kUpdate, id, x, y, w, h, name_of(fields.type), fields.content, fields.score_delta,
                      fields.question_id, desk.now);
  note(transaction, desk, "UPDATE_ANN", id);
  return find_annotation(transaction, id);
}

Result<void> delete_annotation(Transaction& transaction, const Desk& desk, const AnnotationId& id,
                               std::optional<std::int64_t> version) {
  if (auto annotation = own(transaction, desk, id, version); !annotation) return tl::unexpected(annotation.error());
  transaction.execute(kDelete, id);
  note(transaction, desk, "DELETE_ANN", id);
  return {};
}

}  // namespace korrigo::grading
