#include "app/scan_run.h"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "app/copies_out.h"
#include "app/report.h"
#include "base/files.h"
#include "base/hash.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }
  double total() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
};

Result<students::Roster> load_roster(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return refuse(ErrorKind::not_found, "roster.missing",
                  fmt::format("The roster {} does not exist or is not a file.", path.string()));
  if (fs::file_size(path, error) > students::RosterLimits().max_bytes)
    return refuse(ErrorKind::too_large, "roster.too_large",
                  fmt::format("The roster {} is larger than 10 MB.", path.string()));
  auto roster = students::parse_roster(read_file(path));
  if (!roster) {
    Error refusal = roster.error();
    refusal.message = fmt::format("{}: {}", path.filename().string(), refusal.message);
    return tl::unexpected(refusal);
  }
  if (roster->students.empty())
    return refuse(ErrorKind::invalid_input, "roster.empty",
                  fmt::format("The roster {} holds no student.", path.filename().string()));
  return roster;
}

// Copies of which no face could be taken over are no copies; who is left without one is absent.
void settle(ScanResult& result) {
  std::erase_if(result.copies, [](const ScannedCopy& copy) { return copy.faces.empty(); });
  std::sort(result.copies.begin(), result.copies.end(),
            [](const ScannedCopy& a, const ScannedCopy& b) { return a.anonymous_id < b.anonymous_id; });
  std::set<std::size_t> present;
  for (const ScannedCopy& copy : result.copies)
    if (copy.decision.student) present.insert(*copy.decision.student);
  for (std::size_t student = 0; student < result.roster.students.size(); ++student)
    if (!present.contains(student)) result.absent.push_back(student);
}

int job_count(int wanted) {
  return wanted > 0 ? wanted : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

struct Workers {
  std::vector<pdf::SourceReader> readers;
  std::vector<pdf::SourceReader*> pointers;
  std::vector<ocr::Tesseract> engines;
};

Result<Workers> start_workers(const ScanOptions& options) {
  pdf::ReadLimits limits;
  limits.max_pages = options.max_pages;
  auto reader = pdf::SourceReader::open(options.sources, limits);
  if (!reader) return tl::unexpected(reader.error());
  Workers workers;
  const int jobs = job_count(options.jobs);
  workers.readers.push_back(std::move(*reader));
  while (static_cast<int>(workers.readers.size()) < jobs) workers.readers.push_back(workers.readers.front().clone());
  for (auto& each : workers.readers) workers.pointers.push_back(&each);
  return workers;
}

std::vector<ScanSource> describe_sources(const ScanOptions& options, const pdf::SourceReader& reader) {
  std::vector<ScanSource> sources;
  for (std::size_t i = 0; i < options.sources.size(); ++i)
    sources.push_back({options.sources[i].filename().string(), {}, reader.side_count(static_cast<int>(i))});
  return sources;
}

// Engines are made and files are hashed side by side.
Result<void> prepare(const ScanOptions& options, Workers& workers, std::vector<ScanSource>& sources,
                     const Cancel& cancel) {
  const std::size_t engines = workers.readers.size();
  std::vector<std::optional<Result<ocr::Tesseract>>> made(engines);
  for_each_parallel(static_cast<int>(engines), sources.size() + engines, cancel, [&](int, std::size_t i) {
    if (i < sources.size())
      sources[i].sha256 = sha256_of_file(options.sources[i]);
    else
      made[i - sources.size()] = ocr::Tesseract::make();
  });
  for (auto& engine : made) {
    if (!*engine) return tl::unexpected(engine->error());
    workers.engines.push_back(std::move(**engine));
  }
  return {};
}

// Without an automatic answer, further engines are heard and everything is decided anew.
void ask_further_engines(const ScanOptions& options, Workers& workers, ScanResult& result, const Cancel& cancel) {
  if (options.engines == nullptr || options.engines->empty()) return;
  std::vector<std::size_t> doubtful;
  for (const ScannedCopy& copy : result.copies)
    if (copy.decision.mode != identification::Mode::automatic)
      doubtful.insert(doubtful.end(), copy.headers.begin(), copy.headers.end());
  identification::look_again(workers.pointers, workers.engines, *options.engines, result.batch, doubtful,
                             result.headings, cancel);
  if (!doubtful.empty())
    result.copies = copies::make_copies(result.batch, result.headings.headers, result.roster, options.thresholds);
  result.engines = options.engines->records();
}

Result<void> check_target(const fs::path& out) {
  std::error_code error;
  if (fs::exists(out, error) && (!fs::is_directory(out, error) || !fs::is_empty(out, error)))
    return refuse(ErrorKind::invalid_input, "out.exists",
                  fmt::format("{} already holds something; name a new or empty folder.", out.string()));
  return {};
}

}  // namespace

bool ScanResult::needs_a_person() const {
  return !batch.unplaced.empty() || !batch.warnings.empty() ||
         std::any_of(copies.begin(), copies.end(),
                     [](const ScannedCopy& copy) { return !copy.decision.student || !copy.warnings.empty(); });
}

Result<ScanResult> scan(const ScanOptions& options, const Cancel& cancel, const ScanProgress& progress) {
  Stopwatch watch;
  if (auto target = check_target(options.out); !target) return tl::unexpected(target.error());
  ScanResult result;
  auto roster = load_roster(options.roster);
  if (!roster) return tl::unexpected(roster.error());
  result.roster = std::move(*roster);
  auto workers = start_workers(options);
  if (!workers) return tl::unexpected(workers.error());
  StagedFolder staged(options.out);
  result.sources = describe_sources(options, workers->readers.front());
  if (auto prepared = prepare(options, *workers, result.sources, cancel); !prepared)
    return tl::unexpected(prepared.error());
  result.timings["open"] = watch.lap();

  scans::IntakeOptions intake_options{options.survey, options.arrange, static_cast<int>(workers->readers.size())};
  intake_options.reads_header = [&](int worker, const scans::Face& face) {
    const auto w = static_cast<std::size_t>(worker);
    const auto picture = identification::header_picture(*workers->pointers[w], face);
    return picture && identification::understand_form(*picture, false, workers->engines[w]);
  };
  scans::Intake intake = scans::take_in(workers->pointers, intake_options, cancel, progress);
  result.batch = std::move(intake.batch);
  result.timings["sides"] = watch.lap();

  HeaderPictures pictures(staged.work());
  result.headings = identification::read_headers(
      workers->pointers, workers->engines, result.batch, intake.prints, cancel,
      [&](const identification::BatchHeader& header, const imaging::GrayImage& picture) {
        pictures.keep(header, picture);
      },
      [&](std::size_t done, std::size_t total) { progress("headers", done, total); });
  result.timings["headers"] = watch.lap();

  result.copies = copies::make_copies(result.batch, result.headings.headers, result.roster, options.thresholds);
  ask_further_engines(options, *workers, result, cancel);
  workers->engines.clear();
  result.timings["identify"] = watch.lap();

  write_copies(workers->pointers, result, staged.work(), options.previews, cancel, progress);
  pictures.rename_for(result);
  settle(result);
  result.timings["write"] = watch.lap();
  result.timings["total"] = watch.total();
  write_file(staged.work() / "report.json", report_json(result));
  write_file(staged.work() / "report.html", report_html(result));
  if (cancel.requested()) throw Cancelled();
  staged.publish();
  return result;
}

}  // namespace korrigo::app
