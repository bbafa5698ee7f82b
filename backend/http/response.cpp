#include "http/response.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <system_error>

#include "base/text.h"
#include "http/url.h"

namespace korrigo::http {
namespace {

/// What quoted-string may hold without escapes that clients disagree on.
std::string ascii_name(std::string_view name) {
  std::string out;
  for (const char32_t point : code_points(name)) {
    const bool plain = point >= 0x20 && point < 0x7F && point != '"' && point != '\\' && point != '%';
    out += plain ? static_cast<char>(point) : '_';
  }
  return out;
}

}  // namespace

Response::Response() = default;
Response::Response(int code) : status(code) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;

Response& Response::with(std::string_view name, std::string value) & {
  headers.set(name, std::move(value));
  return *this;
}

Response&& Response::with(std::string_view name, std::string value) && {
  headers.set(name, std::move(value));
  return std::move(*this);
}

std::uint64_t Response::body_size() const {
  if (const auto* own = std::get_if<std::string>(&body)) return own->size();
  if (const auto* fixed = std::get_if<std::string_view>(&body)) return fixed->size();
  if (const auto* file = std::get_if<FileBody>(&body)) return file->size;
  return 0;
}

Response json(int status, const boost::json::value& value) {
  return json_text(status, boost::json::serialize(value));
}

Response json_text(int status, std::string text) {
  return http::text(status, "application/json", std::move(text));
}

Response no_content() {
  return Response(204);
}

Response text(int status, std::string content_type, std::string body) {
  Response response(status);
  response.headers.add("Content-Type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

Response redirect(int status, std::string location) {
  Response response(status);
  response.headers.add("Location", std::move(location));
  return response;
}

Response file(const std::filesystem::path& path, const FileOptions& options) {
  return file(open_for_reading(path), options);
}

Response file(UniqueFd fd, const FileOptions& options) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw std::system_error(errno ? errno : EINVAL, std::generic_category(), "cannot send what is no file");
  }
  Response response(200);
  response.headers.add("Content-Type", options.content_type);
  response.headers.add("Cache-Control", options.cache_control);
  response.headers.add("Accept-Ranges", "bytes");
  const std::string tag = !options.etag.empty() ? options.etag
                                                : fmt::format("{:x}-{:x}-{:x}{:09x}", status.st_ino, status.st_size,
                                                              status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  response.headers.add("ETag", '"' + tag + '"');
  if (options.attachment || !options.download_name.empty()) {
    response.headers.add("Content-Disposition", content_disposition(options.attachment, options.download_name));
  }
  response.body = FileBody{std::move(fd), 0, static_cast<std::uint64_t>(status.st_size)};
  return response;
}

std::string content_disposition(bool attachment, std::string_view name) {
  std::string value = attachment ? "attachment" : "inline";
  if (name.empty()) return value;
  const std::string ascii = ascii_name(name);
  value += "; filename=\"" + ascii + '"';
  if (ascii != name) value += "; filename*=UTF-8''" + percent_encode(name);
  return value;
}

void set_cookie(Response& response, const SetCookie& cookie) {
  std::string value = fmt::format("{}={}; Path={}", cookie.name, cookie.value, cookie.path);
  if (cookie.max_age) value += fmt::format("; Max-Age={}", cookie.max_age->count());
  if (cookie.http_only) value += "; HttpOnly";
  if (cookie.secure) value += "; Secure";
  if (!cookie.same_site.empty()) value += "; SameSite=" + cookie.same_site;
  response.headers.add("Set-Cookie", std::move(value));
}

void set_retry_after(Response& response, std::chrono::seconds after) {
  response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(1, after.count())));
}

}  // namespace korrigo::http
