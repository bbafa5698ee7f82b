/// Stapling by hand: which face lies in which booklet, and which booklets are a copy.
///
/// Each operation is one transaction, noted so that its author can take it back (undo.h). Afterwards every face of the
/// exam is in at most one booklet, positions and page indices run from 0 without gaps, and no booklet and no copy is
/// without faces. The files of the copies that changed are made anew by a task; until then they have none. Copies that
/// are nobody's get new proposals (class_solver.h) from the headers they now hold.
///
/// All refuse with conflict "exam.busy" while scans of the exam are being read, and, unless they say otherwise,
/// conflict "booklet.copy_in_use" when a copy concerned is in marking, marked, or has annotations or points.
#pragma once

#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "copies/office.h"

namespace korrigo::copies {

/// The faces from the `at`-th on become a booklet and a STAGING copy of their own, next in the order of the scan.
/// Refuses with not_found "booklet.not_found", malformed "booklet.split_outside" unless 1 <= at < its number of faces.
Result<std::pair<BookletId, BookletId>> split_booklet(const Office& office, const BookletId& booklet, int at);

/// One READY copy of these booklets, in this order. Copies that lose all their booklets go; the student stays when
/// those copies name no other. Refuses with not_found "exam.not_found", malformed "booklet.none", "booklet.unknown",
/// "booklet.other_exam", "request.invalid" (one twice).
Result<CopyId> merge_booklets(const Office& office, const ExamId& exam, const std::vector<BookletId>& booklets);

struct ArrangedFace {
  FaceId id;
  std::optional<int> rotation = {};  // 0, 90, 180, 270 clockwise to stand upright; nothing: as it is
};
/// `faces` is the whole booklet as it shall be: others that are named move here, those left out become unplaced.
/// Refuses with not_found "booklet.not_found", malformed "face.unknown", "face.other_exam", "face.twice".
Result<void> arrange_faces(const Office& office, const BookletId& booklet, const std::vector<ArrangedFace>& faces);

/// Its faces become unplaced; a copy of it alone goes. Refuses with not_found "booklet.not_found", conflict
/// "booklet.copy_not_staging".
Result<void> delete_booklet(const Office& office, const BookletId& booklet);

}  // namespace korrigo::copies
