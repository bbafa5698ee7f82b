/// One signed message to an address that somebody registered.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/parallel.h"
#include "base/result.h"
#include "outgoing/public_address.h"

namespace korrigo::outgoing {

/// "https://host[:port][/...]" without user, fragment, white space, or a host that is an address of the school's own
/// network; what a name resolves to is looked at when it is used. Otherwise the reason, as the end of a sentence.
std::string fault_of_post_url(std::string_view url);

struct Post {
  std::string url;
  std::string body;  // JSON
  std::string event;
  std::string id;  // of the delivery; the same when it is tried again
  std::string secret;
};

/// What may be reached; tests pass other rules.
struct PostRules {
  std::function<bool(const sockaddr&)> may_connect = is_public;
  const char* protocols = "https";
};

/// "t=1800000000,v1=<HMAC-SHA256 of "1800000000.<body>" under `secret`, hexadecimal>": the header X-Korrigo-Signature.
std::string signature_of(std::string_view body, std::string_view secret, UtcTime now);

/// Done when the answer is 2xx; what it says beside that is not read. Refuses with
///   too_busy      "webhook.unreachable"  no name, no connection, no answer in time, or 408, 425, 429, 5xx
///   invalid_input "webhook.refused"      any other status, redirects included
///   invalid_input "webhook.certificate"  the certificate is not good
///   forbidden     "webhook.not_public"   the name leads to an address that is not of the internet
/// and throws Cancelled. Any thread.
Result<void> send(const Post& post, UtcTime now, const Cancel& cancel, const PostRules& rules = {});

}  // namespace korrigo::outgoing
