#include "exams/import_group.h"

#include <boost/json/object.hpp>

#include "exams/exam.h"

namespace korrigo::exams {
namespace {

std::int64_t copies_of(const jobs::ChildEnd& import) {
  if (import.state != jobs::TaskState::success) return 0;
  const auto* result = import.result.if_object();
  const auto* copies = result != nullptr ? result->if_contains("copies_created") : nullptr;
  return copies != nullptr && copies->is_int64() ? copies->as_int64() : 1;
}

Result<jobs::Ending> end_group(jobs::TaskContext& context) {
  const ExamId exam(std::string(context.payload().at("exam_id").as_string()));
  const std::vector<jobs::ChildEnd> imports = context.children();
  std::int64_t copies = 0;
  BatchTrouble trouble;
  for (const jobs::ChildEnd& import : imports) {
    copies += copies_of(import);
    if (trouble.code.empty() && import.error) trouble = {import.error->code, import.error->message};
  }
  const UtcTime now = context.clock().now();
  const std::chrono::duration<double> took = now - context.task().created_at;
  return context.finish([&](storage::Transaction& transaction) -> Result<boost::json::value> {
    const ExamStatus status = copies > 0 || imports.empty() ? ExamStatus::ready : ExamStatus::error;
    if (auto set = set_status(transaction, exam, status, trouble, now); !set) return tl::unexpected(set.error());
    return boost::json::object{{"exam_id", exam.text()}, {"copies_created", copies}, {"duration", took.count()}};
  });
}

}  // namespace

jobs::Handler import_group_handler() {
  return end_group;
}

}  // namespace korrigo::exams
