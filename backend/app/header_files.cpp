#include "app/header_files.h"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <thread>

#include "base/files.h"
#include "identification/header_form.h"
#include "identification/reading_json.h"
#include "pdf/picture_reader.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using identification::HeaderForm;
using imaging::GrayImage;

struct Worker {
  pdf::PictureReader pictures;
  ocr::Tesseract engine;
};

std::vector<HeaderFile> list_headers(const fs::path& folder) {
  std::vector<HeaderFile> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (entry.is_regular_file() && (extension == ".jpg" || extension == ".jpeg" || extension == ".png"))
      files.push_back({entry.path().filename().string(), {}, {}});
  }
  std::sort(files.begin(), files.end(), [](const HeaderFile& a, const HeaderFile& b) { return a.name < b.name; });
  return files;
}

Result<std::vector<Worker>> start_workers(int jobs) {
  std::vector<Worker> workers;
  const int wanted = jobs > 0 ? jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  while (static_cast<int>(workers.size()) < wanted) {
    auto engine = ocr::Tesseract::make();
    if (!engine) return tl::unexpected(engine.error());
    workers.push_back({{}, std::move(*engine)});
  }
  return workers;
}

Result<GrayImage> level_picture(const fs::path& path, pdf::PictureReader& pictures) {
  auto picture = pictures.read(path);
  if (!picture) return tl::unexpected(picture.error());
  return imaging::deskewed(*picture, imaging::find_skew(imaging::box_reduced(*picture, 2)).degrees);
}

// The form that the pictures share, when there are enough of them.
std::optional<HeaderForm> learn_form(const std::vector<HeaderFile>& files, const fs::path& folder, Worker& worker) {
  constexpr std::size_t kWanted = 11;
  constexpr std::size_t kNeeded = 5;
  const std::size_t count = std::min(kWanted, files.size());
  std::vector<GrayImage> pictures;
  for (std::size_t i = 0; i < count; ++i)
    if (auto picture = level_picture(folder / files[i * files.size() / count].name, worker.pictures))
      pictures.push_back(std::move(*picture));
  if (pictures.size() < kNeeded) return std::nullopt;
  return identification::understand_form(identification::learn_print(pictures), true, worker.engine);
}

json::object kept_readings(const fs::path& path) {
  std::error_code error;
  if (path.empty() || !fs::is_regular_file(path, error)) return {};
  const json::value value = json::parse(read_file(path), error);
  return value.is_object() ? value.as_object() : json::object();
}

// What the file holds of this picture, read by this version of the readers.
bool take_kept(const json::object& kept, const std::string& version, HeaderFile& file) {
  const json::value* value = kept.if_contains(file.name);
  const auto header = value == nullptr ? std::nullopt : identification::header_of_json(*value);
  if (!header || header->engine_version != version) return false;
  file.evidence.readings.push_back(header->reading);
  return true;
}

void read_file_header(const fs::path& folder, const HeaderForm* learned, HeaderFile& file, Worker& worker,
                      ocr::ExternalEngines* further = nullptr) {
  const auto level = level_picture(folder / file.name, worker.pictures);
  if (!level) {
    file.problem = level.error().message;
    return;
  }
  std::optional<HeaderForm> single;
  if (learned == nullptr) single = identification::understand_form(*level, false, worker.engine);
  const HeaderForm* form = single ? &*single : learned;
  if (form == nullptr)
    file.problem = "No name field was recognised.";
  else
    file.evidence.readings = {identification::read_header(*level, *form, worker.engine, further).reading};
}

void keep(const fs::path& path, const std::vector<HeaderFile>& files, const std::string& version) {
  json::object kept;
  for (const HeaderFile& file : files) {
    if (file.evidence.readings.empty()) continue;
    identification::BatchHeader header;
    header.understood = true;
    header.reading = file.evidence.readings.front();
    header.engine_version = version;
    kept[file.name] = identification::reading_json(header);
  }
  write_file(path, json::serialize(kept) + "\n");
}

}  // namespace

Result<std::vector<HeaderFile>> read_header_files(const HeaderFilesOptions& options, const Cancel& cancel) {
  std::vector<HeaderFile> files = list_headers(options.folder);
  if (files.empty())
    return refuse(ErrorKind::invalid_input, "headers.empty",
                  fmt::format("{} holds no JPEG or PNG picture.", options.folder.string()));
  auto workers = start_workers(options.jobs);
  if (!workers) return tl::unexpected(workers.error());
  const std::string version = identification::reader_version(workers->front().engine);
  const json::object kept = kept_readings(options.kept);
  std::vector<HeaderFile*> unread;
  for (HeaderFile& file : files)
    if (!take_kept(kept, version, file)) unread.push_back(&file);
  std::optional<HeaderForm> form;
  if (options.stack && !unread.empty()) form = learn_form(files, options.folder, workers->front());
  for_each_parallel(static_cast<int>(workers->size()), unread.size(), cancel, [&](int worker, std::size_t i) {
    read_file_header(options.folder, form ? &*form : nullptr, *unread[i], (*workers)[static_cast<std::size_t>(worker)]);
  });
  if (!options.kept.empty()) keep(options.kept, files, version);
  return files;
}

Result<void> look_again_at_files(const HeaderFilesOptions& options, const std::vector<std::size_t>& doubtful,
                                 std::vector<HeaderFile>& files, const Cancel& cancel) {
  if (options.further == nullptr || options.further->empty() || doubtful.empty()) return {};
  auto workers = start_workers(options.jobs);
  if (!workers) return tl::unexpected(workers.error());
  std::optional<HeaderForm> form;
  if (options.stack) form = learn_form(files, options.folder, workers->front());
  for_each_parallel(static_cast<int>(workers->size()), doubtful.size(), cancel, [&](int worker, std::size_t i) {
    read_file_header(options.folder, form ? &*form : nullptr, files[doubtful[i]],
                     (*workers)[static_cast<std::size_t>(worker)], options.further);
  });
  return {};
}

}  // namespace korrigo::app
