/// Exams, sources and faults as the interface shows them (openapi.yaml).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "exams/exam_list.h"
#include "exams/receive.h"
#include "http/request.h"
#include "http/response.h"

namespace korrigo::exams {

/// Sentences are in the asker's language.
boost::json::object summary_json(const http::Request&, const CountedExam&);
boost::json::object to_json(const http::Request&, const CountedExam&);
boost::json::object to_json(const Source&);
boost::json::array to_json(const std::vector<Source>&);
boost::json::object to_json(const RosterChanges&);

/// "/api/tasks/<id>/status/"
std::string status_url(const TaskId&);

/// Refused files as {message, code, field, file}.
boost::json::array details_of(const std::vector<FileFault>&);
/// The refusal with what `faults` knows; `too_large` is the status of files that are.
http::Response refusal_of(const http::Request&, const Error&, const Faults& faults, int too_large = 413);

/// The id of the path, or not_found "exam.not_found".
Result<ExamId> exam_id_of(const http::Request&);

}  // namespace korrigo::exams
