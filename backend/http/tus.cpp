#include "http/tus.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <map>
#include <mutex>
#include <system_error>

#include "base/guarded.h"
#include "base/text.h"
#include "http/wire.h"

namespace korrigo::http {
namespace {

constexpr std::string_view kVersion = "1.0.0";
constexpr std::string_view kExtensions = "creation,expiration,termination";

std::optional<std::uint64_t> number_of(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                        &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

/// One PATCH that is receiving bytes.
class Receiving {
 public:
  Receiving(const TusStore& store, TusUpload upload, UniqueFd fd)
      : store_(store), upload_(std::move(upload)), fd_(std::move(fd)) {}

  Result<void> write(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (ended_) return refuse(ErrorKind::conflict, "tus.superseded", {});
    if (bytes.size() > upload_.length - upload_.offset) return refuse(ErrorKind::too_large, "tus.beyond_length", {});
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(upload_.offset));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) throw std::system_error(errno, std::generic_category(), "cannot write upload " + upload_.id);
      upload_.offset += static_cast<std::uint64_t>(put);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }

  /// Saves how far it came, once; nothing is written afterwards.
  Result<TusUpload> end() {
    const std::lock_guard lock(mutex_);
    if (ended_) return refuse(ErrorKind::conflict, "tus.superseded", {});
    ended_ = true;
    if (::fdatasync(fd_.get()) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot sync upload " + upload_.id);
    }
    if (auto saved = store_.saved(upload_); !saved) return tl::unexpected(saved.error());
    return upload_;
  }

 private:
  const TusStore& store_;
  std::mutex mutex_;
  TusUpload upload_;
  UniqueFd fd_;
  bool ended_ = false;
};

class PatchSink final : public BodySink {
 public:
  explicit PatchSink(std::shared_ptr<Receiving> receiving) : receiving_(std::move(receiving)) {}
  Result<void> write(std::string_view bytes) override { return receiving_->write(bytes); }
  void abandoned() override { std::ignore = receiving_->end(); }
  Result<TusUpload> finish() { return receiving_->end(); }

 private:
  std::shared_ptr<Receiving> receiving_;
};

class Tus {
 public:
  Tus(TusStore store, TusOptions options) : store_(std::move(store)), options_(std::move(options)) {}

  Response describe() const;
  Result<Response> create(Request& request);
  Result<Response> show(Request& request);
  Result<std::unique_ptr<BodySink>> open(Request& request);
  Result<Response> patched(Request& request);
  Result<Response> remove(Request& request);

 private:
  static Result<void> check_version(const Request& request);
  static Response answer(int status, const TusUpload& upload);
  /// The upload, with no other connection writing to it any more.
  Result<TusUpload> find_quiet(Request& request);

  TusStore store_;
  TusOptions options_;
  Guarded<std::map<std::string, std::weak_ptr<Receiving>>> receiving_;
};

Response Tus::answer(int status, const TusUpload& upload) {
  Response response(status);
  response.headers.set("Upload-Offset", std::to_string(upload.offset));
  if (upload.expires) response.headers.set("Upload-Expires", http_date(*upload.expires));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Response Tus::describe() const {
  Response response(204);
  response.headers.set("Tus-Extension", std::string(kExtensions));
  response.headers.set("Tus-Max-Size", std::to_string(options_.max_bytes));
  return response;
}

Result<void> Tus::check_version(const Request& request) {
  if (request.header("Tus-Resumable").value_or("") == kVersion) return {};
  return refuse(ErrorKind::invalid_input, "tus.version", {});
}

Result<Response> Tus::create(Request& request) {
  if (const auto spoken = check_version(request); !spoken) return tl::unexpected(spoken.error());
  const auto length = number_of(request.header("Upload-Length"));
  if (!length) return refuse(ErrorKind::malformed, "tus.length", {});
  if (*length > options_.max_bytes) return refuse(ErrorKind::too_large, "tus.too_large", {});
  const std::string metadata(request.header("Upload-Metadata").value_or(""));
  auto decoded = parse_tus_metadata(metadata);
  if (!decoded) return tl::unexpected(decoded.error());
  const auto made = store_.create(request, *length, metadata, *decoded);
  if (!made) return tl::unexpected(made.error());
  return answer(201, *made).with("Location", options_.path + made->id + "/");
}

Result<TusUpload> Tus::find_quiet(Request& request) {
  if (const auto spoken = check_version(request); !spoken) return tl::unexpected(spoken.error());
  const std::string id(request.path_parameter("id"));
  auto upload = store_.find(request, id);
  if (!upload) return upload;
  std::shared_ptr<Receiving> other;
  {
    auto receiving = receiving_.lock();
    if (const auto it = receiving->find(id); it != receiving->end()) {
      other = it->second.lock();
      receiving->erase(it);
    }
  }
  if (!other) return upload;
  std::ignore = other->end();  // refused when it has ended by itself
  return store_.find(request, id);
}

Result<Response> Tus::show(Request& request) {
  const auto upload = find_quiet(request);
  if (!upload) return tl::unexpected(upload.error());
  Response response = answer(200, *upload);
  response.headers.set("Upload-Length", std::to_string(upload->length));
  if (!upload->metadata.empty()) response.headers.set("Upload-Metadata", upload->metadata);
  return response;
}

Result<std::unique_ptr<BodySink>> Tus::open(Request& request) {
  const auto offset = number_of(request.header("Upload-Offset"));
  if (!offset) return refuse(ErrorKind::malformed, "tus.offset", {});
  auto upload = find_quiet(request);
  if (!upload) return tl::unexpected(upload.error());
  if (*offset != upload->offset) return refuse(ErrorKind::conflict, "tus.offset_conflict", {});
  const auto announced = number_of(request.header("Content-Length"));
  if (announced.value_or(0) > upload->length - upload->offset) {
    return refuse(ErrorKind::too_large, "tus.beyond_length", {});
  }
  auto fd = store_.open(request, *upload);
  if (!fd) return tl::unexpected(fd.error());
  const auto receiving = std::make_shared<Receiving>(store_, std::move(*upload), std::move(*fd));
  const std::string id(request.path_parameter("id"));
  auto locked = receiving_.lock();
  std::erase_if(*locked, [](const auto& entry) { return entry.second.expired(); });
  if (!locked->try_emplace(id, receiving).second) return refuse(ErrorKind::conflict, "tus.superseded", {});
  return std::make_unique<PatchSink>(receiving);
}

Result<Response> Tus::patched(Request& request) {
  if (!request.sink) {  // a PATCH without bytes
    auto opened = open(request);
    if (!opened) return tl::unexpected(opened.error());
    request.sink = std::move(*opened);
  }
  auto upload = static_cast<PatchSink&>(*request.sink).finish();
  if (!upload) return tl::unexpected(upload.error());
  return answer(204, *upload);
}

Result<Response> Tus::remove(Request& request) {
  const auto upload = find_quiet(request);
  if (!upload) return tl::unexpected(upload.error());
  if (const auto removed = store_.remove(request, *upload); !removed) return tl::unexpected(removed.error());
  return Response(204);
}

}  // namespace

Result<Pairs> parse_tus_metadata(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t space = std::min(item.find(' '), item.size());
    const std::string_view key = item.substr(0, space);
    auto value = from_base64(trimmed(item.substr(space)));
    if (key.empty() || !value) return refuse(ErrorKind::malformed, "tus.metadata", {});
    pairs.emplace_back(std::string(key), std::move(*value));
  }
  return pairs;
}

std::vector<Route> tus_routes(TusStore store, TusOptions options) {
  const std::string one = options.path + "{id}/";
  const std::string all = options.path;
  const Rights rights = options.rights;
  StreamedBody stream;
  stream.max_bytes = options.max_bytes;
  stream.content_type = "application/offset+octet-stream";
  const auto tus = std::make_shared<Tus>(std::move(store), std::move(options));
  stream.open = [tus](Request& request) { return tus->open(request); };

  const auto route = [&](Method method, const std::string& pattern, Handler handler, BodyPolicy body = NoBody{}) {
    const StatusOverrides statuses{{ErrorKind::invalid_input, 412}};  // of the version, says the protocol
    const Pairs headers{{"Tus-Resumable", std::string(kVersion)}, {"Tus-Version", std::string(kVersion)}};
    return Route{method, pattern, std::move(handler), std::move(body), rights, statuses, headers};
  };
  const Handler describe = [tus](Request&) { return tus->describe(); };
  std::vector<Route> routes;
  routes.push_back(route(Method::options, all, describe));
  routes.push_back(route(Method::options, one, describe));
  routes.push_back(route(Method::post, all, [tus](Request& request) { return tus->create(request); }));
  routes.push_back(route(Method::head, one, [tus](Request& request) { return tus->show(request); }));
  routes.push_back(route(
      Method::patch, one, [tus](Request& request) { return tus->patched(request); }, stream));
  routes.push_back(route(Method::delete_, one, [tus](Request& request) { return tus->remove(request); }));
  return routes;
}

}  // namespace korrigo::http
