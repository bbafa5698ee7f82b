#include "copies/exam_ocr.h"

#include "copies/office_tasks.h"
#include "copies/staple_store.h"

namespace korrigo::copies {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kTask = "batch_ocr";

constexpr Statement kOpen{"exam_ocr.open", R"(
  SELECT c.id FROM copy c
  WHERE c.exam_id = $1 AND c.student_id IS NULL AND c.status IN ('STAGING', 'READY')
    AND EXISTS (SELECT 1 FROM copy_booklet b WHERE b.copy_id = c.id)
  ORDER BY c.id)"};

Result<jobs::Ending> gather(jobs::TaskContext& context) {
  std::int64_t copies = 0;
  std::int64_t identified = 0;
  std::int64_t failed = 0;
  for (const jobs::ChildEnd& copy : context.children()) {
    ++copies;
    if (copy.state != jobs::TaskState::success)
      ++failed;
    else if (copy.result.is_object() && copy.result.at("auto_identified").as_bool())
      ++identified;
  }
  return context.finish({{"status", "success"}, {"copies", copies}, {"identified", identified}, {"failed", failed}});
}

}  // namespace

Result<ExamReading> read_exam_headers(const Office& office, const ExamId& exam) {
  return office.database.write([&](Transaction& t) -> Result<ExamReading> {
    if (auto open = open_exam(t, exam, office.queue.clock().now()); !open) return tl::unexpected(open.error());
    std::vector<jobs::NewTask> readings;
    for (const Row& row : t.rows(kOpen, exam))
      readings.push_back(header_task(exam, row.get<CopyId>(0), true, office.actor.user));
    jobs::NewTask all{.kind = std::string(kTask)};
    all.exam_id = exam;
    all.created_by = office.actor.user;
    return ExamReading{office.queue.enqueue_group(t, all, readings), static_cast<std::int64_t>(readings.size())};
  });
}

void add_exam_ocr_kind(jobs::Kinds& kinds) {
  kinds.add(std::string(kTask), gather);
}

}  // namespace korrigo::copies
