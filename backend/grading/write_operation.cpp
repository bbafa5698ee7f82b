#include "grading/write_operation.h"

#include <fmt/format.h>

#include "base/text.h"
#include "exams/marks.h"
#include "grading/annotation_reader.h"
#include "grading/remark.h"
#include "grading/score.h"

namespace korrigo::grading {
namespace {

namespace json = boost::json;
using storage::Transaction;

const json::value kNothing = nullptr;

const json::value& member(const Operation& operation, std::string_view name) {
  const json::value* value = operation.if_contains(name);
  return value != nullptr ? *value : kNothing;
}

std::string text(const Operation& operation, std::string_view name) {
  const json::value& value = member(operation, name);
  return value.is_string() ? std::string(value.get_string()) : std::string();
}

tl::unexpected<Error> invalid(std::string_view name) {
  Error error{ErrorKind::malformed, "operation.invalid", fmt::format("The operation's {} is missing or wrong.", name)};
  error.field = std::string(name);
  return tl::unexpected(std::move(error));
}

/// The text that an operation writes, when it is one.
std::optional<std::string> written_text(const Operation& operation, std::string_view name, std::size_t longest) {
  const json::value& value = member(operation, name);
  if (!value.is_string()) return std::nullopt;
  std::string text(value.get_string());
  if (text.find('\0') != std::string::npos || code_points(text).size() > longest) return std::nullopt;
  return text;
}

bool same_points(const json::value& a, const json::value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return exams::hundredths_of(a) == exams::hundredths_of(b);
}

Result<void> write_score(Transaction& t, const Desk& desk, const Operation& operation) {
  if (!operation.contains("points")) return invalid("points");
  const json::value& given = member(operation, "points");
  const auto points = exams::hundredths_of(given);
  if (!points && !given.is_null()) return invalid("points");
  return set_scores(t, desk, {{text(operation, "question_id"), points}});
}

Result<void> write_remark(Transaction& t, const Desk& desk, const Operation& operation) {
  const auto remark = written_text(operation, "remark", kMaxRemarkCharacters);
  if (!remark) return invalid("remark");
  const auto put = put_remark(t, desk, text(operation, "question_id"), *remark);
  if (!put) return tl::unexpected(put.error());
  return {};
}

Result<void> write_appreciation(Transaction& t, const Desk& desk, const Operation& operation) {
  const auto appreciation = written_text(operation, "global_appreciation", kMaxAppreciationCharacters);
  if (!appreciation) return invalid("global_appreciation");
  if (!desk.is_whole()) return refuse(ErrorKind::forbidden, "lock.wrong_scope", "This needs a lock of the whole copy.");
  set_appreciation(t, desk, *appreciation);
  return {};
}

Result<void> write_annotation(Transaction& t, const Desk& desk, const Operation& operation, std::string_view kind) {
  const AnnotationId id(text(operation, "annotation_id"));
  if (kind == "delete_annotation") return delete_annotation(t, desk, id, std::nullopt);
  if (kind == "create_annotation") {
    auto fields = read_new_annotation(operation);
    if (!fields) return tl::unexpected(fields.error());
    fields->id = id;
    const auto made = create_annotation(t, desk, *fields);
    if (!made) return tl::unexpected(made.error());
    return {};
  }
  auto change = read_annotation_change(operation);
  if (!change) return tl::unexpected(change.error());
  change->version.reset();
  const auto changed = change_annotation(t, desk, id, *change);
  if (!changed) return tl::unexpected(changed.error());
  return {};
}

}  // namespace

Result<void> check_operation(const Operation& operation) {
  const std::string kind = text(operation, "kind");
  if (kind == "appreciation") return {};
  if (kind == "score" || kind == "remark") {
    const std::size_t size = text(operation, "question_id").size();
    return size > 0 && size <= kMaxQuestionIdBytes ? Result<void>() : invalid("question_id");
  }
  if (kind != "create_annotation" && kind != "change_annotation" && kind != "delete_annotation") return invalid("kind");
  return AnnotationId::parse(text(operation, "annotation_id")) ? Result<void>() : invalid("annotation_id");
}

json::object standing_of(Transaction& transaction, const CopyId& copy, const Operation& operation) {
  const std::string kind = text(operation, "kind"), question = text(operation, "question_id");
  if (kind == "score") {
    const exams::Scores scores = scores_of(transaction, copy);
    const auto found = scores.find(question);
    return {{"points", found == scores.end() ? json::value(nullptr) : exams::points_json(found->second)}};
  }
  if (kind == "remark") {
    const auto remark = remark_on(transaction, copy, question);
    return {{"remark", remark ? json::value(remark->remark) : json::value(nullptr)}};
  }
  if (kind == "appreciation") return {{"global_appreciation", appreciation_of(transaction, copy)}};
  const auto annotation = find_annotation(transaction, AnnotationId(text(operation, "annotation_id")));
  if (!annotation || annotation->copy != copy) return {{"version", nullptr}};
  return {{"version", annotation->version}, {"content", annotation->content}};
}

bool is_as_known(const Operation& operation, const json::object& standing) {
  const std::string kind = text(operation, "kind");
  if (kind == "score") return same_points(member(operation, "base"), standing.at("points"));
  if (kind == "remark") return member(operation, "base") == standing.at("remark");
  if (kind == "appreciation") return text(operation, "base") == standing.at("global_appreciation").as_string();
  if (kind == "create_annotation") return standing.at("version").is_null();
  const json::value& known = member(operation, "base_version");
  return known.is_null() ? !standing.at("version").is_null() : known == standing.at("version");
}

bool is_written(const Operation& operation, const json::object& standing) {
  const std::string kind = text(operation, "kind");
  if (kind == "score")
    return operation.contains("points") && same_points(operation.at("points"), standing.at("points"));
  if (kind == "remark") return member(operation, "remark") == standing.at("remark");
  if (kind == "appreciation") return member(operation, "global_appreciation") == standing.at("global_appreciation");
  return kind == "delete_annotation" && standing.at("version").is_null();
}

Result<void> write_operation(Transaction& transaction, const Desk& desk, const Operation& operation) {
  const std::string kind = text(operation, "kind");
  if (kind == "score") return write_score(transaction, desk, operation);
  if (kind == "remark") return write_remark(transaction, desk, operation);
  if (kind == "appreciation") return write_appreciation(transaction, desk, operation);
  return write_annotation(transaction, desk, operation, kind);
}

}  // namespace korrigo::grading
