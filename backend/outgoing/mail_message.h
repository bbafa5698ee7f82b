/// A mail as it goes over the wire.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace korrigo::outgoing {

struct Mail {
  std::string to;       // "marie@lycee.example.org"
  std::string subject;  // any Unicode, one line
  std::string text;     // any Unicode, lines end with \n
};

/// "korrigo@lycee.example.org" of "Korrigo <korrigo@lycee.example.org>" or of itself.
std::string bare_address(std::string_view from);

/// The message with its header (RFC 5322); `id` is unique. Line breaks in the header's values become spaces.
std::string message_of(const Mail& mail, std::string_view from, std::string_view id, UtcTime now);

}  // namespace korrigo::outgoing
