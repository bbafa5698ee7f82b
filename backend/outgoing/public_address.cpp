#include "outgoing/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace korrigo::outgoing {
namespace {

struct Network4 {
  std::uint32_t base;
  int bits;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA's special-purpose registry, and multicast.
constexpr Network4 kNotPublic[] = {
    {ipv4(0, 0, 0, 0), 8},      {ipv4(10, 0, 0, 0), 8},     {ipv4(100, 64, 0, 0), 10}, {ipv4(127, 0, 0, 0), 8},
    {ipv4(169, 254, 0, 0), 16}, {ipv4(172, 16, 0, 0), 12},  {ipv4(192, 0, 0, 0), 24},  {ipv4(192, 0, 2, 0), 24},
    {ipv4(192, 88, 99, 0), 24}, {ipv4(192, 168, 0, 0), 16}, {ipv4(198, 18, 0, 0), 15}, {ipv4(198, 51, 100, 0), 24},
    {ipv4(203, 0, 113, 0), 24}, {ipv4(224, 0, 0, 0), 4},    {ipv4(240, 0, 0, 0), 4},
};

struct Network6 {
  std::array<std::uint8_t, 4> base;
  int bits;
};

// Within 2000::/3: IETF assignments with Teredo and ORCHID, documentation, 6to4.
constexpr Network6 kNotPublic6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x20, 0x02, 0x00, 0x00}, 16},
    {{0x3f, 0xff, 0x00, 0x00}, 20},
};

bool is_public4(std::uint32_t address) {
  return std::ranges::none_of(
      kNotPublic, [&](const Network4& network) { return (address ^ network.base) >> (32 - network.bits) == 0; });
}

bool is_public6(const in6_addr& address) {
  std::uint32_t first = 0;
  std::memcpy(&first, address.s6_addr, sizeof(first));
  first = ntohl(first);
  if (first >> 29 != 1) return false;
  return std::ranges::none_of(kNotPublic6, [&](const Network6& network) {
    const auto& b = network.base;
    return (first ^ ipv4(b[0], b[1], b[2], b[3])) >> (32 - network.bits) == 0;
  });
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    return is_public4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof(v6));
  if (!IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return is_public6(v6.sin6_addr);
  std::uint32_t mapped = 0;
  std::memcpy(&mapped, v6.sin6_addr.s6_addr + 12, sizeof(mapped));
  return is_public4(ntohl(mapped));
}

bool is_public_address(std::string_view text) {
  const std::string zero_ended(text);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, zero_ended.c_str(), &v4.sin_addr) == 1) return is_public(reinterpret_cast<sockaddr&>(v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (inet_pton(AF_INET6, zero_ended.c_str(), &v6.sin6_addr) == 1) return is_public(reinterpret_cast<sockaddr&>(v6));
  return false;
}

bool is_address(std::string_view host) {
  const std::string zero_ended(host);
  in6_addr parsed{};
  return inet_pton(AF_INET, zero_ended.c_str(), &parsed) == 1 || inet_pton(AF_INET6, zero_ended.c_str(), &parsed) == 1;
}

}  // namespace korrigo::outgoing
