/// Which addresses belong to the internet, and which to the machine, its network, or nobody.
#pragma once

#include <sys/socket.h>

#include <string_view>

namespace korrigo::outgoing {

/// False for loopback, private, shared (RFC 6598), link-local, multicast, reserved and documentation addresses, for
/// IPv6 outside 2000::/3 and for its tunnels (6to4, Teredo), and for any other family. An IPv4 address mapped into IPv6
/// counts as itself.
bool is_public(const sockaddr& address);

/// The same of an address as text; nothing is resolved. False for what is no address.
bool is_public_address(std::string_view text);

/// Whether `host` is an IPv4 or IPv6 address, without brackets.
bool is_address(std::string_view host);

}  // namespace korrigo::outgoing
