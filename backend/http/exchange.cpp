#include "http/exchange.h"

#include <fmt/format.h>

#include "base/ids.h"
#include "http/representation.h"
#include "http/url.h"
#include "http/wire.h"

namespace korrigo::http {
namespace {

constexpr std::uint64_t kIgnoredBody = 64 * 1024;
constexpr std::uint64_t kUrlencodedBody = 1 << 20;

std::string methods_text(const std::vector<Method>& methods) {
  std::string text;
  for (const Method method : methods) text += (text.empty() ? "" : ", ") + std::string(name_of(method));
  return text;
}

bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

Error own_error(ErrorKind kind, std::string code) {
  return Error{kind, std::move(code), {}};
}

}  // namespace

ServerContext::ServerContext(ServerOptions server_options, const Router& server_router, Guard server_guard,
                             std::vector<SocketRoute> socket_routes, const Clock& server_clock)
    : options(std::move(server_options)),
      router(server_router),
      guard(std::move(server_guard)),
      sockets(std::move(socket_routes)),
      clock(server_clock),
      proxies(options.trusted_proxies) {
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    Route route;
    route.pattern = sockets[i].pattern;
    route.rights = i;
    socket_router.add(std::move(route));
  }
}

void ServerContext::record(const RequestRecord& record) const {
  if (!options.record) return;
  const std::lock_guard lock(recording);
  options.record(record);
}

Exchange::Exchange(const ServerContext& context, RawHeader header) : context_(context) {
  read_header(header);
  protect([&] { read_target(header); });
}

Exchange::Exchange(const ServerContext& context, std::string peer, int status, std::string code) : context_(context) {
  request_.remote_address = std::move(peer);
  request_.request_id = make_uuid_v4();
  request_.translate = &context_.options.translate;
  settle(refusal(request_, status, own_error(ErrorKind::malformed, std::move(code))));
}

Exchange::~Exchange() = default;

template <class Step>
void Exchange::protect(Step step) {
  // The one place where what nobody nearby could decide ends: the asker sees the request's number, the record the rest.
  try {
    step();
  } catch (const std::exception& exception) {
    const bool passing = context_.options.is_passing && context_.options.is_passing(exception);
    settle(passing ? refusal(request_, 503, own_error(ErrorKind::too_busy, "server.unavailable"))
                   : refusal(request_, 500, own_error(ErrorKind::invalid_input, "server.error")),
           exception.what());
  } catch (...) {
    settle(refusal(request_, 500, own_error(ErrorKind::invalid_input, "server.error")), "an unknown exception");
  }
}

void Exchange::settle(const Error& error) {
  settle(refusal(request_, error, route_ ? route_->statuses : StatusOverrides{}), error.detail);
}

void Exchange::settle(Response response, std::string trouble) {
  if (route_) {
    for (const auto& [name, value] : route_->headers) response.headers.set(name, value);
  }
  fit_to_request(response, request_);
  add_security_headers(response, request_, context_.options.security);
  const auto duration =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  response.headers.set("X-Request-ID", request_.request_id);
  response.headers.set("X-Response-Time-Ms", fmt::format("{:.2f}", static_cast<double>(duration.count()) / 1000.0));
  RequestRecord record;
  record.time = context_.clock.now();
  record.method = method_name_;
  record.route = request_.route_pattern;
  record.status = response.status;
  record.duration = duration;
  record.user_id = request_.user_id;
  record.request_id = request_.request_id;
  record.trouble = std::move(trouble);
  context_.record(record);
  response_ = std::move(response);
}

void Exchange::read_header(RawHeader& header) {
  request_.headers = std::move(header.headers);
  request_.translate = &context_.options.translate;
  content_length_ = header.content_length;
  has_body_ = header.chunked || content_length_.value_or(0) > 0;
  const std::string_view id = request_.header("X-Request-ID").value_or("");
  request_.request_id = is_sane_id(id) ? std::string(id) : make_uuid_v4();
  request_.language = preferred_language(request_.header("Accept-Language").value_or(""));
  request_.host = request_.header("Host").value_or("");
  for (const auto& [name, value] : request_.headers) {
    if (!equal_ignoring_case(name, "Cookie")) continue;
    for (auto& cookie : parse_cookies(value)) request_.cookies.push_back(std::move(cookie));
  }
  request_.secure = context_.options.security.tls_in_front;
  request_.remote_address = context_.proxies.client_of(header.peer, request_.header("X-Forwarded-For").value_or(""));
  if (!context_.proxies.contains(header.peer)) return;
  if (const auto host = request_.header("X-Forwarded-Host")) request_.host = *host;
  if (const auto scheme = request_.header("X-Forwarded-Proto")) request_.secure = equal_ignoring_case(*scheme, "https");
}

void Exchange::read_target(const RawHeader& header) {
  if (header.http_1_1 && !request_.headers.has("Host")) {
    return settle(own_error(ErrorKind::malformed, "request.malformed"));
  }
  const auto method = method_of(header.method);
  if (!method) return settle(refusal(request_, 501, own_error(ErrorKind::malformed, "request.method")));
  request_.method = *method;
  method_name_ = header.method;
  Result<Target> target = parse_target(header.target);
  if (!target) return settle(target.error());
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  if (!find_socket(target->segments)) find_route(*method, target->segments);
}

bool Exchange::find_socket(const std::vector<std::string>& segments) {
  Router::Match match = context_.socket_router.match(Method::get, segments);
  if (!match.route || request_.method != Method::get) return false;
  const SocketRoute& socket = context_.sockets[std::any_cast<std::size_t>(match.route->rights)];
  request_.route_pattern = socket.pattern;
  request_.path_parameters = std::move(match.path_parameters);
  if (!request_.headers.has_token("Upgrade", "websocket") || has_body_) {
    settle(refusal(request_, 426, own_error(ErrorKind::malformed, "request.upgrade_required"))
               .with("Upgrade", "websocket"));
  } else if (is_foreign_origin(request_, context_.options.security)) {
    settle(own_error(ErrorKind::forbidden, "request.foreign_origin"));
  } else {
    socket_ = &socket;
  }
  return true;
}

void Exchange::find_route(Method method, const std::vector<std::string>& segments) {
  Router::Match match = context_.router.match(method, segments);
  if (match.route) {
    route_ = match.route;
    handler_ = route_->handler;
    request_.route_pattern = route_->pattern;
    request_.path_parameters = std::move(match.path_parameters);
    return;
  }
  if (!match.allowed.empty()) {
    const std::string allowed = methods_text(match.allowed);
    if (method == Method::options) return settle(Response(204).with("Allow", allowed));
    const Error error = own_error(ErrorKind::malformed, "request.method_not_allowed");
    return settle(refusal(request_, 405, error).with("Allow", allowed));
  }
  if (context_.router.fallback() && (method == Method::get || method == Method::head)) {
    handler_ = context_.router.fallback();
    return;
  }
  settle(own_error(ErrorKind::not_found, "request.not_found"));
}

void Exchange::admit() {
  protect([&] {
    if (route_ && context_.guard) {
      if (auto refused = context_.guard(request_, route_->rights)) return settle(std::move(*refused));
    }
    if (has_body_) open_body();
  });
}

std::uint64_t Exchange::body_limit() const {
  if (!route_ || std::holds_alternative<NoBody>(route_->body)) return kIgnoredBody;
  if (const auto* small = std::get_if<SmallBody>(&route_->body)) return small->max_bytes;
  if (const auto* stream = std::get_if<StreamedBody>(&route_->body)) return stream->max_bytes;
  const std::uint64_t form = std::get<FormBody>(route_->body).max_bytes;
  return urlencoded_ ? std::min(form, kUrlencodedBody) : form;
}

bool Exchange::has_type(std::string_view expected) const {
  if (expected.empty()) return true;
  const std::string_view type = request_.header("Content-Type").value_or("");
  const std::size_t end = std::min(type.find_first_of("; "), type.size());
  return equal_ignoring_case(type.substr(0, end), expected);
}

void Exchange::open_body() {
  const auto wrong_type = [&] { settle(refusal(request_, 415, own_error(ErrorKind::malformed, "request.type"))); };
  urlencoded_ = has_type("application/x-www-form-urlencoded");
  if (content_length_.value_or(0) > body_limit()) {
    return settle(own_error(ErrorKind::too_large, "request.too_large"));
  }
  if (!route_) return;
  if (const auto* small = std::get_if<SmallBody>(&route_->body)) {
    if (!has_type(small->content_type)) wrong_type();
  } else if (const auto* stream = std::get_if<StreamedBody>(&route_->body)) {
    return has_type(stream->content_type) ? open_stream(*stream) : wrong_type();
  } else if (const auto* form = std::get_if<FormBody>(&route_->body)) {
    if (has_type("multipart/form-data")) return open_form(*form);
    if (!urlencoded_) wrong_type();
  }
}

void Exchange::open_form(const FormBody& form) {
  auto boundary = multipart_boundary(request_.header("Content-Type").value_or(""));
  if (!boundary) return settle(own_error(ErrorKind::malformed, "form.boundary"));
  multipart_.emplace(std::move(*boundary), form, context_.upload_folder);
}

void Exchange::open_stream(const StreamedBody& stream) {
  auto sink = stream.open(request_);
  if (!sink) return settle(sink.error());
  request_.sink = std::move(*sink);
}

void Exchange::take(std::string_view bytes) {
  protect([&] {
    taken_ += bytes.size();
    if (taken_ > body_limit()) return settle(own_error(ErrorKind::too_large, "request.too_large"));
    Result<void> taken;
    if (multipart_) {
      taken = multipart_->feed(bytes);
    } else if (request_.sink) {
      taken = request_.sink->write(bytes);
    } else if (route_ && !std::holds_alternative<NoBody>(route_->body)) {
      request_.body += bytes;
    }
    if (!taken) settle(taken.error());
  });
}

Result<void> Exchange::close_body() {
  if (multipart_) {
    if (Result<void> finished = multipart_->finish(); !finished) return finished;
    request_.files = multipart_->take_files();
    request_.fields = multipart_->take_fields();
  } else if (urlencoded_ && route_ && std::holds_alternative<FormBody>(route_->body)) {
    auto fields = parse_urlencoded(request_.body);
    if (!fields) return refuse(ErrorKind::malformed, "request.form", {});
    request_.fields = std::move(*fields);
  }
  return {};
}

void Exchange::abandon() {
  protect([&] {
    multipart_.reset();
    if (request_.sink) request_.sink->abandoned();
    if (!answered()) settle(own_error(ErrorKind::malformed, "request.incomplete"));
  });
}

void Exchange::answer() {
  protect([&] {
    if (has_body_) {
      if (const Result<void> closed = close_body(); !closed) return settle(closed.error());
    }
    Result<Response> answer = handler_(request_);
    answer ? settle(std::move(*answer)) : settle(answer.error());
  });
  // What the handler did not take over is gone from the disk before the client reads an answer.
  multipart_.reset();
  request_.files.clear();
}

void Exchange::refuse_busy() {
  settle(own_error(ErrorKind::too_busy, "server.busy"));
}

bool Exchange::sends_body() const {
  return request_.method != Method::head && response_->status != 204 && response_->status != 304;
}

std::string Exchange::response_head(bool keep_alive) const {
  return head_of(*response_, context_.clock.now(), keep_alive);
}

}  // namespace korrigo::http
