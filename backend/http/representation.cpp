#include "http/representation.h"

#include <fmt/format.h>
#include <zlib.h>
#include <charconv>
#include <new>
#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "http/errors.h"
#include "http/url.h"

namespace korrigo::http {
namespace {

constexpr std::size_t kWorthCompressing = 1024;
constexpr int kGzipLevel = 5;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for the gzip format

std::string_view opaque(std::string_view tag) {
  tag = trimmed(tag);
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

bool lists_tag(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = opaque(list.substr(0, comma));
    if (item == "*" || item == opaque(tag)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

void add_tag(Response& response) {
  const auto* body = std::get_if<std::string>(&response.body);
  const std::string_view caching = response.headers.get("Cache-Control").value_or("");
  if (!body || response.headers.has("ETag") || caching.find("no-store") != std::string_view::npos) return;
  response.headers.add("ETag", '"' + sha256(std::as_bytes(std::span(*body))).substr(0, 32) + '"');
  if (caching.empty()) response.headers.add("Cache-Control", "private, no-cache");
}

bool answer_not_modified(Response& response, const Request& request) {
  const auto tag = response.headers.get("ETag");
  const auto known = request.header("If-None-Match");
  if (!tag || !known || !lists_tag(*known, *tag)) return false;
  response.status = 304;
  response.body = std::monostate{};
  response.headers.remove("Content-Type");
  response.headers.remove("Content-Disposition");
  return true;
}

struct Range {
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

enum class Asked { whole, part, impossible };

/// RFC 9110, 14.2: what is malformed is ignored, what cannot be satisfied is 416.
Asked read_range(std::string_view field, std::uint64_t total, Range& range) {
  if (!field.starts_with("bytes=") || field.find(',') != std::string_view::npos) return Asked::whole;
  const std::string_view spec = trimmed(field.substr(6));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return Asked::whole;
  const auto first = number(spec.substr(0, dash));
  const auto last = number(spec.substr(dash + 1));
  if ((dash > 0 && !first) || (dash + 1 < spec.size() && !last) || (!first && !last)) return Asked::whole;
  if (!first) {
    if (*last == 0 || total == 0) return Asked::impossible;
    range.size = std::min(*last, total);
    range.first = total - range.size;
    return Asked::part;
  }
  if (last && *last < *first) return Asked::whole;
  if (*first >= total) return Asked::impossible;
  range.first = *first;
  range.size = std::min(last.value_or(total - 1), total - 1) - *first + 1;
  return Asked::part;
}

bool cut_range(Response& response, const Request& request) {
  auto* file = std::get_if<FileBody>(&response.body);
  auto* fixed = std::get_if<std::string_view>(&response.body);
  const auto field = request.header("Range");
  if ((!file && !fixed) || !field || response.headers.has("Content-Encoding")) return false;
  const auto condition = request.header("If-Range");
  if (condition && *condition != response.headers.get("ETag").value_or("")) return false;
  const std::uint64_t total = response.body_size();
  Range range;
  switch (read_range(*field, total, range)) {
    case Asked::whole:
      return false;
    case Asked::impossible:
      response = refusal(request, 416, Error{ErrorKind::invalid_input, "file.range", {}});
      response.headers.set("Content-Range", fmt::format("bytes */{}", total));
      return true;
    case Asked::part:
      break;
  }
  response.status = 206;
  response.headers.set("Content-Range",
                       fmt::format("bytes {}-{}/{}", range.first, range.first + range.size - 1, total));
  if (file) {
    file->offset += range.first;
    file->size = range.size;
  } else {
    *fixed = fixed->substr(range.first, range.size);
  }
  return true;
}

bool is_text(std::string_view content_type) {
  return content_type.starts_with("text/") || content_type.starts_with("application/json") ||
         content_type.starts_with("application/javascript") || content_type.starts_with("image/svg");
}

void compress(Response& response, const Request& request) {
  auto* body = std::get_if<std::string>(&response.body);
  if (!body || !is_text(response.headers.get("Content-Type").value_or("")) ||
      response.headers.has("Content-Encoding")) {
    return;
  }
  if (!response.headers.has_token("Vary", "Accept-Encoding")) response.headers.add("Vary", "Accept-Encoding");
  if (body->size() <= kWorthCompressing || weight_of(request.header("Accept-Encoding").value_or(""), "gzip") <= 0)
    return;
  *body = gzip(*body);
  response.headers.set("Content-Encoding", "gzip");
  if (const auto tag = response.headers.get("ETag"); tag && !tag->starts_with("W/")) {
    response.headers.set("ETag", "W/" + std::string(*tag));  // the same content in other bytes
  }
}

}  // namespace

void fit_to_request(Response& response, const Request& request) {
  const bool reads = request.method == Method::get || request.method == Method::head;
  if (reads && response.status == 200) {
    add_tag(response);
    if (answer_not_modified(response, request) || cut_range(response, request)) return;
  }
  if (response.compressible) compress(response, request);
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace korrigo::http
