// Seconds to import a roster of many students as the task does it: the CSV checked and queued, then read again and
// written by a worker; first all new, then the same file, then every class changed.
//
// import_bench URL MEDIA_FOLDER STUDENTS prints one JSON object.
#include <fmt/format.h>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/files.h"
#include "jobs/worker.h"
#include "storage/migrations.h"
#include "students/import.h"

namespace {

using namespace korrigo;
using Steady = std::chrono::steady_clock;

std::string roster(int count, std::string_view class_name) {
  std::string csv = "nom,prenom,email,date_naissance,classe\n";
  const auto word = [](int n) {
    std::string letters;
    for (; n > 0; n /= 26) letters += static_cast<char>('A' + n % 26);
    return "NOM" + letters;
  };
  for (int i = 0; i < count; ++i)
    csv += fmt::format("{},Élève,eleve.{}@lycee.example.org,{:02}/{:02}/2008,{}\n", word(i), i, 1 + i % 28, 1 + i % 12,
                       class_name);
  return csv;
}

struct Bench {
  storage::Database& database;
  storage::Blobs blobs;
  SystemClock clock{};
  jobs::Queue queue{clock};
  jobs::Kinds kinds{};

  /// From the file on the disk to the end of its task.
  double seconds(const std::string& csv) {
    const auto file = blobs.temporary("incoming") / "students.csv";
    write_file(file, csv);
    const auto begun = Steady::now();
    const auto accepted =
        students::request_import(database, blobs, queue, {.file = file, .filename = "students.csv", .user = {}});
    if (!accepted) throw std::runtime_error(accepted.error().message);
    for (;;) {
      const auto task = database.read([&](storage::Transaction& t) { return queue.find(t, accepted->task).value(); });
      if (task.state == jobs::TaskState::success) break;
      if (is_over(task.state)) throw std::runtime_error(task.error ? task.error->message : "the import failed");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return std::chrono::duration<double>(Steady::now() - begun).count();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto database = storage::Database::open(argv[1]);
  if (!storage::migrate(*database)) return 1;
  const int count = std::atoi(argv[3]);
  Bench bench{*database, storage::Blobs(argv[2])};
  bench.kinds.add(std::string(students::kImportTask), students::import_handler(bench.blobs, {}));
  jobs::WorkerPool pool(*database, bench.queue, bench.kinds, {.threads = 1});
  pool.start();
  boost::json::object result;
  result["new_s"] = bench.seconds(roster(count, "TG1"));
  result["same_s"] = bench.seconds(roster(count, "TG1"));
  result["changed_s"] = bench.seconds(roster(count, "TG2"));
  pool.stop();
  std::puts(boost::json::serialize(result).c_str());
  return 0;
}
