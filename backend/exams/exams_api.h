/// Routes of exams, their rosters, correctors, sources and uploads.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <vector>

#include "exams/receive.h"
#include "exams/uploads.h"
#include "http/router.h"
#include "students/students_api.h"

namespace korrigo::exams {

/// What the routes work with; all of it outlives them. Uploaded files must lie on the blobs' file system.
struct ExamsApi {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
  Uploads& uploads;
  SourceCheck check;
  CopyMaker make_copy;
  /// The intake report as the rows stand; without it, as the last batch left it.
  std::function<Result<boost::json::object>(storage::Transaction&, const ExamId&)> report = {};
  /// Called in the transaction that changed an exam's roster, so that open identifications are solved again.
  std::function<void(storage::Transaction&, const ExamId&)> roster_changed = {};
};

/// /api/exams/, /api/exams/{exam_id}/ with intake-report, sources, correctors.
std::vector<http::Route> exam_routes(const ExamsApi& api);
/// /api/exams/{exam_id}/roster/.
std::vector<http::Route> roster_routes(const ExamsApi& api);
/// /api/exams/upload/, /api/exams/{exam_id}/upload/, upload-individual-pdfs/, copies/import/.
std::vector<http::Route> intake_routes(const ExamsApi& api);
/// /api/exams/{exam_id}/document-sets/, documents/.
std::vector<http::Route> document_routes(const ExamsApi& api);
/// tus under /api/uploads/.
std::vector<http::Route> upload_routes(const ExamsApi& api);

/// Finished uploads for the routes of students.
students::TakeUpload finished_uploads(Uploads& uploads);

}  // namespace korrigo::exams
