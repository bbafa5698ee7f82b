#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "app/copies_out.h"
#include "app/report.h"
#include "base/text.h"

namespace korrigo::app {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--bg:#f6f7f5;--card:#fff;--text:#1d2421;--soft:#5c6863;--line:#dde2df;--good:#1c6e4a;--goodbg:#e3f3ea;
--look:#8a5200;--lookbg:#fdf0d9;--bad:#a12b2b;--badbg:#fbe6e4;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#151a18;--card:#1e2522;--text:#e4eae7;--soft:#9aa8a2;--line:#323b37;--good:#7fd6ac;--goodbg:#16382a;
--look:#f0c27a;--lookbg:#3d2f12;--bad:#f2a09a;--badbg:#421f1d;--paper:#d9dcda}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:16px/1.45 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 20px 60px}h1{font-size:1.6rem;margin:0 0 4px}h2{font-size:1.15rem;margin:34px 0 12px}
p{margin:4px 0;overflow-wrap:anywhere}.soft{color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:10px;margin:20px 0}
.figure{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px;font-size:.9rem}.figure b{display:block;font-size:1.5rem;line-height:1.2}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:14px}
article{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden;display:flex;flex-direction:column}
article img{display:block;width:100%;background:var(--paper);border-bottom:1px solid var(--line)}
.body{padding:10px 14px 12px}.row{display:flex;gap:2px 10px;align-items:baseline;flex-wrap:wrap}.who{font-weight:600;overflow-wrap:anywhere}
.row+.row{margin-top:6px}.id{font-variant-numeric:tabular-nums;color:var(--soft);margin-left:auto}.id a{color:inherit}
.mode{font-size:.78rem;font-weight:700;letter-spacing:.03em;border-radius:4px;padding:2px 8px}
.AUTO{background:var(--goodbg);color:var(--good)}.SEMI_AUTO{background:var(--lookbg);color:var(--look)}.MANUAL{background:var(--badbg);color:var(--bad)}
ul{margin:6px 0 0;padding-left:20px}.warn{color:var(--look)}ol{margin:6px 0 0;padding-left:22px}li{overflow-wrap:anywhere}
table{border-collapse:separate;border-spacing:0;overflow:hidden;width:100%;background:var(--card);border:1px solid var(--line);border-radius:8px}
th,td{text-align:left;padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}th{color:var(--soft);font-weight:600}th,.short{white-space:nowrap}
@media print{body{background:#fff}article{break-inside:avoid}}
)";

std::string percent(double share) {
  // Rounded down, so that 99.96 % never reads as certainty; a trace never reads as impossible.
  if (share < 0.001) return "&lt;&nbsp;0.1&nbsp;%";
  return fmt::format("{:.1f}&nbsp;%", std::floor(share * 1000) / 10);
}

std::string name_of(const students::RosterStudent& student) {
  return escape_html(fmt::format("{} {} ({})", student.nom, student.prenom, student.date_naissance.french()));
}

std::string_view explained(identification::Mode mode) {
  switch (mode) {
    case identification::Mode::automatic:
      return "identified";
    case identification::Mode::semi_automatic:
      return "to confirm";
    case identification::Mode::manual:
      return "to identify";
  }
  return "";
}

// Candidates with one name and one birth date are told apart by their address.
std::string candidate_name(const ScanResult& result, const ScannedCopy& copy, std::size_t student) {
  const auto& students = result.roster.students;
  const std::string name = name_of(students[student]);
  const auto& all = copy.decision.candidates;
  const bool shared = std::any_of(all.begin(), all.end(), [&](const identification::Candidate& other) {
    return other.student && *other.student != student && name_of(students[*other.student]) == name;
  });
  return shared ? name + ", " + escape_html(students[student].email) : name;
}

void add_candidates(std::string& out, const ScanResult& result, const ScannedCopy& copy) {
  if (copy.decision.student || copy.decision.candidates.empty()) return;
  out += "<ol>";
  for (const auto& candidate : copy.decision.candidates)
    out += fmt::format("<li>{} <span class=\"soft\">{}</span></li>",
                       candidate.student ? candidate_name(result, copy, *candidate.student) : "Not on the roster",
                       percent(candidate.confidence));
  out += "</ol>";
}

void add_readings(std::string& out, const ScanResult& result, const ScannedCopy& copy) {
  std::string texts;
  for (const std::size_t header : copy.headers)
    for (const auto& field : result.headings.headers[header].reading.fields)
      if (!field.text.empty()) texts += fmt::format("{}{}", texts.empty() ? "" : " · ", escape_html(field.text));
  if (!texts.empty()) out += fmt::format("<p class=\"soft\">Read: {}</p>", texts);
}

void add_copy(std::string& out, const ScanResult& result, const ScannedCopy& copy) {
  const std::string mode(identification::to_string(copy.decision.mode));
  out += "<article>";
  for (std::size_t i = 0; i < copy.headers.size(); ++i)
    out += fmt::format("<img loading=\"lazy\" src=\"{}\" alt=\"Header of copy {}\">", header_picture_name(copy, i),
                       copy.anonymous_id);
  out += fmt::format(
      "<div class=\"body\"><div class=\"row\"><span class=\"mode {0}\">{1}</span>"
      "<span class=\"id\"><a href=\"copies/{2}.pdf\">{2}</a> · <a href=\"masked/{2}.pdf\">masked</a> · {3} "
      "faces</span></div>",
      mode, explained(copy.decision.mode), copy.anonymous_id, copy.faces.size());
  if (copy.decision.student)
    out += fmt::format("<div class=\"row\"><span class=\"who\">{}</span><span class=\"soft\">{}</span></div>",
                       name_of(result.roster.students[*copy.decision.student]), percent(copy.decision.confidence));
  add_readings(out, result, copy);
  add_candidates(out, result, copy);
  if (!copy.warnings.empty()) {
    out += "<ul class=\"warn\">";
    for (const std::string& warning : copy.warnings) out += "<li>" + escape_html(warning) + "</li>";
    out += "</ul>";
  }
  out += "</div></article>";
}

void add_section(std::string& out, const ScanResult& result, std::string_view title,
                 const std::vector<const ScannedCopy*>& copies) {
  if (copies.empty()) return;
  out += fmt::format("<h2>{} ({})</h2><div class=\"grid\">", title, copies.size());
  for (const ScannedCopy* copy : copies) add_copy(out, result, *copy);
  out += "</div>";
}

void add_unplaced(std::string& out, const ScanResult& result) {
  if (result.batch.unplaced.empty()) return;
  const bool several = result.sources.size() > 1;
  out += fmt::format("<h2>Faces in no copy ({})</h2><table><tr>{}<th>Page</th><th>Half</th><th>Why</th></tr>",
                     result.batch.unplaced.size(), several ? "<th>File</th>" : "");
  for (const auto& face : result.batch.unplaced) {
    out += "<tr>";
    if (several)
      out += fmt::format("<td>{}</td>", escape_html(result.sources[static_cast<std::size_t>(face.source)].file));
    out += fmt::format("<td class=\"short\">{}</td><td class=\"short\">{}</td><td>{}</td></tr>", face.side + 1,
                       scans::to_string(face.half), escape_html(face.reason));
  }
  out += "</table>";
}

void add_absent(std::string& out, const ScanResult& result) {
  if (result.absent.empty()) return;
  out += fmt::format("<h2>Students without an identified copy ({})</h2><p>", result.absent.size());
  for (std::size_t i = 0; i < result.absent.size(); ++i)
    out += (i == 0 ? "" : " · ") + name_of(result.roster.students[result.absent[i]]);
  out += "</p>";
}

void add_figures(std::string& out, const ScanResult& result, std::size_t automatic, std::size_t to_see) {
  int sides = 0;
  for (const ScanSource& source : result.sources) sides += source.sides;
  std::size_t faces = 0;
  for (const ScannedCopy& copy : result.copies) faces += copy.faces.size();
  const auto figure = [&](auto value, std::string_view word) {
    out += fmt::format("<div class=\"figure\"><b>{}</b>{}</div>", value, word);
  };
  out += "<div class=\"figures\">";
  figure(sides, "sides scanned");
  figure(faces, "faces in copies");
  figure(result.copies.size(), "copies");
  figure(automatic, "identified");
  figure(to_see, "to look at");
  figure(result.batch.unplaced.size(), "faces in no copy");
  figure(fmt::format("{:.1f} s", result.timings.at("total")), "in all");
  out += "</div>";
}

}  // namespace

std::string report_html(const ScanResult& result) {
  std::vector<const ScannedCopy*> to_see;
  std::vector<const ScannedCopy*> noted;
  std::vector<const ScannedCopy*> settled;
  std::size_t automatic = 0;
  for (const ScannedCopy& copy : result.copies) {
    automatic += copy.decision.student.has_value();
    (!copy.decision.student ? to_see : !copy.warnings.empty() ? noted : settled).push_back(&copy);
  }
  std::string out =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<title>Korrigo: scan report</title><style>";
  out += kStyle;
  out += "</style></head><body><main><h1>Scan report</h1><p class=\"soft\">";
  for (std::size_t i = 0; i < result.sources.size(); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : " · ", escape_html(result.sources[i].file));
  out += fmt::format(" — {} sheets, versos turned by {}°, {} faces to a booklet</p>",
                     scans::to_string(result.batch.imposition), result.batch.verso_rotation,
                     result.batch.pages_per_booklet);
  for (const std::string& warning : result.batch.warnings) out += "<p class=\"warn\">" + escape_html(warning) + "</p>";
  add_figures(out, result, automatic, to_see.size());
  add_unplaced(out, result);
  add_section(out, result, "Copies that need a person", to_see);
  add_section(out, result, "Identified, with a remark", noted);
  add_section(out, result, "Identified", settled);
  add_absent(out, result);
  out += "</main></body></html>\n";
  return out;
}

}  // namespace korrigo::app
