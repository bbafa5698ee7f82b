/// What a client did to a copy, in its order and under its own ids: sent once or many times, applied once. What met
/// somebody else's work is kept beside it until a person has chosen.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "grading/desk.h"

namespace korrigo::grading {

constexpr std::size_t kMaxOperations = 500;  // of one request

/// {id: UUID of the client's, kind, ...}:
///   score               question_id, points (null takes it away), base (the points it had, or null)
///   remark              question_id, remark, base (the text it had, or null)
///   appreciation        global_appreciation, base
///   create_annotation   annotation_id, page_index, x, y, w, h, type, content, score_delta, question_id
///   change_annotation   annotation_id, base_version, what changes
///   delete_annotation   annotation_id, base_version
using Operation = boost::json::object;

enum class Outcome { applied, conflict, refused, dismissed };
std::string_view name_of(Outcome outcome);  // "APPLIED"
std::optional<Outcome> outcome_named(std::string_view name);

struct LoggedOperation {
  std::string id;
  std::int64_t position = 0;
  UserId user;
  Operation operation;
  Outcome outcome = Outcome::applied;
  std::string reason;         // a stable code: why it was not applied
  boost::json::object found;  // of a conflict: what stands there
  UtcTime received_at{};
  bool is_replay = false;
};

/// Takes the operations in their order; each has its outcome, whatever becomes of the others. One whose `id` came
/// before is answered as it was then.
///   APPLIED   written, or so already
///   CONFLICT  kept, not written: what it changes has been changed by somebody else since ("operation.base"), another
///             holds the lock ("lock.taken"), the copy has been marked ("copy.graded") or given to another
///             ("copy.transferred"),
///             or the lock of one exercise is over ("lock.expired")
///   REFUSED   it could never be written: `reason` says why
/// Needs the marker's lock, or a copy that nobody has locked since the marker's lock was over. Refuses with not_found
/// "copy.not_found", forbidden "auth.forbidden" (never the marker's), conflict "copy.not_markable".
Result<std::vector<LoggedOperation>> apply_operations(storage::Transaction& transaction, const CopyId& copy,
                                                      const Marker& marker, const std::vector<Operation>& operations,
                                                      UtcTime now);

/// A person settles a conflict: the operation is written over what stands there (`apply`; refuses as open_desk() and as
/// the write itself), or dismissed. Refuses with not_found "operation.not_found", conflict "operation.settled".
Result<LoggedOperation> settle_conflict(storage::Transaction& transaction, const CopyId& copy, const Marker& marker,
                                        const std::string& id, bool apply, UtcTime now);

bool has_open_conflicts(storage::Transaction& transaction, const CopyId& copy);
struct OperationPage {
  std::vector<LoggedOperation> operations;  // in the order they came
  std::int64_t count = 0;                   // over all pages
};
OperationPage list_operations(storage::Transaction& transaction, const CopyId& copy, std::optional<Outcome> outcome,
                              int page_size, std::int64_t offset);

}  // namespace korrigo::grading
