#include <boost/json.hpp>

#include "copies/class_solver.h"
#include "copies/copy_json.h"
#include "copies/header_reader.h"
#include "copies/office_steps.h"
#include "copies/office_tasks.h"
#include "copies/staple_store.h"

namespace korrigo::copies {

namespace json = boost::json;

namespace {

using storage::Transaction;

// Where headers may be: on the faces that show one, else on the first.
std::vector<StoredFace> header_faces(std::vector<StoredFace> faces) {
  std::vector<StoredFace> found;
  for (const StoredFace& face : faces)
    if (face.face.header) found.push_back(face);
  if (found.empty() && !faces.empty()) found.push_back(std::move(faces.front()));
  return found;
}

/// What the batch read against the form it had learned is the best that is known; only headers that nobody
/// understood, or that were never read, are read anew, each on its own.
Result<std::vector<ReadFace>> read_missing(jobs::TaskContext& context, const BatchServices& services,
                                           const ExamId& exam, const CopyId& copy) {
  const auto sources = context.database().read([&](Transaction& t) { return sources_of_copy(t, copy); });
  std::vector<ReadFace> all;
  if (sources.empty()) return all;
  const BatchWork work = work_of(exam, sources, services.blobs);
  const auto faces = context.database().read([&](Transaction& t) {
    std::vector<StoredFace> missing;
    for (StoredFace& face : header_faces(faces_of_copy(t, sources, copy)))
      if (!is_understood(t, face.id)) missing.push_back(std::move(face));
    return missing;
  });
  if (faces.empty()) return all;
  auto reader = services.workshop.reader(work.files);
  if (!reader) return tl::unexpected(reader.error());
  HeaderReader headers(context, services, exam, {});
  for (const StoredFace& face : faces) {
    context.safe_point();
    auto read = headers.read(**reader, face);
    if (!read) return tl::unexpected(read.error());
    if (*read && ((*read)->header.understood || face.face.header)) all.push_back(std::move(**read));
  }
  headers.store();
  return all;
}

// A header where none was known must be hidden from correctors.
void put_readings(Transaction& t, const jobs::TaskContext& context, const ExamId& exam, const CopyId& copy,
                  const std::vector<ReadFace>& read, std::vector<std::string>& obsolete) {
  const UtcTime now = context.clock().now();
  bool is_news = false;
  for (const ReadFace& face : read) {
    put_reading(t, face, now);
    is_news |= set_has_header(t, face.id);
  }
  if (!is_news) return;
  obsolete = pdfs_of_copy(t, copy);
  lay_out(t, copy, now);
  jobs::Queue(context.clock()).enqueue(t, rebuild_task({exam, {copy}, {}}, context.task().created_by));
}

std::string text_in(const json::object& readings, std::string_view field) {
  const json::value* text = readings.if_contains(field);
  return text != nullptr && text->is_string() ? std::string(text->as_string()) : std::string();
}

json::object header_json(const json::object& readings) {
  std::string last_name = text_in(readings, "nom");
  if (last_name.empty()) last_name = text_in(readings, "nom_prenom");
  return {{"last_name", last_name},
          {"first_name", text_in(readings, "prenom")},
          {"date_of_birth", text_in(readings, "date_naissance")}};
}

json::object result_of(const CopyId& copy, const std::optional<OcrView>& ocr, bool linked) {
  OcrView view = ocr.value_or(OcrView());
  if (!ocr) view.mode = "MANUAL";
  json::value matched = nullptr;
  if (view.mode != "MANUAL" && !view.candidates.empty() && view.candidates.front().student)
    matched = json::object{{"id", view.candidates.front().student->id.value},
                           {"confidence", std::clamp(view.candidates.front().confidence, 0.0, 1.0)}};
  return {{"copy_id", copy.text()},
          {"status", "success"},
          {"header_result", header_json(view.readings)},
          {"matched_student", std::move(matched)},
          {"auto_identified", linked},
          {"ocr_mode", view.mode},
          {"suggestions", candidates_json(view.candidates)}};
}

}  // namespace

StepResult read_copy_header(jobs::TaskContext& context, const BatchServices& services) {
  const ExamId exam(std::string(context.payload().at("exam_id").as_string()));
  const CopyId copy(std::string(context.payload().at("copy_id").as_string()));
  const auto read = read_missing(context, services, exam, copy);
  if (!read) return tl::unexpected(read.error());
  std::vector<std::string> obsolete;
  context.commit([&](Transaction& t) { put_readings(t, context, exam, copy, *read, obsolete); });
  for (const std::string& key : obsolete) services.blobs.remove(key);
  SolveOptions options;
  if (context.task().kind == "cmen_ocr") options.link = copy;
  const auto linked = solve_exam(context.database(), context.clock(), exam, options);
  const auto ocr = context.database().read([&](Transaction& t) { return ocr_of_copy(t, copy); });
  return context.finish(result_of(copy, ocr, !linked.empty()));
}

}  // namespace korrigo::copies
