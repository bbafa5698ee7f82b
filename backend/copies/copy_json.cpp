#include "copies/copy_json.h"

#include <boost/json.hpp>

namespace korrigo::copies {

namespace json = boost::json;

namespace {

json::value time_json(const std::optional<UtcTime>& time) {
  return time ? json::value(to_iso(*time)) : json::value(nullptr);
}

json::value text_json(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::value user_json(const std::optional<UserId>& user) {
  return user ? json::value(user->value) : json::value(nullptr);
}

json::value header_json(const std::optional<BookletId>& booklet) {
  return booklet ? json::value(header_url(*booklet)) : json::value(nullptr);
}

json::value pdf_json(const CopyId& copy, bool has_pdf) {
  return has_pdf ? json::value("/api/copies/" + copy.text() + "/pdf/") : json::value(nullptr);
}

json::value owner_json(const std::optional<StudentBrief>& student) {
  return student ? json::value(student_json(*student)) : json::value(nullptr);
}

json::object permissions_json(const CopyView& copy) {
  const bool in_office = copy.status == "STAGING" || copy.status == "READY" || copy.status == "QUARANTINE";
  return {{"validate", copy.status == "STAGING" && copy.page_count > 0},
          {"identify", in_office},
          {"unidentify", in_office && copy.student.has_value()}};
}

json::object corrector_permissions_json(const CopyView& copy) {
  const bool markable = copy.status == "READY" || copy.status == "LOCKED";
  return {{"mark", markable}, {"finalise", markable || copy.status == "GRADING_FAILED"}};
}

// In the order of a form.
std::string detected_text(const json::object& readings) {
  std::string text;
  for (const std::string_view field : {"nom_prenom", "nom", "prenom", "date_naissance", "classe", "numero_candidat"}) {
    const json::value* read = readings.if_contains(field);
    if (read == nullptr || !read->is_string() || read->as_string().empty()) continue;
    text += (text.empty() ? "" : " ") + std::string(read->as_string());
  }
  return text;
}

}  // namespace

std::string header_url(const BookletId& booklet) {
  return "/api/exams/booklets/" + booklet.text() + "/header/";
}

std::string face_url(const FaceId& face) {
  return "/api/exams/faces/" + face.text() + "/image/";
}

json::object student_json(const StudentBrief& student) {
  return {{"id", student.id.value},
          {"last_name", student.last_name},
          {"first_name", student.first_name},
          {"date_naissance", student.date_naissance},
          {"email", text_json(student.email)},
          {"class_name", student.class_name}};
}

json::object face_json(const FaceView& face) {
  json::value box = nullptr;
  if (face.header)
    box = json::object{{"x", face.header->x}, {"y", face.header->y}, {"w", face.header->w}, {"h", face.header->h}};
  return {{"id", face.id.text()},
          {"position", face.position},
          {"source_id", face.source.text()},
          {"side", face.side},
          {"half", face.half},
          {"rotation", face.rotation},
          {"skew_degrees", face.skew_degrees},
          {"is_blank", face.is_blank},
          {"has_header", face.has_header},
          {"flags", json::value_from(face.flags)},
          {"header_box", std::move(box)},
          {"image_url", face.has_picture ? json::value(face_url(face.id)) : json::value(nullptr)}};
}

json::object booklet_json(const BookletView& booklet) {
  json::array faces;
  for (const FaceView& face : booklet.faces) faces.push_back(face_json(face));
  return {{"id", booklet.id.text()},
          {"exam_id", booklet.exam.text()},
          {"start_page", booklet.start_page},
          {"end_page", booklet.end_page},
          {"page_count", booklet.faces.size()},
          {"student_name_guess", text_json(booklet.student_name_guess)},
          {"header_url", booklet.has_header ? json::value(header_url(booklet.id)) : json::value(nullptr)},
          {"copy_id", booklet.copy ? json::value(booklet.copy->text()) : json::value(nullptr)},
          {"copy_status", text_json(booklet.copy_status)},
          {"faces", std::move(faces)}};
}

json::array candidates_json(const std::vector<CandidateView>& candidates) {
  json::array all;
  for (const CandidateView& candidate : candidates)
    all.push_back(json::object{{"rank", all.size() + 1},
                               {"student", owner_json(candidate.student)},
                               {"confidence", std::clamp(candidate.confidence, 0.0, 1.0)},
                               {"evidence", candidate.evidence}});
  return all;
}

json::value ocr_json(const std::optional<OcrView>& ocr) {
  if (!ocr) return nullptr;
  json::array engines;
  for (const auto& [name, version] : ocr->engines)
    engines.push_back(json::object{{"name", name}, {"version", version}});
  return json::object{{"detected_text", detected_text(ocr->readings)},
                      {"confidence", ocr->confidence},
                      {"ocr_mode", ocr->mode},
                      {"readings", ocr->readings},
                      {"candidates", candidates_json(ocr->candidates)},
                      {"selected_rank", ocr->selected_rank ? json::value(*ocr->selected_rank) : json::value(nullptr)},
                      {"manual_override", ocr->manual_override},
                      {"engines", std::move(engines)}};
}

json::object copy_json(const CopyView& copy) {
  json::array exercises;
  for (const ExerciseCorrector& one : copy.exercise_correctors)
    exercises.push_back(json::object{{"exercise_id", one.exercise}, {"corrector_id", one.corrector.value}});
  json::array booklets;
  for (const BookletId& booklet : copy.booklets) booklets.emplace_back(booklet.text());
  return {{"id", copy.id.text()},
          {"exam_id", copy.exam.text()},
          {"anonymous_id", copy.anonymous_id},
          {"status", copy.status},
          {"status_reason", text_json(copy.status_reason)},
          {"is_identified", copy.student.has_value()},
          {"student", owner_json(copy.student)},
          {"ocr_mode", text_json(copy.ocr_mode)},
          {"confidence", copy.confidence ? json::value(*copy.confidence) : json::value(nullptr)},
          {"student_identifier", text_json(copy.student_identifier)},
          {"assigned_corrector_id", user_json(copy.assigned_corrector)},
          {"exercise_correctors", std::move(exercises)},
          {"assigned_at", time_json(copy.assigned_at)},
          {"dispatch_run", text_json(copy.dispatch_run)},
          {"subject_variant", text_json(copy.subject_variant)},
          {"global_appreciation", copy.global_appreciation},
          {"page_count", copy.page_count},
          {"booklet_ids", std::move(booklets)},
          {"warnings", json::value_from(copy.warnings)},
          {"header_url", header_json(copy.header_booklet)},
          {"pdf_url", pdf_json(copy.id, copy.has_pdf)},
          {"created_at", to_iso(copy.created_at)},
          {"validated_at", time_json(copy.validated_at)},
          {"locked_at", time_json(copy.locked_at)},
          {"locked_by_id", user_json(copy.locked_by)},
          {"graded_at", time_json(copy.graded_at)},
          {"permissions", permissions_json(copy)}};
}

json::object copy_json_for_corrector(const CopyView& copy, UserId corrector) {
  json::array exercises;
  for (const ExerciseCorrector& one : copy.exercise_correctors)
    if (one.corrector == corrector) exercises.emplace_back(one.exercise);
  const bool is_whole = copy.assigned_corrector == std::optional(corrector);
  return {{"id", copy.id.text()},
          {"exam", json::object{{"id", copy.exam.text()},
                                {"name", copy.exam_name},
                                {"subject", copy.exam_subject},
                                {"date", copy.exam_date}}},
          {"anonymous_id", copy.anonymous_id},
          {"status", copy.status},
          {"exercise_ids", is_whole ? json::value(nullptr) : json::value(std::move(exercises))},
          {"subject_variant", text_json(copy.subject_variant)},
          {"global_appreciation", copy.global_appreciation},
          {"page_count", copy.page_count},
          {"pdf_url", pdf_json(copy.id, copy.has_masked_pdf)},
          {"locked_at", time_json(copy.locked_at)},
          {"graded_at", time_json(copy.graded_at)},
          {"permissions", corrector_permissions_json(copy)}};
}

json::array pages_json(const CopyId& copy, const std::vector<PageView>& pages) {
  json::array all;
  for (const PageView& page : pages) {
    const std::string url = fmt::format("/api/copies/{}/pages/{}/", copy.text(), page.page_index + 1);
    all.push_back(json::object{{"page_index", page.page_index},
                               {"is_blank", page.is_blank},
                               {"image_url", url},
                               {"thumbnail_url", url + "?size=thumbnail"}});
  }
  return all;
}

json::object unidentified_json(const UnidentifiedCopy& unidentified) {
  const CopyView& copy = unidentified.copy;
  return {{"id", copy.id.text()},
          {"anonymous_id", copy.anonymous_id},
          {"status", copy.status},
          {"page_count", copy.page_count},
          {"student_identifier", text_json(copy.student_identifier)},
          {"header_url", header_json(copy.header_booklet)},
          {"ocr_result", ocr_json(unidentified.ocr)}};
}

}  // namespace korrigo::copies
