#include "http/request.h"

#include <array>
#include <boost/json/parse.hpp>

#include "http/body.h"

namespace korrigo::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kNames{{{Method::get, "GET"},
                                                                     {Method::head, "HEAD"},
                                                                     {Method::post, "POST"},
                                                                     {Method::put, "PUT"},
                                                                     {Method::patch, "PATCH"},
                                                                     {Method::delete_, "DELETE"},
                                                                     {Method::options, "OPTIONS"}}};

std::optional<std::string_view> first_of(const Pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Method method) {
  return kNames[static_cast<std::size_t>(method)].second;
}

std::optional<Method> method_of(std::string_view name) {
  for (const auto& [method, text] : kNames) {
    if (text == name) return method;
  }
  return std::nullopt;
}

Request::Request() = default;
Request::Request(Request&&) noexcept = default;
Request& Request::operator=(Request&&) noexcept = default;
Request::~Request() = default;

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  return first_of(cookies, name);
}

std::string_view Request::path_parameter(std::string_view name) const {
  return first_of(path_parameters, name).value_or(std::string_view{});
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  return first_of(query, name);
}

std::vector<std::string_view> Request::query_values(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : query) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::optional<std::string_view> Request::field(std::string_view name) const {
  return first_of(fields, name);
}

UploadedFile* Request::file(std::string_view field_name) {
  for (UploadedFile& file : files) {
    if (file.field == field_name) return &file;
  }
  return nullptr;
}

Result<boost::json::value> Request::json() const {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(body, error);
  if (error) return refuse(ErrorKind::malformed, "request.json", {}, error.message());
  return value;
}

Result<boost::json::object> Request::json_object() const {
  Result<boost::json::value> value = json();
  if (!value) return tl::unexpected(std::move(value).error());
  if (!value->is_object()) return refuse(ErrorKind::malformed, "request.not_an_object", {});
  return std::move(value->as_object());
}

}  // namespace korrigo::http
