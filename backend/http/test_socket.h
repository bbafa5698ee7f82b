/// A WebSocket client for tests: frames by hand (RFC 6455, 5.2).
#pragma once

#include <string>

#include "http/test_server.h"

namespace korrigo::http::testing {

class SocketClient {
 public:
  struct Frame {
    int opcode = -1;  // 1 text, 8 close, 9 ping; -1: the connection ended
    std::string payload;
    int close_code() const {
      if (opcode != 8 || payload.size() < 2) return 0;
      return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
    }
  };

  SocketClient(std::uint16_t port, std::string_view path, std::string_view headers = {}, int receive_buffer = 0)
      : client_(port, receive_buffer) {
    client_.send(
        fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
                    path, headers));
    handshake = client_.receive();
  }

  void send(int opcode, std::string_view payload) {
    std::string frame{static_cast<char>(0x80 | opcode)};
    if (payload.size() < 126) {
      frame += static_cast<char>(0x80 | payload.size());
    } else {
      frame += static_cast<char>(0x80 | (payload.size() < 65536 ? 126 : 127));
      for (int shift = payload.size() < 65536 ? 8 : 56; shift >= 0; shift -= 8)
        frame += static_cast<char>(payload.size() >> shift);
    }
    client_.send(frame + std::string(4, '\0') + std::string(payload));  // a mask of zeros changes nothing
  }
  Frame receive() {
    const auto head = client_.take(2);
    if (!head) return {};
    std::size_t length = static_cast<unsigned char>((*head)[1]);
    if (length >= 126) {
      const auto extended = client_.take(length == 126 ? 2 : 8);
      if (!extended) return {};
      length = 0;
      for (const char c : *extended) length = length * 256 + static_cast<unsigned char>(c);
    }
    const auto payload = client_.take(length);
    if (!payload) return {};
    return {(*head)[0] & 15, *payload};
  }
  /// The next text, "#code" of a close frame, or "" at the end of the connection; answers pings.
  std::string next() {
    for (;;) {
      const Frame frame = receive();
      if (frame.opcode == 1) return frame.payload;
      if (frame.opcode == 9) send(10, frame.payload);
      if (frame.opcode == 8) return "#" + std::to_string(frame.close_code());
      if (frame.opcode == -1) return {};
    }
  }
  void close() { client_.close(); }

  Answer handshake;

 private:
  Client client_;
};

}  // namespace korrigo::http::testing
