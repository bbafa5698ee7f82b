#include "publication/final_job.h"

#include "accounts/notifications.h"
#include "copies/copy_state.h"
#include "grading/finalise.h"
#include "publication/final_pdf.h"
#include "publication/statistics_store.h"

namespace korrigo::publication {
namespace {

using jobs::TaskContext;
using jobs::TaskState;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kKind = "finalize_copy";
constexpr Statement kStanding{"publication.standing", "SELECT status, final_pdf_file, exam_id FROM copy WHERE id = $1"};

CopyId copy_of(const boost::json::object& payload) {
  return CopyId(std::string(payload.at("copy_id").as_string()));
}

void follow(Transaction& transaction, const jobs::Task& task, UtcTime now) {
  const CopyId copy = copy_of(task.payload);
  const auto row = transaction.row(kStanding, copy);
  if (!row) return;
  const auto status = row->get<std::string>(0);
  const bool given_up = task.state == TaskState::failure || task.state == TaskState::revoked;
  const std::string reason = task.error ? task.error->message : "The final PDF could not be made.";
  Result<void> step;
  if (given_up && status == "GRADED" && row->is_null(1)) {
    step = grading::fail_grading(transaction, copy, reason, now);
    accounts::notify_office(
        transaction, accounts::NotificationKind::task_failed,
        {{"exam_id", row->get<std::string>(2)}, {"copy_id", copy.text()}, {"task_id", task.id.text()}}, now);
  } else if (!given_up && status == "GRADING_FAILED") {
    step = copies::take_step(transaction, copy, copies::Step::finalise, "FINALIZE", std::nullopt, {}, now);
  }
  if (!step) throw std::logic_error(step.error().message);
}

// Without names in it that anybody would read: files are found by their rows.
std::string new_key(const FinalCopy& copy) {
  return "copies/annotated/" + copy.id.text() + "/" + make_uuid_v4() + ".pdf";
}

// The keys of both, the unmasked one first.
Result<std::array<std::string, 2>> make_files(storage::Blobs& blobs, const FinalCopy& copy) {
  const TempFolder folder(blobs.temporary("final"));
  storage::BlobBatch files(blobs);
  pdf::Overlayer overlayer;
  std::array<std::string, 2> keys;
  for (const bool masked : {false, true}) {
    const auto made = folder.path() / (masked ? "masked.pdf" : "final.pdf");
    const auto base = blobs.path(masked ? copy.masked_pdf : copy.pdf);
    if (auto written = write_final_pdf(overlayer, copy, base, !masked, made); !written)
      return tl::unexpected(written.error());
    keys[masked ? 1 : 0] = new_key(copy);
    files.adopt(keys[masked ? 1 : 0], made);
  }
  files.commit();
  return keys;
}

Result<jobs::Ending> make_final_pdf(TaskContext& context, storage::Blobs& blobs) {
  const auto copy = context.database().read(
      [&](Transaction& transaction) { return read_final_copy(transaction, copy_of(context.payload())); });
  if (!copy) {
    // Reopened or gone since: nobody waits for this PDF.
    if (copy.error().code != "copy.no_pdf") return context.finish(nullptr);
    return refuse(ErrorKind::too_busy, copy.error().code, copy.error().message);
  }
  const auto keys = make_files(blobs, *copy);
  if (!keys) return tl::unexpected(keys.error());
  bool is_theirs = false;
  auto ending = context.finish([&](Transaction& transaction) -> Result<boost::json::value> {
    is_theirs = put_final_pdfs(transaction, *copy, (*keys)[0], (*keys)[1]);
    store::keep_scores_of(transaction, copy->id);
    return boost::json::object{{"copy_id", copy->id.text()}};
  });
  if (!is_theirs)
    for (const std::string& key : *keys) blobs.remove(key);
  return ending;
}

}  // namespace

jobs::NewTask final_pdf_task(const CopyId& copy, std::optional<UserId> user) {
  jobs::NewTask task;
  task.kind = kKind;
  task.payload = {{"copy_id", copy.text()}};
  task.created_by = user;
  return task;
}

void add_final_pdf_kind(jobs::Kinds& kinds, jobs::Queue& queue, storage::Blobs& blobs) {
  queue.set_owner(std::string(kKind), [&clock = queue.clock()](Transaction& transaction, const jobs::Task& task) {
    follow(transaction, task, clock.now());
  });
  kinds.add(std::string(kKind), [&blobs](TaskContext& context) { return make_final_pdf(context, blobs); });
}

}  // namespace korrigo::publication
