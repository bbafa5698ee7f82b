/// Messages with file descriptors over a stream socket.
#pragma once

#include <chrono>
#include <optional>

#include "sandbox/child.h"

namespace korrigo::sandbox {

enum class Received { message, closed, late, broken };

/// Writes one message; false when the peer is gone or the deadline passes. Never raises SIGPIPE.
bool send_message(int socket, const Message& message, std::chrono::steady_clock::time_point deadline);

/// Reads one message into `message`. Without deadline it waits for ever.
Received receive_message(int socket, Message& message, std::optional<std::chrono::steady_clock::time_point> deadline);

}  // namespace korrigo::sandbox
