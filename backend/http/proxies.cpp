#include "http/proxies.h"

#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "base/text.h"

namespace korrigo::http {

std::optional<TrustedProxies::Bytes> TrustedProxies::parse(std::string_view address) {
  const std::string text(address);
  Bytes bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xFF;
  if (::inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const std::size_t slash = text.find('/');
    const auto address = parse(std::string_view(text).substr(0, slash));
    if (!address) throw std::invalid_argument("no address or network: " + text);
    const int widest = text.find(':') == std::string::npos ? 32 : 128;
    int bits = widest;
    if (slash != std::string::npos) {
      const auto [end, error] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
      const bool whole = error == std::errc{} && end == text.data() + text.size();
      if (!whole || bits < 0 || bits > widest) throw std::invalid_argument("no address or network: " + text);
    }
    networks_.push_back({*address, 128 - widest + bits});
  }
}

bool TrustedProxies::contains(std::string_view address) const {
  const auto bytes = parse(address);
  if (!bytes) return false;
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    const auto whole = static_cast<std::size_t>(network.bits / 8);
    if (std::memcmp(bytes->data(), network.address.data(), whole) != 0) return false;
    const int rest = network.bits % 8;
    return rest == 0 || ((*bytes)[whole] ^ network.address[whole]) >> (8 - rest) == 0;
  });
}

std::string TrustedProxies::client_of(std::string_view peer, std::string_view forwarded_for) const {
  std::string_view client = peer;
  while (contains(client) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view last =
        trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
    if (!parse(last)) break;
    client = last;
  }
  return std::string(client);
}

}  // namespace korrigo::http
