#include "app/check.h"

#include <fmt/format.h>
#include <cstdlib>

#include "app/engines.h"
#include "audit/audit.h"
#include "ocr/hand.h"
#include "ocr/tesseract.h"
#include "sandbox/program.h"
#include "storage/database.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;
using Verdict = Finding::Verdict;
using Findings = std::vector<Finding>;

constexpr std::uintmax_t kLittleDisk = std::uintmax_t{5} << 30;  // a few exams
constexpr std::uintmax_t kNoDisk = std::uintmax_t{500} << 20;
// Earlier than this, no clock can be right.
constexpr UtcTime kBuilt{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};

fs::path nearest_existing(fs::path path) {
  std::error_code error;
  path = fs::absolute(path, error);
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  return path;
}

// Rights alone do not tell: of a root, of a folder that is mounted for reading.
bool can_write(const fs::path& folder) {
  std::string name = (folder / "korrigo-check-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return false;
  std::error_code error;
  fs::remove(name, error);
  return true;
}

void look_at_folder(const std::string& subject, const fs::path& folder, Findings& findings) {
  std::error_code error;
  const bool exists = fs::is_directory(folder, error);
  const fs::path there = nearest_existing(folder);
  if (!can_write(there))
    findings.push_back({subject, Verdict::bad, fmt::format("{} cannot be written", there.string()),
                        "give it to the user that Korrigo runs as, or name another with --data"});
  else
    findings.push_back({subject, Verdict::good,
                        exists ? folder.string() : fmt::format("{} is made at the first start", folder.string()), ""});
}

void look_at_disk(const Config& config, Findings& findings) {
  std::error_code error;
  const auto space = fs::space(nearest_existing(config.media()), error);
  const Verdict verdict = error || space.available < kNoDisk ? Verdict::bad
                          : space.available < kLittleDisk    ? Verdict::attention
                                                             : Verdict::good;
  findings.push_back({"disk", verdict, fmt::format("{:.1f} GB free", static_cast<double>(space.available) / 1e9),
                      verdict == Verdict::good ? "" : "make room: an exam of 100 copies takes about 0.5 GB"});
}

Finding database_finding(const Config& config, bool audit, Findings& findings) {
  std::error_code error;
  const bool own = config.database_url.empty();
  if (own && !fs::exists(config.data / "korrigo.db", error))
    return {"database", Verdict::good, "SQLite in the data folder, made at the first start", ""};
  try {
    const auto database = storage::Database::open(config.database());
    static constexpr storage::Statement kOne{"check.one", "SELECT 1"};
    (void)database->read([](storage::Transaction& t) { return t.row(kOne).has_value(); });
    if (audit) {
      const auto verification = audit::verify(*database);
      const auto& broken = verification.first_break;
      findings.push_back({"audit log", broken ? Verdict::bad : Verdict::good,
                          broken ? fmt::format("row {}: {}", broken->sequence, broken->why)
                                 : fmt::format("{} rows, unbroken; head {}", verification.rows, verification.head),
                          ""});
    }
    return {"database", Verdict::good, own ? "SQLite answers" : "PostgreSQL answers", ""};
  } catch (const storage::DatabaseError& fault) {
    return {"database", Verdict::bad, fault.what(), "look at database_url, and whether the server runs"};
  }
}

void look_at_clock(Findings& findings) {
  const UtcTime now = SystemClock().now();
  const bool right = now > kBuilt;
  findings.push_back({"clock", right ? Verdict::good : Verdict::bad, to_iso(now), right ? "" : "set the clock"});
}

void look_at_poppler(Findings& findings) {
  sandbox::Limits limits;
  limits.wall = std::chrono::seconds(10);
  const auto run = sandbox::run_program({"pdftoppm", "-v"}, -1, limits, 4096);
  const std::string said = run ? run->standard_error : "";
  if (run)
    findings.push_back({"pdftoppm", Verdict::good, said.substr(0, said.find('\n')), ""});
  else
    findings.push_back({"pdftoppm", Verdict::bad, run.error().message, "apt-get install poppler-utils"});
}

void look_at_languages(Findings& findings) {
  for (const char* language : {"fra", "eng"}) {
    const bool needed = std::string_view(language) == "fra";
    const auto made = ocr::Tesseract::make(language);
    const std::string subject = fmt::format("language {}", language);
    if (made)
      findings.push_back({subject, Verdict::good, made->version(), ""});
    else
      findings.push_back({subject, needed ? Verdict::bad : Verdict::attention, "not installed",
                          fmt::format("apt-get install tesseract-ocr-{}", language)});
  }
}

void add_engines(const std::vector<EngineLine>& engines, Findings& findings) {
  for (const EngineLine& engine : engines) {
    const bool ready = engine.health.state == ocr::EngineState::ready;
    const std::string version = ready ? engine.health.version : engine.health.trouble;
    findings.push_back({fmt::format("engine {}", engine.name),
                        engine.is_used && !ready ? Verdict::attention : Verdict::good,
                        fmt::format("{}: {}", engine.is_used ? "used" : "not used", version), engine.health.install});
  }
}

}  // namespace

Result<Findings> check_environment(const Config& config, bool audit) {
  const auto engines = look_at_engines(config, SystemClock());
  if (!engines) return tl::unexpected(engines.error());
  Findings findings;
  look_at_folder("data folder", config.data, findings);
  look_at_folder("media", config.media(), findings);
  look_at_disk(config, findings);
  findings.push_back(database_finding(config, audit, findings));
  findings.push_back({"redis", Verdict::good, "not used", ""});
  look_at_clock(findings);
  findings.push_back({"models", Verdict::good, fmt::format("korrigo-hand {}", ocr::Hand::built_in().version()), ""});
  look_at_poppler(findings);
  look_at_languages(findings);
  add_engines(*engines, findings);
  return findings;
}

}  // namespace korrigo::app
