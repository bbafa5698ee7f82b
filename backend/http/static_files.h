/// The web application's files: embedded in the binary or from a folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.h"

namespace korrigo::http {

/// By extension, with charset for text; "application/octet-stream" when unknown.
std::string content_type_of(std::string_view path);

struct EmbeddedFile {
  std::string_view path;   // "assets/index-BxT3s1kd.js"; precompressed ones lie beside it as path + ".br" and ".gz"
  std::string_view bytes;  // live as long as the program
};

struct SinglePage {
  std::string index = "index.html";  // answers every path that is no file and asks for a page
  /// Paths under these are never the application's: their 404 is JSON.
  std::vector<std::string> reserved = {"/api/", "/ws/"};
};

/// A handler for Router::set_fallback. Sends strong ETags, the .br or .gz variant where the client takes it,
/// "public, max-age=31536000, immutable" for what lies in assets/, whose names hold a hash of the content, and
/// "no-cache" for the rest. A path that is no file is the index's, unless its last segment has an extension: 404.
Handler static_files(const std::vector<EmbeddedFile>& files, SinglePage page = {});
/// The same from a folder, read anew at each request; what symbolic links lead out of it is not found.
Handler static_files(const std::filesystem::path& folder, SinglePage page = {});

}  // namespace korrigo::http
