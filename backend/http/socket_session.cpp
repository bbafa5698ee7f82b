#include "http/coroutines_for_clang.h"

#include "http/socket_session.h"

#include <sys/socket.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket.hpp>

#include "http/asio_work.h"

namespace korrigo::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using asio::redirect_error;
using asio::use_awaitable;

struct SocketSessions::Door {
  std::mutex mutex;
  asio::io_context* io;  // null once the sessions are gone
};

namespace {

constexpr std::chrono::seconds kHandshake{15};

tcp::socket socket_of(asio::io_context& io, int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return tcp::socket(io, address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), fd);
}

beast::http::request<beast::http::empty_body> handshake_of(const Request& request) {
  beast::http::request<beast::http::empty_body> handshake(beast::http::verb::get, "/", 11);
  for (const auto& [name, value] : request.headers) handshake.insert(name, value);
  return handshake;
}

}  // namespace

class SocketSession : public std::enable_shared_from_this<SocketSession> {
 public:
  SocketSession(SocketSessions& sessions, int fd, Request request, const SocketRoute& route)
      : sessions_(sessions),
        ws_(socket_of(sessions.io_, fd)),
        wake_(sessions.io_),
        request_(std::move(request)),
        route_(route) {}
  ~SocketSession() { sessions_.ended(this); }  // its last coroutine, reading or writing, lets go of it

  static asio::awaitable<void> serve(std::shared_ptr<SocketSession> self);
  void close(int code) { outbox_ ? outbox_->close(code) : abort(); }
  void abort() { beast::get_lowest_layer(ws_).close(); }

 private:
  void decide();
  int ask_guard();
  void subscribe();
  asio::awaitable<bool> accept();
  static asio::awaitable<void> read(std::shared_ptr<SocketSession> self);
  asio::awaitable<void> read_all();
  asio::awaitable<int> open();
  asio::awaitable<int> write();
  asio::awaitable<int> recheck();
  void record(int status, const std::string& trouble) const;

  SocketSessions& sessions_;
  // Without permessage-deflate: the messages are short.
  websocket::stream<beast::tcp_stream, false> ws_;
  asio::steady_timer wake_;
  std::mutex asking_;  // the guard and on_message both use the request, on the pool
  Request request_;
  const SocketRoute& route_;
  std::shared_ptr<Outbox> subscribed_;  // made on the pool, outbox_ once the sockets' thread may see it
  std::shared_ptr<Outbox> outbox_;
  int refused_ = 0;  // the close code
  bool over_ = false;
};

/// 0, or the close code.
int SocketSession::ask_guard() {
  const Guard& guard = sessions_.context_.guard;
  if (!guard) return 0;
  const std::lock_guard lock(asking_);
  const auto refused = guard(request_, route_.rights);
  return refused ? 4000 + refused->status : 0;
}

void SocketSession::subscribe() {
  auto topics = route_.topics(request_);
  if (!topics) {
    refused_ = 4000 + status_of(topics.error().kind);
    return;
  }
  auto pending = std::make_shared<std::atomic<bool>>(false);
  auto wake = [door = sessions_.door_, pending, self = weak_from_this()] {
    if (pending->exchange(true)) return;
    const std::lock_guard lock(door->mutex);
    if (!door->io) return;
    asio::post(*door->io, [pending, self] {
      *pending = false;
      if (const auto session = self.lock()) session->wake_.cancel();
    });
  };
  subscribed_ = sessions_.hub_.subscribe(*topics, std::move(wake), request_.user_id);
  subscribed_->release(route_.welcome ? route_.welcome(request_) : std::vector<std::string>{});
}

/// On the pool. The sockets' share of the dispatch's exception boundary.
void SocketSession::decide() {
  try {
    refused_ = ask_guard();
    if (refused_ == 0) subscribe();
    record(refused_ == 0 ? 101 : refused_ - 4000, {});
  } catch (const std::exception& exception) {
    refused_ = close_code::kInternal;
    record(500, exception.what());
  }
}

void SocketSession::record(int status, const std::string& trouble) const {
  RequestRecord line;
  line.time = sessions_.context_.clock.now();
  line.method = "WS";
  line.route = route_.pattern;
  line.status = status;
  line.user_id = request_.user_id;
  line.request_id = request_.request_id;
  line.trouble = trouble;
  sessions_.context_.record(line);
}

asio::awaitable<bool> SocketSession::accept() {
  const ServerOptions& options = sessions_.context_.options;
  ws_.set_option(websocket::stream_base::timeout{kHandshake, 2 * options.timeouts.ping, true});
  ws_.set_option(websocket::stream_base::decorator(
      [id = request_.request_id](websocket::response_type& response) { response.set("X-Request-ID", id); }));
  ws_.read_message_max(options.limits.websocket_message_bytes);
  const auto handshake = handshake_of(request_);
  boost::system::error_code error;
  co_await ws_.async_accept(handshake, redirect_error(use_awaitable, error));
  co_return !error;
}

asio::awaitable<void> SocketSession::read_all() {
  beast::flat_buffer buffer;
  for (;;) {
    boost::system::error_code error;
    co_await ws_.async_read(buffer, redirect_error(use_awaitable, error));
    if (error) break;
    const std::string message = beast::buffers_to_string(buffer.data());
    buffer.clear();
    if (!route_.on_message || !ws_.got_text()) continue;
    auto work = [&] {
      try {
        const std::lock_guard lock(asking_);
        if (auto reply = route_.on_message(request_, message)) {
          outbox_->push(std::make_shared<const std::string>(std::move(*reply)), {});
        }
      } catch (const std::exception& exception) {
        record(500, exception.what());
        outbox_->close(close_code::kInternal);
      }
    };
    co_await on_pool(sessions_.io_, sessions_.pool_, Admission::always, work);
  }
}

asio::awaitable<void> SocketSession::read(std::shared_ptr<SocketSession> self) {
  co_await self->read_all();
  self->over_ = true;
  self->wake_.cancel();
}

/// 0, or the close code when the caller may no longer listen.
asio::awaitable<int> SocketSession::recheck() {
  int code = 0;
  auto work = [&] {
    try {
      code = ask_guard();
    } catch (const std::exception& exception) {
      code = close_code::kInternal;
      record(500, exception.what());
    }
  };
  co_await on_pool(sessions_.io_, sessions_.pool_, Admission::always, work);
  co_return code;
}

/// Sends until the client is gone (0) or has to be (the close code).
asio::awaitable<int> SocketSession::write() {
  const auto every = sessions_.context_.options.timeouts.recheck;
  auto next_recheck = std::chrono::steady_clock::now() + every;
  ws_.text(true);
  while (!over_) {
    if (outbox_->take_doubt()) next_recheck = {};
    const auto item = outbox_->pop();
    boost::system::error_code error;
    if (item && !item->text) co_return item->code;
    if (item) {
      co_await ws_.async_write(asio::buffer(*item->text), redirect_error(use_awaitable, error));
      if (error) co_return 0;
    } else if (std::chrono::steady_clock::now() >= next_recheck) {
      const int code = co_await recheck();
      if (code != 0) co_return code;
      next_recheck = std::chrono::steady_clock::now() + every;
    } else {
      wake_.expires_at(next_recheck);
      co_await wake_.async_wait(redirect_error(use_awaitable, error));
    }
  }
  co_return 0;
}

/// Decides and answers the handshake. 0 when the client may listen, otherwise the close code; -1 when it is gone.
asio::awaitable<int> SocketSession::open() {
  auto work = [this] { decide(); };
  const bool admitted = co_await on_pool(sessions_.io_, sessions_.pool_, Admission::may_refuse, work);
  if (!admitted) refused_ = close_code::kTryAgainLater;
  outbox_ = subscribed_;
  const bool accepted = co_await accept();
  if (!accepted) co_return -1;
  if (sessions_.closing_) co_return close_code::kGoingAway;
  co_return refused_;
}

asio::awaitable<void> SocketSession::serve(std::shared_ptr<SocketSession> self) {
  int code = co_await self->open();
  if (code == 0) {
    asio::co_spawn(self->sessions_.io_, read(self), asio::detached);
    code = co_await self->write();
  }
  if (code > 0 && !self->over_) {
    boost::system::error_code ignored;
    const websocket::close_reason reason(static_cast<websocket::close_code>(code));
    co_await self->ws_.async_close(reason, redirect_error(use_awaitable, ignored));
  }
  self->abort();
}

SocketSessions::SocketSessions(asio::io_context& io, const ServerContext& context, WorkPool& pool, Hub& hub,
                               std::function<void()> emptied)
    : io_(io),
      context_(context),
      pool_(pool),
      hub_(hub),
      emptied_(std::move(emptied)),
      door_(std::make_shared<Door>()) {
  door_->io = &io;
}

SocketSessions::~SocketSessions() {
  const std::lock_guard lock(door_->mutex);
  door_->io = nullptr;
}

void SocketSessions::adopt(int fd, Request request, const SocketRoute& route) {
  const auto session = std::make_shared<SocketSession>(*this, fd, std::move(request), route);
  if (closing_) return;
  sessions_.insert(session.get());
  ++count_;
  asio::co_spawn(io_, SocketSession::serve(session), asio::detached);
}

void SocketSessions::ended(SocketSession* session) {
  if (sessions_.erase(session) == 0) return;
  --count_;
  if (sessions_.empty()) emptied_();
}

void SocketSessions::close_all(int code) {
  closing_ = true;
  for (SocketSession* session : sessions_) session->close(code);
}

void SocketSessions::abort_all() {
  for (SocketSession* session : sessions_) session->abort();
}

}  // namespace korrigo::http
