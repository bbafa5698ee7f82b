#include "app/housekeeping.h"

#include "accounts/login.h"
#include "exams/orphaned_files.h"

namespace korrigo::app {
namespace {

using jobs::Ending;
using jobs::TaskContext;

constexpr std::string_view kOldFiles = "cleanup_old_files";
constexpr std::string_view kOrphanedFiles = "cleanup_orphaned_files";
constexpr std::chrono::hours kTemporaryLife{24};

void schedule(jobs::Queue& queue, storage::Database& database, std::string_view kind, std::chrono::hours every,
              std::chrono::minutes first_after) {
  jobs::NewTask task{.kind = std::string(kind)};
  task.priority = jobs::Priority::low;
  database.write([&](storage::Transaction& transaction) {
    queue.schedule(transaction, kind, task, every, queue.clock().now() + first_after);
  });
}

}  // namespace

void keep_tidy(jobs::Kinds& kinds, jobs::Queue& queue, storage::Database& database, storage::Blobs& blobs,
               exams::Uploads& uploads) {
  kinds.add(std::string(kOldFiles), [&](TaskContext& context) -> Result<Ending> {
    const int left = uploads.clean_up();
    const int temporary = blobs.clear_temporary(kTemporaryLife);
    const auto rows = accounts::remove_expired(database, context.clock().now());
    return context.finish({{"uploads", left}, {"temporary", temporary}, {"rows", rows}});
  });
  kinds.add(std::string(kOrphanedFiles), [&](TaskContext& context) -> Result<Ending> {
    const auto found = exams::tidy_files(database, blobs, exams::kOrphanAge, [&] { context.safe_point(); });
    for (const std::string& key : found.missing) context.log(TaskContext::Level::warning, key + " is missing.");
    return context.finish({{"removed", found.removed}, {"missing", found.missing.size()}});
  });
  schedule(queue, database, kOldFiles, std::chrono::hours(1), std::chrono::minutes(10));
  schedule(queue, database, kOrphanedFiles, std::chrono::hours(24), std::chrono::minutes(30));
}

}  // namespace korrigo::app
