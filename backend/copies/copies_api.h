/// Routes of copies, stapling and identification.
#pragma once

#include <vector>

#include "copies/office.h"
#include "http/router.h"

namespace korrigo::copies {

/// What the routes work with; all of it outlives them.
struct CopiesApi {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
};

/// /api/copies/ and below (lists, detail, PDF, pages), /api/exams/{exam_id}/copies/.
std::vector<http::Route> copy_routes(const CopiesApi& api);
/// /api/exams/booklets/ and below, /api/exams/faces/{face_id}/image/, /api/exams/{exam_id}/booklets/, merge-booklets/,
/// undo/.
std::vector<http::Route> booklet_routes(const CopiesApi& api);
/// /api/identification/ and below but desk/, /api/copies/{copy_id}/identify/,
/// /api/exams/{exam_id}/unidentified-copies/, validate-all/, /api/exams/copies/{copy_id}/validate/.
std::vector<http::Route> identification_routes(const CopiesApi& api);

/// /api/identification/desk/ and below.
std::vector<http::Route> identity_desk_routes(const CopiesApi& api);

/// /api/exams/{exam_id}/dispatch/, /api/copies/{copy_id}/assign/, transfer/, quarantine/, restore/.
std::vector<http::Route> dispatch_routes(const CopiesApi& api);

/// /api/exams/{exam_id}/bulk-subject-variant/.
std::vector<http::Route> variant_routes(const CopiesApi& api);

}  // namespace korrigo::copies
