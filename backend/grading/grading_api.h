/// Routes of marking.
#pragma once

#include <vector>

#include "base/clock.h"
#include "grading/finalise.h"
#include "http/router.h"
#include "jobs/queue.h"
#include "storage/blobs.h"

namespace korrigo::grading {

/// What the routes work with; all of it outlives them.
struct GradingApi {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
  const Clock& clock;
  Finalised finalised = {};
};

/// /api/grading/copies/{copy_id}/lock/, lock/heartbeat/, /api/copies/{copy_id}/force-unlock/.
std::vector<http::Route> lock_routes(const GradingApi& api);
/// /api/grading/copies/{copy_id}/annotations/, /api/grading/annotations/{annotation_id}/.
std::vector<http::Route> annotation_routes(const GradingApi& api);
/// /api/grading/copies/{copy_id}/scores/, remarks/, global-appreciation/, draft/.
std::vector<http::Route> mark_routes(const GradingApi& api);
/// /api/grading/copies/{copy_id}/finalize/, reopen/, audit/, operations/.
std::vector<http::Route> course_routes(const GradingApi& api);
/// /api/grading/exams/{exam_id}/ (barème, questions, templates, suggestions), /api/grading/my-annotations/.
std::vector<http::Route> bank_routes(const GradingApi& api);
/// /api/exams/{exam_id}/grading-structure/: preview/, versions/, and applying.
std::vector<http::Route> regrading_routes(const GradingApi& api);
/// /api/copies/{copy_id}/merge/.
std::vector<http::Route> merge_routes(const GradingApi& api);
/// /api/grading/copies/{copy_id}/face-reports/, /api/exams/{exam_id}/face-reports/,
/// /api/face-reports/{report_id}/resolve/.
std::vector<http::Route> face_report_routes(const GradingApi& api);
/// /api/students/{student_id}/personal-data/, erase/.
std::vector<http::Route> privacy_routes(const GradingApi& api);

/// All of them.
std::vector<http::Route> routes(const GradingApi& api);

}  // namespace korrigo::grading
