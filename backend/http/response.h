/// What a handler answers.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/files.h"
#include "http/headers.h"

namespace korrigo::http {

/// A file's bytes, read while they are sent. The file may be unlinked meanwhile; it must not shrink.
struct FileBody {
  UniqueFd fd;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // bytes to send from offset
};

struct Response {
  int status = 200;
  Headers headers;
  /// Nothing, bytes, bytes that live as long as the program, or a file.
  std::variant<std::monostate, std::string, std::string_view, FileBody> body;
  /// False keeps the answer from being compressed: secrets beside text that the asker chose.
  bool compressible = true;

  Response();
  explicit Response(int code);
  Response(Response&&) noexcept;
  Response& operator=(Response&&) noexcept;
  ~Response();

  Response& with(std::string_view name, std::string value) &;
  Response&& with(std::string_view name, std::string value) &&;
  std::uint64_t body_size() const;
};

Response json(int status, const boost::json::value& value);
/// JSON text that is already written.
Response json_text(int status, std::string text);
Response no_content();
Response text(int status, std::string content_type, std::string body);
/// 303 for a form, 302 or 307 otherwise; `location` is sent as it is.
Response redirect(int status, std::string location);

struct FileOptions {
  std::string content_type = "application/octet-stream";
  std::string download_name = {};  // any Unicode; empty shows the file in the browser instead of saving it
  bool attachment = false;         // save it; false: show it, under download_name when that is set
  std::string etag = {};           // without quotes, such as the content's hash; empty: from inode, size and time
  std::string cache_control = "private, no-cache";
};
/// The whole file; ranges are cut by the server. Throws std::system_error when it cannot be opened.
Response file(const std::filesystem::path& path, const FileOptions& options);
/// The same of an open file.
Response file(UniqueFd fd, const FileOptions& options);

/// RFC 6266: attachment; filename="ascii.pdf"; filename*=UTF-8''%C3%A9.pdf
std::string content_disposition(bool attachment, std::string_view name);

struct SetCookie {
  std::string name;
  std::string value;  // of cookie characters; a token, never free text
  std::string path = "/";
  std::optional<std::chrono::seconds> max_age = {};  // absent: until the browser closes; zero: removed now
  bool http_only = true;
  bool secure = false;
  std::string same_site = "Lax";
};
void set_cookie(Response& response, const SetCookie& cookie);

void set_retry_after(Response& response, std::chrono::seconds after);

}  // namespace korrigo::http
