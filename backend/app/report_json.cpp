#include <boost/json.hpp>
#include <cmath>

#include "app/report.h"
#include "identification/explanation.h"

namespace korrigo::app {
namespace {

namespace json = boost::json;

json::object describe(const students::RosterStudent& student) {
  return {{"email", student.email},
          {"nom", student.nom},
          {"prenom", student.prenom},
          {"date_naissance", student.date_naissance.iso()}};
}

json::object describe(const scans::Face& face) {
  json::array flags;
  for (const std::string& flag : face.flags) flags.emplace_back(flag);
  return {{"source", face.source},
          {"side", face.side + 1},
          {"half", json::string(scans::to_string(face.half))},
          {"rotation", face.rotation},
          {"skew_degrees", std::round(face.skew_degrees * 100) / 100},
          {"blank", face.blank},
          {"flags", std::move(flags)}};
}

json::object readings_of(const ScanResult& result, const ScannedCopy& copy) {
  json::object readings;
  for (const std::size_t header : copy.headers)
    for (const auto& field : result.headings.headers[header].reading.fields) {
      const json::string key(ocr::to_string(field.kind));
      if (!readings.contains(key)) readings[key] = field.text;
    }
  return readings;
}

json::array candidates_of(const ScanResult& result, const ScannedCopy& copy) {
  const auto& students = result.roster.students;
  identification::CopyEvidence evidence;
  for (const std::size_t header : copy.headers) evidence.readings.push_back(result.headings.headers[header].reading);
  json::array candidates;
  for (const auto& candidate : copy.decision.candidates) {
    json::object object{{"email", nullptr}, {"confidence", candidate.confidence}};
    if (candidate.student) {
      object["email"] = students[*candidate.student].email;
      object["evidence"] = identification::explanation(evidence, students[*candidate.student]);
    }
    candidates.push_back(std::move(object));
  }
  return candidates;
}

json::array engines_json(const std::vector<ocr::EngineRecord>& records) {
  json::array engines;
  for (const ocr::EngineRecord& record : records)
    engines.push_back(json::object{{"name", record.name},
                                   {"version", record.version},
                                   {"asked", record.asked},
                                   {"answered", record.answered},
                                   {"trouble", record.trouble}});
  return engines;
}

json::object describe(const ScanResult& result, const ScannedCopy& copy) {
  const auto& students = result.roster.students;
  json::array faces;
  for (const scans::Face& face : copy.faces) faces.push_back(describe(face));
  json::array warnings;
  for (const std::string& warning : copy.warnings) warnings.emplace_back(warning);
  return {{"anonymous_id", copy.anonymous_id},
          {"file", "copies/" + copy.anonymous_id + ".pdf"},
          {"mode", json::string(identification::to_string(copy.decision.mode))},
          {"confidence", copy.decision.confidence},
          {"student",
           copy.decision.student ? json::value(describe(students[*copy.decision.student])) : json::value(nullptr)},
          {"candidates", candidates_of(result, copy)},
          {"readings", readings_of(result, copy)},
          {"faces", std::move(faces)},
          {"warnings", std::move(warnings)}};
}

// Boost.JSON writes one line; a report is also read by people.
void print(std::string& out, const json::value& value, int depth) {
  const std::string indent(static_cast<std::size_t>(depth + 1) * 2, ' ');
  const std::string closing(static_cast<std::size_t>(depth) * 2, ' ');
  constexpr int kOpenLevels = 3;  // deeper values stay on one line
  const auto list = [&](const auto& container, char open, char close, const auto& item) {
    out += open;
    bool first = true;
    for (const auto& element : container) {
      out += first ? "\n" : ",\n";
      first = false;
      out += indent;
      item(element);
    }
    if (!container.empty()) out += "\n" + closing;
    out += close;
  };
  if (depth < kOpenLevels && value.is_object())
    list(value.get_object(), '{', '}', [&](const auto& member) {
      out += json::serialize(json::string(member.key())) + ": ";
      print(out, member.value(), depth + 1);
    });
  else if (depth < kOpenLevels && value.is_array())
    list(value.get_array(), '[', ']', [&](const auto& element) { print(out, element, depth + 1); });
  else
    out += json::serialize(value);
}

}  // namespace

std::string report_json(const ScanResult& result) {
  json::array sources;
  for (const ScanSource& source : result.sources)
    sources.push_back(json::object{{"file", source.file}, {"sha256", source.sha256}, {"sides", source.sides}});
  json::array copies;
  for (const ScannedCopy& copy : result.copies) copies.push_back(describe(result, copy));
  json::array unplaced;
  for (const scans::UnplacedFace& face : result.batch.unplaced)
    unplaced.push_back(json::object{{"source", face.source},
                                    {"side", face.side + 1},
                                    {"half", json::string(scans::to_string(face.half))},
                                    {"reason", face.reason}});
  json::array absent;
  for (const std::size_t student : result.absent) absent.emplace_back(result.roster.students[student].email);
  json::array warnings;
  for (const std::string& warning : result.batch.warnings) warnings.emplace_back(warning);
  json::object timings;
  for (const auto& [stage, seconds] : result.timings) timings[stage] = std::round(seconds * 1000) / 1000;
  const json::value report =
      json::object{{"version", 1},
                   {"sources", std::move(sources)},
                   {"batch", json::object{{"imposition", json::string(scans::to_string(result.batch.imposition))},
                                          {"verso_rotation", result.batch.verso_rotation},
                                          {"pages_per_booklet", result.batch.pages_per_booklet},
                                          {"header_form", result.headings.forms.origin},
                                          {"warnings", std::move(warnings)}}},
                   {"copies", std::move(copies)},
                   {"unplaced", std::move(unplaced)},
                   {"absent", std::move(absent)},
                   {"engines", engines_json(result.engines)},
                   {"timings_s", std::move(timings)}};
  std::string out;
  print(out, report, 0);
  return out + "\n";
}

}  // namespace korrigo::app
