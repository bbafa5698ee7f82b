#include "http/static_files.h"

#include <array>
#include <map>
#include <optional>
#include <system_error>

#include "base/hash.h"
#include "http/url.h"

namespace korrigo::http {
namespace {
namespace fs = std::filesystem;

struct Type {
  std::string_view extension;
  std::string_view type;
};

constexpr Type kTypes[] = {{".html", "text/html; charset=utf-8"},
                           {".js", "text/javascript; charset=utf-8"},
                           {".mjs", "text/javascript; charset=utf-8"},
                           {".css", "text/css; charset=utf-8"},
                           {".json", "application/json"},
                           {".map", "application/json"},
                           {".webmanifest", "application/manifest+json"},
                           {".yaml", "application/yaml; charset=utf-8"},
                           {".txt", "text/plain; charset=utf-8"},
                           {".csv", "text/csv; charset=utf-8"},
                           {".svg", "image/svg+xml"},
                           {".png", "image/png"},
                           {".jpg", "image/jpeg"},
                           {".jpeg", "image/jpeg"},
                           {".webp", "image/webp"},
                           {".ico", "image/x-icon"},
                           {".pdf", "application/pdf"},
                           {".wasm", "application/wasm"},
                           {".woff2", "font/woff2"},
                           {".woff", "font/woff"},
                           {".ttf", "font/ttf"},
                           {".zip", "application/zip"},
                           {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                           {".bcmap", "application/octet-stream"}};

struct Encoding {
  std::string_view name;
  std::string_view extension;
};
constexpr std::array<Encoding, 2> kEncodings{{{"br", ".br"}, {"gzip", ".gz"}}};

std::string extension_of(std::string_view path) {
  return fs::path(path).extension().string();
}

bool is_reserved(const std::string& path, const SinglePage& page) {
  return std::any_of(page.reserved.begin(), page.reserved.end(),
                     [&](std::string_view prefix) { return path.starts_with(prefix) || path + '/' == prefix; });
}

/// Opens a name: nothing when there is no such file.
using Open = std::function<std::optional<Response>(const std::string& name)>;

std::optional<Response> open_variant(const Open& open, const Request& request, const std::string& name) {
  const std::string_view accepted = request.header("Accept-Encoding").value_or("");
  for (const Encoding& encoding : kEncodings) {
    if (weight_of(accepted, encoding.name) <= 0) continue;
    if (auto response = open(name + std::string(encoding.extension))) {
      response->headers.set("Content-Encoding", std::string(encoding.name));
      return response;
    }
  }
  return open(name);
}

Result<Response> serve(const Open& open, const SinglePage& page, const Request& request) {
  std::string name = request.path.substr(1);
  if (!is_reserved(request.path, page)) {
    if (name.empty() || name.back() == '/') name += page.index;
    std::optional<Response> response = open_variant(open, request, name);
    if (!response && extension_of(request.path).empty()) response = open_variant(open, request, name = page.index);
    if (response) {
      response->headers.set("Content-Type", content_type_of(name));
      response->headers.set("Cache-Control",
                            name.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      response->headers.set("Vary", "Accept-Encoding");
      response->headers.set("Accept-Ranges", "bytes");
      return std::move(*response);
    }
  }
  return refuse(ErrorKind::not_found, "request.not_found", {});
}

std::optional<Response> open_inside(const fs::path& folder, const std::string& name) {
  std::error_code error;
  const fs::path path = fs::canonical(folder / name, error);
  if (error || !fs::is_regular_file(path, error)) return std::nullopt;
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  if (end != folder.end()) return std::nullopt;
  return file(path, FileOptions{});
}

}  // namespace

std::string content_type_of(std::string_view path) {
  const std::string extension = extension_of(path);
  for (const Type& type : kTypes) {
    if (equal_ignoring_case(extension, type.extension)) return std::string(type.type);
  }
  return "application/octet-stream";
}

Handler static_files(const std::vector<EmbeddedFile>& files, SinglePage page) {
  struct Known {
    std::string_view bytes;
    std::string etag;
  };
  auto known = std::make_shared<std::map<std::string, Known, std::less<>>>();
  for (const EmbeddedFile& file : files) {
    const std::string etag = '"' + sha256(std::as_bytes(std::span(file.bytes))).substr(0, 32) + '"';
    known->insert_or_assign(std::string(file.path), Known{file.bytes, etag});
  }
  const Open open = [known](const std::string& name) -> std::optional<Response> {
    const auto found = known->find(name);
    if (found == known->end()) return std::nullopt;
    Response response(200);
    response.headers.add("ETag", found->second.etag);
    response.body = found->second.bytes;
    return response;
  };
  return [open, page = std::move(page)](Request& request) { return serve(open, page, request); };
}

Handler static_files(const fs::path& folder, SinglePage page) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(folder, error);
  const Open open = [real](const std::string& name) { return open_inside(real, name); };
  return [open, page = std::move(page)](Request& request) { return serve(open, page, request); };
}

}  // namespace korrigo::http
