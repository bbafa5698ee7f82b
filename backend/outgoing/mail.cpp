#include "outgoing/mail.h"

#include <fmt/format.h>

#include "base/email_address.h"
#include "base/ids.h"
#include "outgoing/transfer.h"

namespace korrigo::outgoing {
namespace {

/// What libcurl has still to fetch of a message.
struct Unread {
  std::string_view rest;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* unread) {
  std::string_view& rest = static_cast<Unread*>(unread)->rest;
  const std::size_t bytes = std::min(size * count, rest.size());
  std::copy_n(rest.data(), bytes, buffer);
  rest.remove_prefix(bytes);
  return bytes;
}

}  // namespace

Result<void> send(const MailServer& server, const Mail& mail, UtcTime now, const Cancel& cancel) {
  if (!is_email_address(mail.to))
    return refuse(ErrorKind::invalid_input, "mail.refused", "The mail server does not take this mail.");
  const std::string message = message_of(mail, server.from, random_hex(16), now);
  Unread unread{message};
  Transfer transfer(server.url, "smtp,smtps", cancel);
  if (server.starttls) transfer.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!server.ca_file.empty()) transfer.set(CURLOPT_CAINFO, server.ca_file.c_str());
  const std::string sender = "<" + bare_address(server.from) + ">";
  transfer.set(CURLOPT_MAIL_FROM, sender.c_str());
  transfer.add_recipient("<" + mail.to + ">");
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.set(CURLOPT_READFUNCTION, give);
  transfer.set(CURLOPT_READDATA, static_cast<void*>(&unread));
  const CURLcode code = transfer.perform();
  if (code == CURLE_OK) return {};
  std::string detail = fmt::format("{}: {} ({})", curl_easy_strerror(code), transfer.trouble(), transfer.status());
  const bool final = transfer.status() >= 500 && code != CURLE_LOGIN_DENIED && code != CURLE_USE_SSL_FAILED;
  if (final)
    return refuse(ErrorKind::invalid_input, "mail.refused", "The mail server does not take this mail.",
                  std::move(detail));
  return refuse(ErrorKind::too_busy, "mail.unreachable", "The mail server cannot be used at the moment.",
                std::move(detail));
}

}  // namespace korrigo::outgoing
