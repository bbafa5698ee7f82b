/// One request as handlers see it. A handler owns its request while it runs; nothing here is shared between threads.
#pragma once

#include <any>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/headers.h"
#include "http/uploaded_file.h"

namespace korrigo::http {

class BodySink;

enum class Method { get, head, post, put, patch, delete_, options };
enum class Language { fr, en };

/// "GET"; nothing for methods we do not know.
std::string_view name_of(Method method);
std::optional<Method> method_of(std::string_view name);

/// Names with values in the order they came; a name may repeat.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The sentence of an error in a language, where the message of a module is in another; empty to keep the message.
using Translate = std::function<std::string(const Error&, Language)>;

struct Request {
  Method method = Method::get;
  std::string path;           // decoded, starts with '/', valid UTF-8, without "." and ".." segments
  std::string route_pattern;  // "/api/exams/{id}/"; empty when no route matched
  Pairs path_parameters;      // decoded
  Pairs query;                // decoded
  Headers headers;
  Pairs cookies;
  std::string body;                 // of routes that take JSON or small bytes
  std::vector<UploadedFile> files;  // of multipart forms
  Pairs fields;                     // the text fields of multipart and urlencoded forms
  std::unique_ptr<BodySink> sink;   // of streaming routes: where the body went
  std::string remote_address;       // of the client; X-Forwarded-For counts only from trusted proxies
  std::string host;                 // "school.example:8443" as the browser knows it, port included when not the default
  bool secure = false;              // the browser's connection is TLS
  std::string request_id;           // the client's when it was sane, otherwise made
  Language language = Language::fr;  // from Accept-Language
  std::any caller;                   // who is asking; the guard puts it here
  std::string user_id;               // for the log line only; the guard puts it here

  const Translate* translate = nullptr;  // the server's; null leaves sentences as they are

  Request();
  Request(Request&&) noexcept;
  Request& operator=(Request&&) noexcept;
  ~Request();

  std::optional<std::string_view> header(std::string_view name) const { return headers.get(name); }
  std::optional<std::string_view> cookie(std::string_view name) const;
  /// The decoded segment under {name}; empty when the pattern has no such name.
  std::string_view path_parameter(std::string_view name) const;
  /// The first value of a query parameter.
  std::optional<std::string_view> query_value(std::string_view name) const;
  std::vector<std::string_view> query_values(std::string_view name) const;
  std::optional<std::string_view> field(std::string_view name) const;
  /// The first file of that field; null when absent.
  UploadedFile* file(std::string_view field_name);

  /// The body as JSON, at most 32 levels deep. Refuses with malformed "request.json".
  Result<boost::json::value> json() const;
  /// The same, which must be an object. Refuses with malformed "request.json" or "request.not_an_object".
  Result<boost::json::object> json_object() const;
};

}  // namespace korrigo::http
