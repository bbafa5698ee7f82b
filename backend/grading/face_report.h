/// What a corrector says of a face that cannot be marked as it is; the office sees to it.
#pragma once

#include "grading/desk.h"

namespace korrigo::grading {

using FaceReportId = UuidOf<struct FaceReportTag>;

enum class FaceTrouble { missing, illegible, name_visible, not_this_copy };
std::string_view name_of(FaceTrouble trouble);  // "NAME_VISIBLE"
std::optional<FaceTrouble> face_trouble_named(std::string_view name);

struct NewFaceReport {
  int page_index = 0;  // from 0; of a missing face, where it should be
  FaceTrouble reason = FaceTrouble::illegible;
  std::string comment = {};
  bool send_back = false;  // the copy goes back to the office: STAGING, with all that was written
};

struct FaceReport {
  FaceReportId id;
  CopyId copy;
  std::string anonymous_id;
  std::optional<int> page_index;  // nothing when the face is of no copy by now
  std::string reason;
  std::string comment;
  std::optional<UserId> reporter;
  UtcTime created_at{};
  std::optional<UserId> resolved_by;
  std::optional<UtcTime> resolved_at;
};

/// The office is notified. Refuses as hold_copy(), with conflict "copy.not_markable", "copy.graded", malformed
/// "annotation.page" (no such page), and when it is to be sent back, conflict "lock.taken" while another marks it.
Result<FaceReport> report_face(storage::Transaction& transaction, const CopyId& copy, const Marker& marker,
                               const NewFaceReport& report, UtcTime now);

/// Of one copy, the latest first.
std::vector<FaceReport> reports_of_copy(storage::Transaction& transaction, const CopyId& copy);
struct FaceReportPage {
  std::vector<FaceReport> reports;  // the latest first
  std::int64_t count = 0;           // over all pages
};
FaceReportPage reports_of_exam(storage::Transaction& transaction, const ExamId& exam, bool only_open, int page_size,
                               std::int64_t offset);

/// Refuses with not_found "face_report.not_found"; a second time changes nothing.
Result<FaceReport> resolve_report(storage::Transaction& transaction, const FaceReportId& id, UserId by, UtcTime now);

}  // namespace korrigo::grading
