#include "exams/intake_report.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "exams/exam_store.h"

namespace korrigo::exams {

Result<void> set_intake_report(storage::Transaction& transaction, const ExamId& exam,
                               const boost::json::object& report) {
  if (!store::set_report(transaction, exam, boost::json::serialize(report)))
    return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  return {};
}

Result<boost::json::object> intake_report(storage::Transaction& transaction, const ExamId& exam) {
  if (auto found = find_exam(transaction, exam); !found) return tl::unexpected(found.error());
  const auto report = store::report(transaction, exam);
  if (!report) return refuse(ErrorKind::not_found, "report.not_ready", "No batch of this exam has ended yet.");
  return boost::json::parse(*report).as_object();
}

}  // namespace korrigo::exams
