#include "outgoing/post.h"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include "outgoing/transfer.h"

namespace korrigo::outgoing {
namespace {

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copied(text);
  curl_free(text);
  return copied;
}

/// What the socket function sees of a transfer.
struct Door {
  const std::function<bool(const sockaddr&)>& may_connect;
  bool closed = false;
};

// Called with the resolved address, which is the one that is then connected to.
curl_socket_t open_socket(void* clientp, curlsocktype, curl_sockaddr* address) {
  auto& door = *static_cast<Door*>(clientp);
  if (!door.may_connect(address->addr)) {
    door.closed = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void* seen) {
  constexpr std::size_t kMostOfAnswer = 64 * 1024;
  auto& bytes = *static_cast<std::size_t*>(seen);
  bytes += size * count;
  return bytes > kMostOfAnswer ? 0 : size * count;
}

bool is_passing(long status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

Result<void> outcome(CURLcode code, long status, bool closed, const char* trouble) {
  if (closed && code != CURLE_OK)
    return refuse(ErrorKind::forbidden, "webhook.not_public", "This name does not lead to an address of the internet.");
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return refuse(ErrorKind::invalid_input, "webhook.certificate", "The receiver's certificate is not valid.", trouble);
  const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0);
  if (!answered || is_passing(status))
    return refuse(ErrorKind::too_busy, "webhook.unreachable", "The receiver cannot be reached at the moment.",
                  fmt::format("{}: {} ({})", curl_easy_strerror(code), trouble, status));
  if (status < 200 || status > 299)
    return refuse(ErrorKind::invalid_input, "webhook.refused", fmt::format("The receiver answered {}.", status));
  return {};
}

}  // namespace

std::string fault_of_post_url(std::string_view url) {
  if (url.size() > 2000) return "must have at most 2000 characters";
  const std::unique_ptr<CURLU, UrlFree> parsed(curl_url());
  const std::string text(url);
  if (curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return "must be a URL";
  if (part_of(parsed.get(), CURLUPART_SCHEME) != "https") return "must begin with https://";
  if (!part_of(parsed.get(), CURLUPART_USER).empty() || !part_of(parsed.get(), CURLUPART_PASSWORD).empty())
    return "must hold no user name and no password";
  if (!part_of(parsed.get(), CURLUPART_FRAGMENT).empty()) return "must hold no #";
  std::string host = part_of(parsed.get(), CURLUPART_HOST);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  while (host.ends_with('.')) host.pop_back();
  const bool inside = host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local");
  if (inside || (is_address(host) && !is_public_address(host))) return "must be an address of the internet";
  return {};
}

std::string signature_of(std::string_view body, std::string_view secret, UtcTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::string signed_text = fmt::format("{}.{}", seconds, body);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size());
  crypto_auth_hmacsha256_final(&state, code.data());
  std::string hexadecimal;
  for (const unsigned char byte : code) hexadecimal += fmt::format("{:02x}", byte);
  return fmt::format("t={},v1={}", seconds, hexadecimal);
}

Result<void> send(const Post& post, UtcTime now, const Cancel& cancel, const PostRules& rules) {
  Transfer transfer(post.url, rules.protocols, cancel);
  Door door{rules.may_connect};
  std::size_t seen = 0;
  transfer.set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  transfer.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&door));
  transfer.set(CURLOPT_FOLLOWLOCATION, 0L);
  transfer.set(CURLOPT_WRITEFUNCTION, ignore);
  transfer.set(CURLOPT_WRITEDATA, static_cast<void*>(&seen));
  transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
  transfer.set(CURLOPT_POSTFIELDS, post.body.data());
  transfer.add_header("Content-Type: application/json");
  transfer.add_header("User-Agent: Korrigo");
  transfer.add_header("Expect:");
  transfer.add_header("X-Korrigo-Event: " + post.event);
  transfer.add_header("X-Korrigo-Delivery: " + post.id);
  transfer.add_header("X-Korrigo-Signature: " + signature_of(post.body, post.secret, now));
  const CURLcode code = transfer.perform();
  return outcome(code, transfer.status(), door.closed, transfer.trouble());
}

}  // namespace korrigo::outgoing
