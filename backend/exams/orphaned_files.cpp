#include "exams/orphaned_files.h"

#include <algorithm>
#include <set>

#include "exams/exam_store.h"

namespace korrigo::exams {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kExams{"orphans.exams", "SELECT id FROM exam"};
constexpr Statement kTasks{"orphans.tasks", R"(
  SELECT id, payload, coalesce(result, '') FROM task WHERE id > $1 AND trimmed = 0 ORDER BY id LIMIT 500)"};

/// Keys by their hashes: where two share one, a file stays that could go.
class Known {
 public:
  void add(const std::string& key) { hashes_.push_back(std::hash<std::string>{}(key)); }
  void sort() { std::ranges::sort(hashes_); }
  bool contains(const std::string& key) const {
    return std::ranges::binary_search(hashes_, std::hash<std::string>{}(key));
  }

 private:
  std::vector<std::size_t> hashes_;
};

std::vector<std::string> files_of_exam(storage::Database& database, const ExamId& exam) {
  return database.read([&](Transaction& transaction) { return store::files_of(transaction, exam); });
}

/// Read again before it is told: an exam that was deleted meanwhile misses nothing.
void add_missing(storage::Database& database, const storage::Blobs& blobs, const ExamId& exam,
                 const std::vector<std::string>& files, std::vector<std::string>& missing) {
  const auto is_missing = [&](const std::string& key) { return !blobs.exists(key); };
  if (std::ranges::none_of(files, is_missing)) return;
  for (std::string& key : files_of_exam(database, exam)) {
    if (is_missing(key)) missing.push_back(std::move(key));
  }
}

/// Takes out of `keys` what stands as a string in `json`; keys hold nothing that JSON would escape.
void spare_named(std::set<std::string, std::less<>>& keys, std::string_view json) {
  while (!json.empty()) {
    const std::size_t end = std::min(json.find('"'), json.size());
    if (const auto named = keys.find(json.substr(0, end)); named != keys.end()) keys.erase(named);
    json.remove_prefix(std::min(end + 1, json.size()));
  }
}

void spare_files_of_tasks(storage::Database& database, std::set<std::string, std::less<>>& keys) {
  std::string last;
  while (!keys.empty()) {
    const auto rows = database.read([&](Transaction& transaction) { return transaction.rows(kTasks, last); });
    if (rows.empty()) return;
    for (const storage::Row& row : rows) {
      spare_named(keys, row.get<std::string>(1));
      spare_named(keys, row.get<std::string>(2));
    }
    last = rows.back().get<std::string>(0);
  }
}

}  // namespace

FilesTidied tidy_files(storage::Database& database, storage::Blobs& blobs, std::chrono::seconds age,
                       const std::function<void()>& safe_point) {
  FilesTidied tidied;
  Known known;
  const auto exams = database.read([](Transaction& transaction) { return transaction.rows(kExams); });
  for (const storage::Row& row : exams) {
    safe_point();
    const auto exam = row.get<ExamId>(0);
    const auto files = files_of_exam(database, exam);
    for (const std::string& key : files) known.add(key);
    add_missing(database, blobs, exam, files, tidied.missing);
  }
  known.sort();
  const auto oldest = std::filesystem::file_time_type::clock::now() - age;
  std::set<std::string, std::less<>> orphans;
  blobs.list("", [&](const std::string& key, std::filesystem::file_time_type modified) {
    if (modified <= oldest && !known.contains(key)) orphans.insert(key);
  });
  safe_point();
  spare_files_of_tasks(database, orphans);
  for (const std::string& key : orphans) {
    safe_point();
    blobs.remove(key);
    ++tidied.removed;
  }
  return tidied;
}

}  // namespace korrigo::exams
