/// Routes of students and their import.
#pragma once

#include <boost/json/array.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "http/router.h"
#include "jobs/queue.h"
#include "storage/blobs.h"
#include "students/import.h"

namespace korrigo::students {

/// A finished resumable upload in place of a file of a form. The file is the request's; unless it is gone afterwards,
/// `give_back` is called, so that it can be sent again.
struct FinishedUpload {
  std::filesystem::path path;
  std::string filename;
  std::function<void()> give_back;
};
using TakeUpload = std::function<Result<FinishedUpload>(UserId, const std::string& id)>;

/// What the routes work with; all of it outlives them. Uploaded files must lie on the blobs' file system.
struct StudentsApi {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
  TakeUpload take_upload;
};

/// /api/students/, /api/students/{student_id}/, /api/students/import/, /api/students/me/.
std::vector<http::Route> student_routes(const StudentsApi& api);

/// As the interface shows them (Student, StudentBrief of openapi.yaml).
boost::json::object to_json(const Student&);
boost::json::object brief_json(const Student&);

/// [{line, column, message}] for an answer's details.
boost::json::array details_of(const std::vector<RosterFault>& faults);

}  // namespace korrigo::students
