#include "http/json_fields.h"

#include <boost/json/array.hpp>

#include "base/text.h"

namespace korrigo::http {

namespace json = boost::json;

Error invalid_field(std::string_view name, std::string_view reason) {
  return Error{ErrorKind::malformed, "request.invalid", fmt::format("{}: {}", name, reason), {}, std::string(name)};
}

void JsonFields::reject(std::string_view name, std::string_view reason) {
  if (!fault_) fault_ = invalid_field(name, reason);
}

const json::value* JsonFields::find(std::string_view name) const {
  const json::value* value = object_.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

void JsonFields::require(std::string_view name, bool there) {
  if (!there) reject(name, "is required");
}

std::optional<std::string> JsonFields::optional_text(std::string_view name, TextLength length) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_string()) {
    reject(name, "must be text");
    return std::nullopt;
  }
  std::string text(value->get_string());
  const std::size_t characters = code_points(text).size();
  if (characters < length.min) reject(name, length.min == 1 ? "must not be empty" : "is too short");
  if (characters > length.max) reject(name, fmt::format("must have at most {} characters", length.max));
  if (text.find('\0') != std::string::npos) reject(name, "holds a character that cannot be stored");
  return text;
}

std::optional<std::int64_t> JsonFields::optional_integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_int64()) {
    reject(name, "must be a whole number");
    return std::nullopt;
  }
  const std::int64_t number = value->get_int64();
  if (number < min || number > max) reject(name, "is out of range");
  return number;
}

std::optional<double> JsonFields::optional_number(std::string_view name, double min, double max) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_number()) {
    reject(name, "must be a number");
    return std::nullopt;
  }
  const double number = value->to_number<double>();
  if (!(number >= min && number <= max)) reject(name, fmt::format("must lie between {} and {}", min, max));
  return number;
}

std::optional<bool> JsonFields::optional_boolean(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_bool()) {
    reject(name, "must be true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

const json::array* JsonFields::optional_array(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return nullptr;
  if (!value->is_array()) {
    reject(name, "must be a list");
    return nullptr;
  }
  return &value->get_array();
}

std::string JsonFields::text(std::string_view name, TextLength length) {
  require(name, find(name) != nullptr);
  return optional_text(name, length).value_or("");
}

std::int64_t JsonFields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  require(name, find(name) != nullptr);
  return optional_integer(name, min, max).value_or(0);
}

bool JsonFields::boolean(std::string_view name) {
  require(name, find(name) != nullptr);
  return optional_boolean(name).value_or(false);
}

}  // namespace korrigo::http
