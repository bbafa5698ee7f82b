/// How a route takes the body of its requests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace korrigo::http {

/// Takes a body in steps of at most 64 KB. One request at a time uses it, from one thread at a time: write() on a disk
/// thread, abandoned() on the handlers' pool, never on the thread of the sockets.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// A refusal ends the request with that error; no further call follows but abandoned().
  virtual Result<void> write(std::string_view bytes) = 0;
  /// The body ended before its announced length (the client went away), or write() refused. Keeps or drops what came.
  virtual void abandoned() {}
};

/// No body is expected; one of up to 64 KB is read and ignored.
struct NoBody {};
/// Bytes into Request::body, whatever their type; `content_type` other than empty must match, or the answer is 415.
struct SmallBody {
  std::uint64_t max_bytes = 1 << 20;
  std::string content_type = "application/json";
};
/// multipart/form-data (or application/x-www-form-urlencoded for fields alone) into Request::files and fields.
struct FormBody {
  std::uint64_t max_bytes = 0;       // the whole body; larger ones are refused before they are read
  std::uint64_t max_file_bytes = 0;  // each file
  std::vector<std::pair<std::string, std::uint64_t>> field_limits = {};  // files of these fields have their own limit
  std::uint64_t max_field_bytes = 64 * 1024;                             // each text field
  int max_parts = 64;
};
/// Bytes to a sink that the route opens on the pool once the guard agreed.
struct StreamedBody {
  std::uint64_t max_bytes = 0;
  std::string content_type = {};
  std::function<Result<std::unique_ptr<BodySink>>(Request&)> open;
};

using BodyPolicy = std::variant<NoBody, SmallBody, FormBody, StreamedBody>;

}  // namespace korrigo::http
