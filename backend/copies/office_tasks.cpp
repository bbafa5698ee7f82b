#include "copies/office_tasks.h"

#include <boost/json.hpp>

#include "copies/class_solver.h"
#include "copies/exam_ocr.h"
#include "copies/office_steps.h"
#include "copies/variants.h"

namespace korrigo::copies {

namespace json = boost::json;

void add_office_kinds(jobs::Kinds& kinds, BatchServices& services) {
  const auto bound = [&services](auto step) {
    return [&services, step](jobs::TaskContext& context) { return step(context, services); };
  };
  kinds.add("rebuild_copy", bound(rebuild_copies));
  kinds.add("cmen_ocr", bound(read_copy_header));
  kinds.add("ocr_copy_header", bound(read_copy_header));
  add_exam_ocr_kind(kinds);
  kinds.add("import_pdf", bound(import_pdf));
  kinds.add("detect_subject_variants", bound(detect_variants));
  kinds.add("solve_exam", [](jobs::TaskContext& context) -> StepResult {
    const ExamId exam(std::string(context.payload().at("exam_id").as_string()));
    solve_exam(context.database(), context.clock(), exam, {});
    return context.finish(nullptr);
  });
}

jobs::NewTask rebuild_task(const RebuildOrder& order, std::optional<UserId> user) {
  json::array copies;
  for (const CopyId& copy : order.copies) copies.emplace_back(copy.text());
  jobs::NewTask task;
  task.kind = "rebuild_copy";
  task.payload = {{"exam_id", order.exam.text()}, {"copies", std::move(copies)}, {"faces", texts_of_ids(order.faces)}};
  task.priority = jobs::Priority::high;  // somebody looks at it
  task.created_by = user;
  return task;
}

jobs::NewTask header_task(const ExamId& exam, const CopyId& copy, bool links, std::optional<UserId> user) {
  jobs::NewTask task;
  task.kind = links ? "cmen_ocr" : "ocr_copy_header";
  task.payload = {{"exam_id", exam.text()}, {"copy_id", copy.text()}};
  task.priority = jobs::Priority::high;
  task.exam_id = exam;
  task.created_by = user;
  return task;
}

jobs::NewTask solve_task(const ExamId& exam) {
  jobs::NewTask task;
  task.kind = "solve_exam";
  task.payload = {{"exam_id", exam.text()}};
  return task;
}

BatchWork work_of(const ExamId& exam, const std::vector<BatchSource>& sources, const storage::Blobs& blobs) {
  BatchWork work{exam, sources, {}};
  for (const BatchSource& source : sources) work.files.push_back(blobs.path(source.file));
  return work;
}

}  // namespace korrigo::copies
