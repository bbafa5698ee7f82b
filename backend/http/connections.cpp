#include "http/coroutines_for_clang.h"

#include "http/connections.h"

#include <sys/socket.h>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "http/asio_work.h"
#include "http/file_reading.h"

namespace korrigo::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::redirect_error;
using asio::use_awaitable;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using BodyParser = wire::request_parser<wire::buffer_body>;

namespace {

constexpr std::size_t kStep = 64 * 1024;
constexpr std::size_t kReadAhead = 256 * 1024;     // with Beast's smaller default an upload takes five times as long
constexpr std::uint64_t kProgress = 8 * 1024;      // bytes that earn a body its next period
constexpr std::uint64_t kSmallRest = 64 * 1024;    // of an unread body: read it rather than close
constexpr std::chrono::seconds kLingerSilence{5};  // of a client that is still sending what was refused
constexpr std::chrono::seconds kLinger{30};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

}  // namespace

/// One client's connection: requests one after the other, on the sockets' thread.
class Connection {
 public:
  Connection(Connections& all, tcp::socket socket) : all_(all), stream_(std::move(socket)) {
    ErrorCode ignored;
    peer_ = stream_.socket().remote_endpoint(ignored).address().to_string(ignored);
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    all_.connections_.insert(this);
    ++all_.count_;
  }
  ~Connection();
  static asio::awaitable<void> run(std::unique_ptr<Connection> self);
  void close() { stream_.close(); }
  bool idle() const { return idle_; }

 private:
  const ServerLimits& limits() const { return all_.context_.options.limits; }
  const ServerTimeouts& timeouts() const { return all_.context_.options.timeouts; }
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> wait_for_bytes();
  RawHeader raw_header(const wire::request_parser<wire::empty_body>& parser) const;
  asio::awaitable<void> refuse_header(ErrorCode error);
  asio::awaitable<bool> receive(Exchange& exchange, BodyParser& body);
  asio::awaitable<bool> read_body(Exchange& exchange, BodyParser& body);
  asio::awaitable<std::size_t> read_step(BodyParser& body, char* step, ErrorCode& error);
  asio::awaitable<bool> send(Exchange& exchange, bool keep_alive);
  asio::awaitable<bool> send_file(std::string head, const FileBody& file);
  asio::awaitable<bool> send_bytes(std::string head, std::string_view bytes);
  asio::awaitable<void> linger();

  Connections& all_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::string peer_;
  bool idle_ = false;
};

Connection::~Connection() {
  all_.connections_.erase(this);
  --all_.count_;
  if (all_.connections_.empty()) all_.emptied_();
}

asio::awaitable<void> Connection::run(std::unique_ptr<Connection> self) {
  bool more = true;
  while (more && !self->all_.finishing_) more = co_await self->serve_one();
}

asio::awaitable<bool> Connection::wait_for_bytes() {
  if (buffer_.size() > 0) co_return true;
  idle_ = true;
  stream_.expires_after(timeouts().idle);
  ErrorCode error;
  const auto room = buffer_.prepare(8 * 1024);
  const std::size_t got = co_await stream_.async_read_some(room, redirect_error(use_awaitable, error));
  idle_ = false;
  buffer_.commit(got);
  co_return !error;
}

RawHeader Connection::raw_header(const wire::request_parser<wire::empty_body>& parser) const {
  RawHeader header;
  const auto& message = parser.get();
  header.method = message.method_string();
  header.target = message.target();
  header.http_1_1 = message.version() >= 11;
  for (const auto& field : message) header.headers.add(std::string(field.name_string()), std::string(field.value()));
  header.peer = peer_;
  header.chunked = parser.chunked();
  if (const auto length = parser.content_length()) header.content_length = *length;
  return header;
}

asio::awaitable<void> Connection::refuse_header(ErrorCode error) {
  if (error == wire::error::end_of_stream || error == beast::error::timeout || !stream_.socket().is_open()) co_return;
  if (error.category() != make_error_code(wire::error::bad_method).category()) co_return;
  const bool too_large = error == wire::error::header_limit || error == wire::error::buffer_overflow;
  Exchange exchange(all_.context_, peer_, too_large ? 431 : 400,
                    too_large ? "request.header_too_large" : "request.malformed");
  co_await send(exchange, false);
  co_await linger();
}

asio::awaitable<bool> Connection::serve_one() {
  const bool waiting = co_await wait_for_bytes();
  if (!waiting) co_return false;
  wire::request_parser<wire::empty_body> parser;
  parser.header_limit(limits().header_bytes);
  parser.body_limit(boost::none);  // checked when the header is read; ours follow the route
  stream_.expires_after(timeouts().header);
  ErrorCode error;
  co_await wire::async_read_header(stream_, buffer_, parser, redirect_error(use_awaitable, error));
  if (error) {
    co_await refuse_header(error);
    co_return false;
  }
  Exchange exchange(all_.context_, raw_header(parser));
  if (exchange.socket()) {
    if (all_.sockets_.count() < limits().websockets && buffer_.size() == 0 && !all_.finishing_) {
      const int fd = stream_.release_socket().release();
      all_.sockets_.adopt(fd, exchange.take_request(), *exchange.socket());
      co_return false;
    }
    exchange.refuse_busy();
  }
  BodyParser body(std::move(parser));
  const bool whole = co_await receive(exchange, body);
  if (!exchange.answered()) co_return false;  // the client went away
  const bool keep_alive = whole && body.keep_alive() && !all_.finishing_;
  const bool sent = co_await send(exchange, keep_alive);
  if (sent && !whole) co_await linger();
  co_return sent&& keep_alive;
}

/// Guard, body, handler. Whether the body was read to its end; without an answer the client is gone.
asio::awaitable<bool> Connection::receive(Exchange& exchange, BodyParser& body) {
  const bool expects = exchange.has_body() && exchange.request().headers.has_token("Expect", "100-continue");
  if (!exchange.answered()) {
    auto admit = [&] {
      exchange.admit();
      if (!exchange.answered() && !exchange.has_body()) exchange.answer();
    };
    const bool admitted = co_await on_pool(all_.io_, all_.pool_, Admission::may_refuse, admit);
    if (!admitted) exchange.refuse_busy();
  }
  if (!exchange.has_body()) co_return true;
  if (exchange.answered()) {
    const bool small = !expects && !body.chunked() && body.content_length().value_or(kSmallRest + 1) <= kSmallRest;
    if (!small) co_return false;
    co_return co_await read_body(exchange, body);
  }
  if (expects && buffer_.size() == 0) {
    ErrorCode error;
    co_await asio::async_write(stream_, asio::buffer(kContinue), redirect_error(use_awaitable, error));
  }
  const bool whole = co_await read_body(exchange, body);
  if (exchange.answered() || !whole) co_return whole;
  auto answer = [&] { exchange.answer(); };
  co_await on_pool(all_.io_, all_.pool_, Admission::always, answer);
  co_return true;
}

/// The next bytes of the body, at most kStep, into `step`.
asio::awaitable<std::size_t> Connection::read_step(BodyParser& body, char* step, ErrorCode& error) {
  body.get().body().data = step;
  body.get().body().size = kStep;
  std::uint64_t earned = 0;
  while (!body.is_done() && body.get().body().size > 0) {
    const std::size_t before = body.get().body().size;
    co_await wire::async_read_some(stream_, buffer_, body, redirect_error(use_awaitable, error));
    if (error == wire::error::need_buffer) error = {};
    if (error) break;
    earned += before - body.get().body().size;
    if (earned < kProgress) continue;
    stream_.expires_after(timeouts().body);
    earned = 0;
  }
  co_return kStep - body.get().body().size;
}

/// Gives the body to the exchange, as long as that has not answered. False when the body broke off, or when the
/// exchange refused it on the way.
asio::awaitable<bool> Connection::read_body(Exchange& exchange, BodyParser& body) {
  const bool was_answered = exchange.answered();
  const auto step = std::make_unique_for_overwrite<char[]>(kStep);
  buffer_.reserve(kReadAhead);
  stream_.expires_after(timeouts().body);
  ErrorCode error;
  while (!body.is_done() && !error && exchange.answered() == was_answered) {
    const std::size_t got = co_await read_step(body, step.get(), error);
    if (got == 0 || was_answered) continue;
    auto take = [&] { exchange.take({step.get(), got}); };
    if (exchange.body_goes_to_disk()) {
      co_await on_pool(all_.io_, all_.disk_, Admission::always, take);
    } else {
      take();
    }
  }
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  const bool whole = body.is_done() && !error;
  if (was_answered || (whole && !exchange.answered())) co_return whole;
  auto abandon = [&] { exchange.abandon(); };
  co_await on_pool(all_.io_, all_.pool_, Admission::always, abandon);
  co_return whole;
}

asio::awaitable<bool> Connection::send(Exchange& exchange, bool keep_alive) {
  std::string head = exchange.response_head(keep_alive);
  if (!exchange.sends_body()) co_return co_await send_bytes(std::move(head), {});
  const Response& response = exchange.response();
  if (const auto* file = std::get_if<FileBody>(&response.body)) co_return co_await send_file(std::move(head), *file);
  std::string_view bytes;
  if (const auto* own = std::get_if<std::string>(&response.body)) bytes = *own;
  if (const auto* fixed = std::get_if<std::string_view>(&response.body)) bytes = *fixed;
  co_return co_await send_bytes(std::move(head), bytes);
}

asio::awaitable<bool> Connection::send_bytes(std::string head, std::string_view bytes) {
  ErrorCode error;
  do {
    const std::string_view piece = bytes.substr(0, kStep);
    bytes.remove_prefix(piece.size());
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(piece)};
    stream_.expires_after(timeouts().body);
    co_await asio::async_write(stream_, buffers, redirect_error(use_awaitable, error));
    head.clear();
  } while (!error && !bytes.empty());
  co_return !error;
}

asio::awaitable<bool> Connection::send_file(std::string head, const FileBody& file) {
  const auto step = std::make_unique_for_overwrite<char[]>(2 * kStep);
  std::uint64_t offset = file.offset;
  std::uint64_t left = file.size;
  do {
    std::size_t got = 0;
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, 2 * kStep));
    auto read = [&] { got = read_at(file.fd.get(), offset, {step.get(), wanted}); };
    co_await on_pool(all_.io_, all_.disk_, Admission::always, read);
    if (got < wanted) co_return false;  // the length is promised already: only a broken connection tells the truth
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(step.get(), got)};
    stream_.expires_after(timeouts().body);
    ErrorCode error;
    co_await asio::async_write(stream_, buffers, redirect_error(use_awaitable, error));
    if (error) co_return false;
    head.clear();
    offset += got;
    left -= got;
  } while (left > 0);
  co_return true;
}

/// Reads on for a while after an answer that came before the request's end: closing at once would reset the connection
/// and take the answer from the client, who may still be sending.
asio::awaitable<void> Connection::linger() {
  ErrorCode error;
  stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  const auto until = std::chrono::steady_clock::now() + kLinger;
  const auto step = std::make_unique_for_overwrite<char[]>(kStep);
  std::uint64_t drained = 0;
  while (!error && drained < limits().drained_bytes && std::chrono::steady_clock::now() < until && !all_.finishing_) {
    stream_.expires_after(kLingerSilence);
    const auto room = asio::buffer(step.get(), kStep);
    drained += co_await stream_.async_read_some(room, redirect_error(use_awaitable, error));
  }
}

Connections::Connections(boost::asio::io_context& io, const ServerContext& context, SocketSessions& sockets,
                         WorkPool& disk, WorkPool& pool, std::function<void()> emptied)
    : io_(io), context_(context), sockets_(sockets), disk_(disk), pool_(pool), emptied_(std::move(emptied)) {}

void Connections::adopt(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);  // NOLINT: the sockets' interface
  tcp::socket socket(io_, address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), fd);
  if (connections_.size() >= context_.options.limits.connections) {
    ::send(fd, kFull.data(), kFull.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return;
  }
  asio::co_spawn(io_, Connection::run(std::make_unique<Connection>(*this, std::move(socket))), asio::detached);
}

void Connections::finish() {
  finishing_ = true;
  for (Connection* connection : connections_) {
    if (connection->idle()) connection->close();
  }
}

void Connections::abort_all() {
  for (Connection* connection : connections_) connection->close();
}

}  // namespace korrigo::http
