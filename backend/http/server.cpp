#include "http/coroutines_for_clang.h"

#include "http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <system_error>
#include <thread>

#include "http/connections.h"
#include "http/exchange.h"
#include "http/socket_session.h"
#include "http/upload_folder.h"
#include "http/work_pool.h"

namespace korrigo::http {
namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr int kDiskThreads = 2;

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, const Router& router, Guard guard, Hub& hub, std::vector<SocketRoute> socket_routes,
       const Clock& clock)
      : context_(std::move(options), router, std::move(guard), std::move(socket_routes), clock),
        sockets_(io_, context_, pool_, hub, [this] { end_when_empty(); }) {
    context_.upload_folder = uploads_.path();
  }
  ~Impl() { wait(); }

  void start();
  void request_stop();
  void wait();

 private:
  friend class Server;
  asio::awaitable<void> accept_all();
  void stop();
  asio::awaitable<void> close_after_drain();
  void end_when_empty();

  asio::io_context io_{1};
  ServerContext context_;
  UploadFolder uploads_{context_.options.upload_folder};
  SocketSessions sockets_;
  tcp::acceptor acceptor_{io_};
  asio::steady_timer drain_{io_};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> working_;
  std::uint16_t port_ = 0;
  Connections connections_{io_, context_, sockets_, disk_, pool_, [this] { end_when_empty(); }};
  bool stopping_ = false;
  std::thread thread_;
  // Last, so that they end first: their work refers to all of the above.
  WorkPool disk_{kDiskThreads, 0};
  WorkPool pool_{context_.options.pool_threads, context_.options.pool_queue};
};

void Server::Impl::start() {
  ErrorCode error;
  const tcp::endpoint endpoint(asio::ip::make_address(context_.options.address), context_.options.port);
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    throw std::system_error(
        error.value(), std::generic_category(),
        "cannot listen on " + context_.options.address + ":" + std::to_string(context_.options.port));
  port_ = acceptor_.local_endpoint().port();
  working_.emplace(io_.get_executor());
  asio::co_spawn(io_, accept_all(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

asio::awaitable<void> Server::Impl::accept_all() {
  asio::steady_timer pause(io_);
  while (!stopping_) {
    ErrorCode error;
    tcp::socket socket = co_await acceptor_.async_accept(redirect_error(use_awaitable, error));
    if (!error) {
      connections_.adopt(socket.release());
    } else if (!stopping_) {
      // Out of descriptors, mostly: some will come back.
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(redirect_error(use_awaitable, error));
    }
  }
}

void Server::Impl::request_stop() {
  asio::post(io_, [this] { stop(); });
}

void Server::Impl::stop() {
  if (stopping_) return;
  stopping_ = true;
  acceptor_.close();
  connections_.finish();
  sockets_.close_all(close_code::kGoingAway);
  asio::co_spawn(io_, close_after_drain(), asio::detached);
  end_when_empty();
}

asio::awaitable<void> Server::Impl::close_after_drain() {
  drain_.expires_after(context_.options.timeouts.drain);
  ErrorCode error;
  co_await drain_.async_wait(redirect_error(use_awaitable, error));
  if (error) co_return;
  connections_.abort_all();
  sockets_.abort_all();
}

void Server::Impl::end_when_empty() {
  if (!stopping_ || connections_.count() > 0 || sockets_.count() > 0) return;
  drain_.cancel();
  working_.reset();
}

void Server::Impl::wait() {
  if (thread_.joinable()) thread_.join();
}

Server::Server(ServerOptions options, const Router& router, Guard guard, Hub& hub, std::vector<SocketRoute> sockets,
               const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(guard), hub, std::move(sockets), clock)) {}

Server::~Server() {
  if (impl_->thread_.joinable()) impl_->request_stop();
}

void Server::start() {
  impl_->start();
}

std::uint16_t Server::port() const {
  return impl_->port_;
}

void Server::request_stop() {
  impl_->request_stop();
}

void Server::wait() {
  impl_->wait();
}

std::size_t Server::connections() const {
  return impl_->connections_.count();
}

std::size_t Server::websockets() const {
  return impl_->sockets_.count();
}

std::size_t Server::waiting_requests() const {
  return impl_->pool_.waiting();
}

}  // namespace korrigo::http
