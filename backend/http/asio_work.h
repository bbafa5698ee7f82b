/// Work on a pool, awaited from a coroutine of the sockets' thread. Included only by the units that await
/// (connections.cpp, socket_session.cpp); no other header may include this one.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "http/work_pool.h"

namespace korrigo::http {

enum class Admission { may_refuse, always };

/// Runs `work` on a thread of `pool` and resumes here. False when the pool was full and nothing was run. `work` must
/// not throw and outlives the wait, being in the awaiting coroutine's frame.
template <class Work>
boost::asio::awaitable<bool> on_pool(boost::asio::io_context& io, WorkPool& pool, Admission admission, Work& work) {
  namespace asio = boost::asio;
  auto start = [&](auto handler) {
    auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    auto job = [&io, &work, resume] {
      work();
      asio::post(io, [resume]() mutable { std::move (*resume)(true); });
    };
    if (admission == Admission::always) return pool.post(std::move(job));
    if (!pool.try_post(std::move(job))) asio::post(io, [resume]() mutable { std::move (*resume)(false); });
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(bool)>(start, asio::use_awaitable);
}

}  // namespace korrigo::http
