/// The HTTP/1.1 and WebSocket server: one thread for all sockets, a bounded pool for handlers, two threads for the
/// disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/router.h"
#include "http/security_headers.h"
#include "http/websocket.h"

namespace korrigo::http {

struct ServerLimits {
  std::uint32_t header_bytes = 16 * 1024;  // request line and fields; beyond: 431
  std::size_t connections = 4096;          // beyond: 503 and closed
  std::size_t websockets = 2048;           // beyond: 503
  std::size_t websocket_message_bytes = 64 * 1024;
  std::uint64_t drained_bytes = 256 * 1024 * 1024;  // of a refused body, so that the client sees the answer
};

struct ServerTimeouts {
  std::chrono::milliseconds header = std::chrono::seconds(15);   // from a request's first byte to the end of its header
  std::chrono::milliseconds idle = std::chrono::seconds(60);     // between requests
  std::chrono::milliseconds body = std::chrono::seconds(30);     // for each 8 KB of a body, and each 64 KB sent
  std::chrono::milliseconds drain = std::chrono::seconds(20);    // running requests, at stop
  std::chrono::milliseconds ping = std::chrono::seconds(25);     // a silent WebSocket is asked, then dropped
  std::chrono::milliseconds recheck = std::chrono::seconds(60);  // a WebSocket's guard is asked again
};

/// What is known of a request once it is answered. Never holds a query string, a body or a name.
struct RequestRecord {
  UtcTime time{};
  std::string method;
  std::string route;  // the pattern, not the path; "" when none matched
  int status = 0;
  std::chrono::microseconds duration{};
  std::string user_id;
  std::string request_id;
  std::string trouble;  // what an exception said, for 500 and 503
};
/// {"timestamp","level","logger","message","method","route","status","duration_ms","user_id","request_id"} on one line.
std::string json_line(const RequestRecord& record);

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  int pool_threads = 8;
  std::size_t pool_queue = 256;  // requests waiting for a thread; beyond: 503
  ServerLimits limits = {};
  ServerTimeouts timeouts = {};
  std::filesystem::path upload_folder = {};       // empty: the system's temporary folder
  std::vector<std::string> trusted_proxies = {};  // addresses or "10.0.0.0/8", whose X-Forwarded-* count
  SecurityPolicy security = {};
  /// The sentences of errors in the asker's language; http's own are in both already.
  Translate translate = {};
  /// Whether what a guard or handler threw may do better in a moment: 503 server.unavailable instead of 500.
  std::function<bool(const std::exception&)> is_passing = {};
  /// Called for every answered request, from any thread of the server, one call at a time. Must be quick.
  std::function<void(const RequestRecord&)> record = {};
};

/// Routes, guard and hub are the caller's and outlive the server.
class Server {
 public:
  Server(ServerOptions options, const Router& router, Guard guard, Hub& hub, std::vector<SocketRoute> sockets,
         const Clock& clock);
  Server(const Server&) = delete;
  ~Server();  // request_stop() and wait()

  /// Listens and serves. Throws std::system_error when the address cannot be had.
  void start();
  /// The bound port, once started.
  std::uint16_t port() const;
  /// Stops accepting, closes WebSockets with 1001 and idle connections, lets running requests end within
  /// timeouts.drain, then closes what is left. Returns at once; safe from any thread, more than once.
  void request_stop();
  /// Until all is closed and every handler has returned.
  void wait();

  std::size_t connections() const;
  std::size_t websockets() const;
  std::size_t waiting_requests() const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace korrigo::http
