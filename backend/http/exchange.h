/// One request and its answer, from header to header, without any socket: the connection feeds it and sends what it
/// says.
///
/// Order of calls: constructor; when !answered(): admit() on the pool; when a body is wanted: take() per piece, then
/// body_ended() or abandon(); answer() on the pool. Every step may settle the answer early. Nothing here throws: what a
/// guard, handler or disk throws is a 500 or 503 and a record.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "http/multipart.h"
#include "http/proxies.h"
#include "http/server.h"

namespace korrigo::http {

/// What the exchanges of one server share. Read by many threads.
struct ServerContext {
  ServerContext(ServerOptions options, const Router& router, Guard guard, std::vector<SocketRoute> sockets,
                const Clock& clock);
  void record(const RequestRecord& record) const;

  ServerOptions options;
  const Router& router;
  Guard guard;
  std::vector<SocketRoute> sockets;
  Router socket_router;  // pattern -> index into sockets
  const Clock& clock;
  TrustedProxies proxies;
  std::filesystem::path upload_folder;
  mutable std::mutex recording;
};

struct RawHeader {
  std::string method;
  std::string target;
  bool http_1_1 = true;
  Headers headers;
  std::string peer;                             // address
  std::optional<std::uint64_t> content_length;  // nothing when absent or chunked
  bool chunked = false;
};

class Exchange {
 public:
  Exchange(const ServerContext& context, RawHeader header);
  /// For bytes that are no request: answers `status` (400, 408, 431).
  Exchange(const ServerContext& context, std::string peer, int status, std::string code);
  ~Exchange();

  bool answered() const { return response_.has_value(); }
  Response& response() { return *response_; }
  const Request& request() const { return request_; }
  /// The header's bytes on the wire.
  std::string response_head(bool keep_alive) const;
  bool sends_body() const;

  /// The WebSocket asked for, when this is its opening handshake; the request is then taken away.
  const SocketRoute* socket() const { return socket_; }
  Request take_request() { return std::move(request_); }

  /// Pool: guard, limits, and whatever the body will go to.
  void admit();
  bool has_body() const { return has_body_; }
  bool body_goes_to_disk() const { return multipart_.has_value() || request_.sink != nullptr; }
  void take(std::string_view bytes);
  /// Settles what a truncated body leaves behind; pool, when body_goes_to_disk().
  void abandon();
  /// Pool: the handler.
  void answer();
  /// The pool has no room.
  void refuse_busy();

 private:
  void read_header(RawHeader& header);
  void read_target(const RawHeader& header);
  void find_route(Method method, const std::vector<std::string>& segments);
  bool find_socket(const std::vector<std::string>& segments);
  void open_body();
  void open_form(const FormBody& form);
  void open_stream(const StreamedBody& stream);
  Result<void> close_body();
  std::uint64_t body_limit() const;
  bool has_type(std::string_view expected) const;
  void settle(Response response, std::string trouble = {});
  void settle(const Error& error);
  template <class Step>
  void protect(Step step);

  const ServerContext& context_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Request request_;
  std::string method_name_;
  const Route* route_ = nullptr;
  Handler handler_;
  const SocketRoute* socket_ = nullptr;
  bool has_body_ = false;
  std::optional<std::uint64_t> content_length_;
  std::uint64_t taken_ = 0;
  bool urlencoded_ = false;
  std::optional<MultipartParser> multipart_;
  std::optional<Response> response_;
};

}  // namespace korrigo::http
