#include "grading/operation.h"

#include "copies/file_keys.h"
#include "exams/exam.h"
#include "grading/lock.h"
#include "grading/operation_store.h"
#include "grading/write_operation.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using storage::Transaction;

/// What all operations of a request meet: a desk to write on, or why they can only be kept.
struct Reception {
  std::optional<Desk> desk = {};
  std::string obstacle = {};  // a code: every operation is a conflict
};

Result<Reception> received_without_lock(Transaction& t, const CopyId& copy, const Marker& marker,
                                        const Standing& standing, UtcTime now) {
  if (!locks_of(t, copy, now).empty()) return Reception{{}, "lock.taken"};
  // Who marks one exercise may write with its lock only.
  if (!marker.is_admin && !standing.is_corrector) return Reception{{}, "lock.expired"};
  auto structure = exams::grading_structure_of(t, standing.exam);
  if (!structure) return tl::unexpected(structure.error());
  return Reception{Desk{copy, standing.exam, {}, marker.user, true, std::move(*structure), now}, {}};
}

Result<Reception> receive(Transaction& t, const CopyId& copy, const Marker& marker, UtcTime now) {
  const auto standing = hold_copy(t, copy, marker, now);
  if (!standing) {
    const bool was_theirs = standing.error().code == "auth.forbidden" && store::has_marked(t, copy, marker.user);
    if (!was_theirs) return tl::unexpected(standing.error());
    hold(t, copy, now);
    return Reception{{}, "copy.transferred"};
  }
  if (auto markable = require_markable(standing->status); !markable) {
    if (markable.error().code != "copy.graded") return tl::unexpected(markable.error());
    return Reception{{}, markable.error().code};
  }
  if (held_lock(t, copy, marker, now)) {
    auto desk = open_desk(t, copy, marker, now);
    if (!desk) return tl::unexpected(desk.error());
    return Reception{std::move(*desk), {}};
  }
  return received_without_lock(t, copy, marker, *standing, now);
}

void judge(Transaction& t, const CopyId& copy, const Reception& reception, LoggedOperation& logged) {
  const auto keep = [&](Outcome outcome, std::string reason) {
    logged.outcome = outcome;
    logged.reason = std::move(reason);
  };
  if (auto good = check_operation(logged.operation); !good) return keep(Outcome::refused, good.error().code);
  json::object standing = standing_of(t, copy, logged.operation);
  if (is_written(logged.operation, standing)) return;
  if (!reception.obstacle.empty() || !is_as_known(logged.operation, standing)) {
    logged.found = std::move(standing);
    return keep(Outcome::conflict, reception.obstacle.empty() ? "operation.base" : reception.obstacle);
  }
  if (auto written = write_operation(t, *reception.desk, logged.operation); !written)
    keep(Outcome::refused, written.error().code);
}

}  // namespace

Result<std::vector<LoggedOperation>> apply_operations(Transaction& transaction, const CopyId& copy,
                                                      const Marker& marker, const std::vector<Operation>& operations,
                                                      UtcTime now) {
  const auto reception = receive(transaction, copy, marker, now);
  if (!reception) return tl::unexpected(reception.error());
  std::int64_t position = store::next_position(transaction, copy);
  std::vector<LoggedOperation> all;
  for (const Operation& operation : operations) {
    std::string id(operation.at("id").as_string());
    if (auto before = store::find(transaction, copy, id)) {
      before->is_replay = true;
      all.push_back(std::move(*before));
      continue;
    }
    LoggedOperation logged{std::move(id), position++, marker.user, operation, Outcome::applied, {}, {}, now, false};
    judge(transaction, copy, *reception, logged);
    store::put(transaction, copy, logged);
    all.push_back(std::move(logged));
  }
  return all;
}

Result<LoggedOperation> settle_conflict(Transaction& transaction, const CopyId& copy, const Marker& marker,
                                        const std::string& id, bool apply, UtcTime now) {
  if (auto standing = hold_copy(transaction, copy, marker, now); !standing) return tl::unexpected(standing.error());
  auto logged = store::find(transaction, copy, id);
  if (!logged) return refuse(ErrorKind::not_found, "operation.not_found", "There is no such operation.");
  if (logged->outcome != Outcome::conflict)
    return refuse(ErrorKind::conflict, "operation.settled", "This is no open conflict.");
  if (apply) {
    const auto desk = open_desk(transaction, copy, marker, now);
    if (!desk) return tl::unexpected(desk.error());
    if (auto written = write_operation(transaction, *desk, logged->operation); !written)
      return tl::unexpected(written.error());
  }
  logged->outcome = apply ? Outcome::applied : Outcome::dismissed;
  store::settle(transaction, copy, id, logged->outcome, marker.user, now);
  return std::move(*logged);
}

}  // namespace korrigo::grading
