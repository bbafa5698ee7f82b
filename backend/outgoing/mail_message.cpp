#include "outgoing/mail_message.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sodium.h>

#include <vector>

namespace korrigo::outgoing {
namespace {

constexpr int kEncoding = sodium_base64_VARIANT_ORIGINAL;
constexpr std::size_t kBytesOfWord = 42;  // RFC 2047: an encoded word has at most 75 characters
constexpr std::size_t kBytesOfLine = 57;  // RFC 2045: 76 characters

std::string base64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kEncoding), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    kEncoding);
  text.pop_back();  // libsodium's closing zero
  return text;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// A header's value in ASCII, whole characters in each encoded word.
std::string in_header(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  if (is_plain(text)) return text;
  std::string words;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t length = std::min(rest.size(), kBytesOfWord);
    while (length < rest.size() && length > 1 && continues_character(rest[length])) --length;
    if (!words.empty()) words += "\r\n ";
    words += fmt::format("=?UTF-8?B?{}?=", base64(rest.substr(0, length)));
    rest.remove_prefix(length);
  }
  return words;
}

/// The name before an address in angle brackets is encoded, the address is not.
std::string sender(std::string_view from) {
  const auto bracket = from.find('<');
  if (bracket == std::string_view::npos || bracket == 0) return std::string(from);
  std::string_view name = from.substr(0, bracket);
  while (name.ends_with(' ')) name.remove_suffix(1);
  if (is_plain(name)) return std::string(from);
  return in_header(std::string(name)) + " <" + bare_address(from) + ">";
}

std::string body_of(std::string_view text) {
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  std::string body;
  for (std::size_t at = 0; at < lines.size(); at += kBytesOfLine)
    body += base64(std::string_view(lines).substr(at, kBytesOfLine)) + "\r\n";
  return body;
}

}  // namespace

std::string bare_address(std::string_view from) {
  const auto open = from.find('<');
  const auto close = from.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::string(from);
  return std::string(from.substr(open + 1, close - open - 1));
}

std::string message_of(const Mail& mail, std::string_view from, std::string_view id, UtcTime now) {
  const std::string address = bare_address(from);
  const std::string domain = address.substr(std::min(address.find('@'), address.size() - 1) + 1);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format(
      "Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\nFrom: {}\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n{}",
      fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), sender(from), mail.to, in_header(mail.subject), id,
      domain, body_of(mail.text));
}

}  // namespace korrigo::outgoing
