/// Routes of results.
#pragma once

#include <vector>

#include "http/router.h"
#include "jobs/queue.h"
#include "storage/blobs.h"

namespace korrigo::publication {

/// What the routes work with; all of it outlives them.
struct PublicationApi {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
};

/// /api/copies/{copy_id}/final-pdf/, /api/students/copies/ and below.
std::vector<http::Route> result_routes(const PublicationApi& api);
/// /api/exams/{exam_id}/release-results/, unrelease-results/, readiness-check/.
std::vector<http::Route> release_routes(const PublicationApi& api);
/// /api/exams/{exam_id}/export-all/, export-csv/, export-xlsx/, export-pronote/.
std::vector<http::Route> export_routes(const PublicationApi& api);
/// /api/exams/{exam_id}/statistics/.
std::vector<http::Route> statistics_routes(const PublicationApi& api);

/// All of them.
std::vector<http::Route> routes(const PublicationApi& api);

}  // namespace korrigo::publication
