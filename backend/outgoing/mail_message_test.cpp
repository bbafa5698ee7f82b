#include "outgoing/mail_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace korrigo::outgoing {
namespace {

using testing::HasSubstr;
using testing::Not;

const UtcTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

std::string message(const Mail& mail, std::string_view from = "Korrigo <korrigo@lycee.example.org>") {
  return message_of(mail, from, "0123", kNow);
}

TEST(MailMessage, has_the_header_that_mail_needs) {
  const std::string text = message({"marie@lycee.example.org", "Hello", "Good day.\n"});
  EXPECT_THAT(text, HasSubstr("Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
  EXPECT_THAT(text, HasSubstr("From: Korrigo <korrigo@lycee.example.org>\r\n"));
  EXPECT_THAT(text, HasSubstr("To: <marie@lycee.example.org>\r\nSubject: Hello\r\n"));
  EXPECT_THAT(text, HasSubstr("Message-ID: <0123@lycee.example.org>\r\n"));
  EXPECT_THAT(text, testing::EndsWith("\r\n\r\nR29vZCBkYXkuDQo=\r\n"));
}

TEST(MailMessage, encodes_subjects_by_whole_characters) {
  const std::string text = message({"a@b.fr", "Réinitialisation du mot de passe à l’établissement", ""});
  EXPECT_THAT(text, HasSubstr("Subject: =?UTF-8?B?UsOpaW5pdGlhbGlzYXRpb24gZHUgbW90IGRlIHBhc3NlIMOgIGzigJk=?="
                              "\r\n =?UTF-8?B?w6l0YWJsaXNzZW1lbnQ=?=\r\n"));
}

TEST(MailMessage, lets_nobody_write_header_lines) {
  const std::string text = message({"a@b.fr", "Hello\r\nBcc: all@b.fr", ""});
  EXPECT_THAT(text, Not(HasSubstr("\nBcc")));
}

TEST(MailMessage, encodes_the_name_of_a_sender_but_not_the_address) {
  EXPECT_THAT(message({"a@b.fr", "x", ""}, "Lycée <k@b.fr>"), HasSubstr("From: =?UTF-8?B?THljw6ll?= <k@b.fr>\r\n"));
  EXPECT_EQ(bare_address("Lycée <k@b.fr>"), "k@b.fr");
  EXPECT_EQ(bare_address("k@b.fr"), "k@b.fr");
}

TEST(MailMessage, keeps_lines_short) {
  const std::string text = message({"a@b.fr", "x", std::string(500, 'a')});
  std::size_t longest = 0;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    longest = std::max(longest, end - at);
  EXPECT_LE(longest, 98U);
}

}  // namespace
}  // namespace korrigo::outgoing
