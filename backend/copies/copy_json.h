/// Copies, booklets and faces on the wire (docs/openapi.yaml).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "copies/copy_list.h"

namespace korrigo::copies {

boost::json::object student_json(const StudentBrief& student);
boost::json::object face_json(const FaceView& face);
boost::json::object booklet_json(const BookletView& booklet);
boost::json::array candidates_json(const std::vector<CandidateView>& candidates);
/// Null without decision.
boost::json::value ocr_json(const std::optional<OcrView>& ocr);
boost::json::object copy_json(const CopyView& copy);
/// What its corrector may know.
boost::json::object copy_json_for_corrector(const CopyView& copy, UserId corrector);
boost::json::array pages_json(const CopyId& copy, const std::vector<PageView>& pages);
boost::json::object unidentified_json(const UnidentifiedCopy& copy);

std::string header_url(const BookletId& booklet);
std::string face_url(const FaceId& face);

}  // namespace korrigo::copies
