#include "grading/face_report.h"

#include <boost/json/object.hpp>

#include "accounts/notifications.h"
#include "copies/copy_state.h"
#include "grading/lock.h"

namespace korrigo::grading {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::string_view, 4> kTroubles = {"MISSING", "ILLEGIBLE", "NAME_VISIBLE", "NOT_THIS_COPY"};

constexpr Statement kFace{"face_report.face", "SELECT id FROM face WHERE copy_id = $1 AND page_index = $2"};
constexpr Statement kAdd{"face_report.add", R"(
  INSERT INTO face_report (id, face_id, copy_id, reporter_id, reason, comment, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7))"};
#define KORRIGO_FACE_REPORT                                                                                   \
  "SELECT r.id, r.copy_id, c.anonymous_id, CASE WHEN f.copy_id = r.copy_id THEN f.page_index END, r.reason, " \
  "r.comment, r.reporter_id, r.created_at, r.resolved_by, r.resolved_at "                                     \
  "FROM face_report r JOIN copy c ON c.id = r.copy_id JOIN face f ON f.id = r.face_id "
constexpr Statement kFind{"face_report.find", KORRIGO_FACE_REPORT "WHERE r.id = $1"};
constexpr Statement kOfCopy{"face_report.of_copy",
                            KORRIGO_FACE_REPORT "WHERE r.copy_id = $1 ORDER BY r.created_at DESC, r.id DESC"};
constexpr Statement kOfExam{"face_report.of_exam", KORRIGO_FACE_REPORT
                            "WHERE c.exam_id = $1 AND ($2 = 0 OR r.resolved_at IS NULL) "
                            "ORDER BY r.created_at DESC, r.id DESC LIMIT $3 OFFSET $4"};
#undef KORRIGO_FACE_REPORT
constexpr Statement kCount{"face_report.count", R"(
  SELECT count(*) FROM face_report r JOIN copy c ON c.id = r.copy_id
  WHERE c.exam_id = $1 AND ($2 = 0 OR r.resolved_at IS NULL))"};
constexpr Statement kResolve{"face_report.resolve", R"(
  UPDATE face_report SET resolved_by = $2, resolved_at = $3 WHERE id = $1 AND resolved_at IS NULL)"};

FaceReport report_of(const Row& row) {
  return {row.get<FaceReportId>(0),          row.get<CopyId>(1),      row.get<std::string>(2),
          row.get<std::optional<int>>(3),    row.get<std::string>(4), row.get<std::string>(5),
          row.get<std::optional<UserId>>(6), row.get<UtcTime>(7),     row.get<std::optional<UserId>>(8),
          row.get<std::optional<UtcTime>>(9)};
}

/// STAGING again, unless another is marking it.
Result<void> send_back(Transaction& t, const CopyId& copy, const Marker& marker, const boost::json::object& metadata,
                       const std::string& status, UtcTime now) {
  for (const Lock& lock : locks_of(t, copy, now))
    if (lock.owner != marker.user)
      return refuse(ErrorKind::conflict, "lock.taken", "The copy is locked by " + lock.owner_name + ".");
  if (status == "LOCKED") {
    drop_locks(t, copy);
    if (auto free = copies::take_step(t, copy, copies::Step::unlock, "UNLOCK", marker.user, {{"why", "reported"}}, now);
        !free)
      return free;
  }
  return copies::take_step(t, copy, copies::Step::withdraw, "REPORT", marker.user, metadata, now);
}

}  // namespace

std::string_view name_of(FaceTrouble trouble) {
  return kTroubles[static_cast<std::size_t>(trouble)];
}

std::optional<FaceTrouble> face_trouble_named(std::string_view name) {
  const auto found = std::find(kTroubles.begin(), kTroubles.end(), name);
  if (found == kTroubles.end()) return std::nullopt;
  return static_cast<FaceTrouble>(found - kTroubles.begin());
}

Result<FaceReport> report_face(Transaction& transaction, const CopyId& copy, const Marker& marker,
                               const NewFaceReport& report, UtcTime now) {
  const auto standing = hold_copy(transaction, copy, marker, now);
  if (!standing) return tl::unexpected(standing.error());
  if (auto markable = require_markable(standing->status); !markable) return tl::unexpected(markable.error());
  const auto face = transaction.row(kFace, copy, report.page_index);
  if (!face) {
    Error error{ErrorKind::malformed, "annotation.page", "The copy has no such page."};
    error.field = "page_index";
    return tl::unexpected(std::move(error));
  }
  const FaceReportId id(make_uuid_v4());
  transaction.execute(kAdd, id, face->get<FaceId>(0), copy, marker.user, name_of(report.reason), report.comment, now);
  const boost::json::object metadata{{"report_id", id.text()}, {"reason", name_of(report.reason)}};
  if (report.send_back) {
    if (auto back = send_back(transaction, copy, marker, metadata, standing->status, now); !back)
      return tl::unexpected(back.error());
  } else {
    copies::record_event(transaction, copy, "REPORT", marker.user, metadata, now);
  }
  accounts::notify_office(transaction, accounts::NotificationKind::face_reported,
                          {{"exam_id", standing->exam.text()},
                           {"copy_id", copy.text()},
                           {"report_id", id.text()},
                           {"reason", name_of(report.reason)}},
                          now);
  return report_of(*transaction.row(kFind, id));
}

std::vector<FaceReport> reports_of_copy(Transaction& transaction, const CopyId& copy) {
  std::vector<FaceReport> reports;
  for (const Row& row : transaction.rows(kOfCopy, copy)) reports.push_back(report_of(row));
  return reports;
}

FaceReportPage reports_of_exam(Transaction& transaction, const ExamId& exam, bool only_open, int page_size,
                               std::int64_t offset) {
  FaceReportPage page;
  const int open = only_open ? 1 : 0;
  for (const Row& row : transaction.rows(kOfExam, exam, open, page_size, offset))
    page.reports.push_back(report_of(row));
  page.count = transaction.row(kCount, exam, open)->get<std::int64_t>(0);
  return page;
}

Result<FaceReport> resolve_report(Transaction& transaction, const FaceReportId& id, UserId by, UtcTime now) {
  transaction.execute(kResolve, id, by, now);
  const auto row = transaction.row(kFind, id);
  if (!row) return refuse(ErrorKind::not_found, "face_report.not_found", "There is no such report.");
  return report_of(*row);
}

}  // namespace korrigo::grading
