/// Which peers may speak for others.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace korrigo::http {

class TrustedProxies {
 public:
  /// Addresses or networks ("10.0.0.0/8", "::1"). Throws std::invalid_argument when one is neither.
  explicit TrustedProxies(const std::vector<std::string>& networks);

  bool contains(std::string_view address) const;
  /// The client behind `peer`: the last address of X-Forwarded-For that is not a trusted proxy, when `peer` is one;
  /// otherwise `peer` itself.
  std::string client_of(std::string_view peer, std::string_view forwarded_for) const;

 private:
  using Bytes = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
  struct Network {
    Bytes address{};
    int bits = 128;
  };
  static std::optional<Bytes> parse(std::string_view address);

  std::vector<Network> networks_;
};

}  // namespace korrigo::http
