#include "exams/file_check.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "exams/incoming.h"

namespace korrigo::exams {
namespace {

Error at_field(Error error, const char* field) {
  error.field = field;
  return error;
}

Error too_large(std::uint64_t size, std::uint64_t max, const char* code, const char* field) {
  return at_field({ErrorKind::too_large, code, fmt::format("File too large: {} bytes (max: {})", size, max)}, field);
}

/// The refusal of the file as its sender knows it.
Error worded(const Error& refusal, const IncomingFile& file) {
  std::string message = refusal.message;
  const std::string temporary = file.path.filename().string();
  if (const auto at = message.find(file.path.string()); at != message.npos)
    message.replace(at, file.path.string().size(), file.name);
  else if (const auto name = message.find(temporary); name != message.npos)
    message.replace(name, temporary.size(), file.name);
  Error error{ErrorKind::malformed, refusal.code, std::move(message), refusal.detail};
  if (refusal.code == "source.empty") {
    error.message = "PDF has no pages";
  } else if (refusal.code != "source.encrypted" && refusal.code != "source.too_many_pages") {
    error.code = "source.corrupted";
    error.message = "Corrupted PDF: " + error.message;
  }
  return at_field(std::move(error), "pdf_file");
}

}  // namespace

Result<int> check_pdf(const Intake& intake, const IncomingFile& file) {
  if (file.size > intake.limits.max_pdf_bytes)
    return tl::unexpected(too_large(file.size, intake.limits.max_pdf_bytes, "source.too_large", "pdf_file"));
  if (!is_utf8(file.name) || !lower(file.name).ends_with(".pdf"))
    return tl::unexpected(
        at_field({ErrorKind::malformed, "source.not_pdf", "Invalid file type: must be PDF"}, "pdf_file"));
  if (file.size == 0) return tl::unexpected(worded({ErrorKind::malformed, "source.empty", ""}, file));
  auto pages = intake.check(file.path, intake.limits.max_pages);
  if (!pages) return tl::unexpected(worded(pages.error(), file));
  if (*pages < 1) return tl::unexpected(worded({ErrorKind::malformed, "source.empty", ""}, file));
  return pages;
}

Result<std::vector<Result<int>>> check_each(const Intake& intake, std::span<const IncomingFile> files) {
  if (files.empty())
    return tl::unexpected(at_field({ErrorKind::malformed, "source.missing", "PDF file required"}, "pdf_file"));
  if (files.size() > kMaxFiles)
    return tl::unexpected(at_field({ErrorKind::malformed, "source.too_many_files",
                                    fmt::format("At most {} files are accepted at once.", kMaxFiles)},
                                   "pdf_file"));
  std::vector<Result<int>> checked;
  for (const IncomingFile& file : files) checked.push_back(check_pdf(intake, file));
  return checked;
}

Result<std::vector<int>> check_pdfs(const Intake& intake, std::span<const IncomingFile> files, Faults* faults) {
  const auto checked = check_each(intake, files);
  if (!checked) return tl::unexpected(checked.error());
  std::vector<int> pages;
  std::vector<FileFault> refused;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Result<int>& file = (*checked)[i];
    if (file) {
      pages.push_back(*file);
    } else {
      refused.push_back({files[i].name, file.error()});
    }
  }
  if (refused.empty()) return pages;
  return tl::unexpected(refusal_of(std::move(refused), faults));
}

Result<students::Roster> check_roster(const Intake& intake, const IncomingFile& file, Faults* faults) {
  if (file.size > intake.limits.max_csv_bytes)
    return tl::unexpected(too_large(file.size, intake.limits.max_csv_bytes, "roster.too_large", "students_csv"));
  students::RosterLimits limits;
  limits.max_bytes = intake.limits.max_csv_bytes;
  students::RosterReading reading = students::read_roster(read_file(file.path), limits);
  if (reading.faults.empty()) return std::move(reading.roster);
  if (faults != nullptr) faults->roster.lines = reading.faults;
  return tl::unexpected(students::refusal_of(reading.faults));
}

}  // namespace korrigo::exams
