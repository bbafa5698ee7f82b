#include "copies/undo_step.h"

#include <boost/json.hpp>

#include "copies/copy_state.h"
#include "copies/face_turning.h"
#include "copies/row_keeper.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kTaken{"undo.taken", R"(
  SELECT id FROM copy WHERE exam_id = $1 AND (anonymous_id = $2 OR student_id = CAST($3 AS BIGINT)))"};
constexpr Statement kStudent{"undo.student", "SELECT 1 FROM student WHERE id = $1"};
constexpr Statement kNobody{"undo.nobody", "UPDATE copy SET student_id = NULL WHERE id = $1"};
constexpr Statement kBooklet{"undo.booklet", R"(
  UPDATE booklet SET header_file = $2, student_name_guess = $3, overlong = $4, warnings = $5 WHERE id = $1)"};
constexpr Statement kCopy{"undo.copy", R"(
  UPDATE copy SET student_id = $2, page_count = $3, warnings = $4, status_reason = $5 WHERE id = $1)"};
constexpr Statement kCopyThere{"undo.copy_there", "SELECT 1 FROM copy WHERE id = $1"};
constexpr Statement kForgetBooklets{"undo.forget_booklets", "DELETE FROM copy_booklet WHERE copy_id = $1"};
constexpr Statement kForgetDecision{"undo.forget_decision", "DELETE FROM ocr_result WHERE copy_id = $1"};
constexpr Statement kFace{"undo.face", R"(
  UPDATE face SET booklet_id = $2, booklet_position = $3, copy_id = $4, page_index = $5, unplaced_reason = $6
  WHERE id = $1)"};
constexpr Statement kRemoveBooklet{"undo.remove_booklet", "DELETE FROM booklet WHERE id = $1"};
constexpr Statement kFaceStands{"undo.face_stands", R"(
  SELECT coalesce(booklet_id, ''), coalesce(booklet_position, -1), coalesce(copy_id, ''), coalesce(page_index, -1),
    rotation FROM face WHERE id = $1)"};
constexpr Statement kCopyStands{"undo.copy_stands", R"(
  SELECT status, coalesce(student_id, 0), coalesce(assigned_corrector_id, 0),
    (SELECT count(*) FROM annotation WHERE copy_id = copy.id) + (SELECT count(*) FROM score WHERE copy_id = copy.id),
    page_count
  FROM copy WHERE id = $1)"};
constexpr Statement kBookletsOfCopy{"undo.booklets_of_copy",
                                    "SELECT booklet_id FROM copy_booklet WHERE copy_id = $1 ORDER BY position"};
constexpr Statement kBookletStands{"undo.booklet_stands", R"(
  SELECT coalesce((SELECT copy_id FROM copy_booklet WHERE booklet_id = booklet.id), '') FROM booklet WHERE id = $1)"};
constexpr Statement kPut{"undo.put", R"(
  INSERT INTO undo_step (exam_id, user_id, action, before, done_at) VALUES ($1, $2, $3, $4, $5) RETURNING id)"};
constexpr Statement kLast{"undo.last", R"(
  SELECT id, action, before FROM undo_step WHERE exam_id = $1 AND user_id = $2 AND undone_at IS NULL
  ORDER BY id DESC LIMIT 1)"};
constexpr Statement kFind{"undo.find", "SELECT id, action, before FROM undo_step WHERE id = $1 AND undone_at IS NULL"};
constexpr Statement kRewrite{"undo.rewrite", "UPDATE undo_step SET before = $2 WHERE id = $1"};
constexpr Statement kUndone{"undo.undone", "UPDATE undo_step SET undone_at = $2 WHERE id = $1"};

const RowKeeper& booklets() {
  static const RowKeeper keeper("booklet", "id",
                                {"id", "exam_id", "position", "start_page", "end_page", "header_file",
                                 "student_name_guess", "overlong", "warnings", "created_at"});
  return keeper;
}

// Without its files, which are made anew.
const RowKeeper& copies() {
  static const RowKeeper keeper("copy", "id",
                                {"id",
                                 "exam_id",
                                 "student_id",
                                 "anonymous_id",
                                 "position",
                                 "status",
                                 "status_reason",
                                 "subject_variant",
                                 "global_appreciation",
                                 "page_count",
                                 "warnings",
                                 "assigned_corrector_id",
                                 "assigned_at",
                                 "dispatch_run",
                                 "validated_at",
                                 "locked_at",
                                 "locked_by_id",
                                 "graded_at",
                                 "version",
                                 "created_at",
                                 "updated_at"});
  return keeper;
}

const RowKeeper& copy_booklets() {
  static const RowKeeper keeper("copy_booklet", "copy_id", {"copy_id", "booklet_id", "position"});
  return keeper;
}

const RowKeeper& decisions() {
  static const RowKeeper keeper(
      "ocr_result", "copy_id",
      {"id", "copy_id", "detected_text", "confidence", "ocr_mode", "candidates", "engines", "warnings", "selected_rank",
       "manual_override", "decided_by", "decided_at", "created_at", "updated_at"});
  return keeper;
}

const RowKeeper& events() {
  static const RowKeeper keeper("grading_event", "copy_id",
                                {"id", "copy_id", "action", "actor_id", "metadata", "created_at"});
  return keeper;
}

const RowKeeper& faces() {
  static const RowKeeper keeper(
      "face", "id", {"id", "booklet_id", "booklet_position", "copy_id", "page_index", "unplaced_reason", "rotation"});
  return keeper;
}

void append(json::array& all, json::array rows) {
  for (json::value& row : rows) all.push_back(std::move(row));
}

std::string text_at(const json::object& row, std::string_view name) {
  return std::string(row.at(name).as_string());
}

template <class Id>
std::set<Id> ids_in(const json::object& object, std::string_view name) {
  std::set<Id> ids;
  for (const json::value& id : object.at(name).as_array()) ids.emplace(std::string(id.as_string()));
  return ids;
}

template <class Id>
json::array texts_of(const std::set<Id>& ids) {
  json::array texts;
  for (const Id& id : ids) texts.emplace_back(id.text());
  return texts;
}

json::object json_of(const StepRows& rows) {
  return {{"booklets", texts_of(rows.booklets)}, {"copies", texts_of(rows.copies)}, {"faces", texts_of(rows.faces)}};
}

std::set<std::string> kept_ids(const json::object& kept, std::string_view table) {
  std::set<std::string> ids;
  for (const json::value& row : kept.at(table).as_array()) ids.insert(text_at(row.as_object(), "id"));
  return ids;
}

// What a copy had may be another's by now.
bool is_free(Transaction& transaction, const json::object& copy, const std::set<CopyId>& own) {
  for (const Row& row : transaction.rows(kTaken, text_at(copy, "exam_id"), text_at(copy, "anonymous_id"),
                                         value_of(copy.at("student_id"))))
    if (!own.contains(row.get<CopyId>(0))) return false;
  return copy.at("student_id").is_null() || transaction.row(kStudent, copy.at("student_id").as_int64()).has_value();
}

void bring_copy_back(Transaction& transaction, const json::object& copy, UtcTime now) {
  const CopyId id(text_at(copy, "id"));
  if (transaction.row(kCopyThere, id)) {
    transaction.execute(kCopy, id, value_of(copy.at("student_id")), value_of(copy.at("page_count")),
                        value_of(copy.at("warnings")), value_of(copy.at("status_reason")));
    std::optional<UtcTime> validated;
    if (copy.at("validated_at").is_int64())
      validated = UtcTime(std::chrono::milliseconds(copy.at("validated_at").as_int64()));
    return_to(transaction, id, text_at(copy, "status"), validated, now);
  } else {
    copies().insert(transaction, copy);
  }
  transaction.execute(kForgetBooklets, id);
  transaction.execute(kForgetDecision, id);
}

void bring_rows_back(Transaction& transaction, const json::object& kept) {
  for (const json::value& row : kept.at("copy_booklets").as_array())
    copy_booklets().insert(transaction, row.as_object());
  for (const json::value& row : kept.at("decisions").as_array()) decisions().insert(transaction, row.as_object());
  for (const json::value& row : kept.at("events").as_array()) events().insert(transaction, row.as_object());
  for (const json::value& value : kept.at("faces").as_array()) {
    const json::object& face = value.as_object();
    transaction.execute(kFace, value_of(face.at("id")), value_of(face.at("booklet_id")),
                        value_of(face.at("booklet_position")), value_of(face.at("copy_id")),
                        value_of(face.at("page_index")), value_of(face.at("unplaced_reason")));
    turn_face(transaction, FaceId(text_at(face, "id")), face.at("rotation").to_number<int>());
  }
}

StoredStep step_of(const Row& row) {
  const json::object stored = json::parse(row.get<std::string>(2)).as_object();
  StoredStep step;
  step.id = row.get<std::int64_t>(0);
  step.action = row.get<std::string>(1);
  const json::object& rows = stored.at("rows").as_object();
  step.rows = {ids_in<BookletId>(rows, "booklets"), ids_in<CopyId>(rows, "copies"), ids_in<FaceId>(rows, "faces")};
  step.before = stored.at("kept").as_object();
  step.after = text_at(stored, "after");
  return step;
}

std::string json_of(const StepRows& rows, const json::object& kept, const std::string& after) {
  return json::serialize(json::object{{"rows", json_of(rows)}, {"kept", kept}, {"after", after}});
}

}  // namespace

json::object kept_rows(Transaction& transaction, const StepRows& rows) {
  json::array kept_booklets, kept_copies, kept_copy_booklets, kept_decisions, kept_events, kept_faces;
  for (const BookletId& id : rows.booklets) append(kept_booklets, booklets().read(transaction, id.text()));
  for (const CopyId& id : rows.copies) {
    append(kept_copies, copies().read(transaction, id.text()));
    append(kept_copy_booklets, copy_booklets().read(transaction, id.text()));
    append(kept_decisions, decisions().read(transaction, id.text()));
    append(kept_events, events().read(transaction, id.text()));
  }
  for (const FaceId& id : rows.faces) append(kept_faces, faces().read(transaction, id.text()));
  return {{"booklets", std::move(kept_booklets)},
          {"copies", std::move(kept_copies)},
          {"copy_booklets", std::move(kept_copy_booklets)},
          {"decisions", std::move(kept_decisions)},
          {"events", std::move(kept_events)},
          {"faces", std::move(kept_faces)}};
}

bool bring_back(Transaction& transaction, const StepRows& rows, const json::object& kept, UserId actor, UtcTime now) {
  for (const json::value& copy : kept.at("copies").as_array())
    if (!is_free(transaction, copy.as_object(), rows.copies)) return false;
  const std::set<std::string> old_copies = kept_ids(kept, "copies"), old_booklets = kept_ids(kept, "booklets");
  for (const CopyId& id : rows.copies) {
    if (old_copies.contains(id.text()))
      transaction.execute(kNobody, id);  // students may have to change places
    else
      remove_copy(transaction, id, now);
  }
  for (const json::value& value : kept.at("booklets").as_array()) {
    const json::object& booklet = value.as_object();
    booklets().insert(transaction, booklet);
    transaction.execute(kBooklet, value_of(booklet.at("id")), value_of(booklet.at("header_file")),
                        value_of(booklet.at("student_name_guess")), value_of(booklet.at("overlong")),
                        value_of(booklet.at("warnings")));
  }
  for (const json::value& copy : kept.at("copies").as_array()) bring_copy_back(transaction, copy.as_object(), now);
  bring_rows_back(transaction, kept);
  for (const std::string& id : old_copies) record_event(transaction, CopyId(id), "UNDO", actor, {}, now);
  for (const BookletId& id : rows.booklets)
    if (!old_booklets.contains(id.text())) transaction.execute(kRemoveBooklet, id);
  return true;
}

std::string standing(Transaction& transaction, const StepRows& rows) {
  std::string text;
  for (const BookletId& id : rows.booklets) {
    const auto row = transaction.row(kBookletStands, id);
    text += id.text() + (row ? " in " + row->get<std::string>(0) : " gone") + "\n";
  }
  for (const CopyId& id : rows.copies) {
    const auto row = transaction.row(kCopyStands, id);
    text += id.text() + (row ? fmt::format(" {} {} {} {} {}", row->get<std::string>(0), row->get<std::int64_t>(1),
                                           row->get<std::int64_t>(2), row->get<std::int64_t>(3), row->get<int>(4))
                             : " gone");
    for (const Row& booklet : transaction.rows(kBookletsOfCopy, id)) text += " " + booklet.get<std::string>(0);
    text += "\n";
  }
  for (const FaceId& id : rows.faces) {
    const auto row = transaction.row(kFaceStands, id);
    text += id.text() +
            (row ? fmt::format(" {}.{} {}.{} {}", row->get<std::string>(0), row->get<int>(1), row->get<std::string>(2),
                               row->get<int>(3), row->get<int>(4))
                 : " gone") +
            "\n";
  }
  return text;
}

std::int64_t put_step(Transaction& transaction, const NewStep& step, UtcTime now) {
  const std::string before = json_of(step.rows, step.before, standing(transaction, step.rows));
  return transaction.row(kPut, step.exam, step.user, step.action, before, now)->get<std::int64_t>(0);
}

std::optional<StoredStep> last_step(Transaction& transaction, const ExamId& exam, UserId user) {
  const auto row = transaction.row(kLast, exam, user);
  if (!row) return std::nullopt;
  return step_of(*row);
}

void add_to_step(Transaction& transaction, std::int64_t id, const CopyId& copy, const json::object& before) {
  const auto row = transaction.row(kFind, id);
  if (!row) return;
  StoredStep step = step_of(*row);
  step.rows.copies.insert(copy);
  for (const auto& [table, rows] : before) append(step.before.at(table).as_array(), rows.as_array());
  transaction.execute(kRewrite, id, json_of(step.rows, step.before, standing(transaction, step.rows)));
}

bool is_open(Transaction& transaction, std::int64_t id) {
  return transaction.row(kFind, id).has_value();
}

void set_undone(Transaction& transaction, std::int64_t id, UtcTime now) {
  transaction.execute(kUndone, id, now);
}

}  // namespace korrigo::copies
