/// How the school's mails leave, and what they say.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "accounts/user.h"
#include "outgoing/mail.h"

namespace korrigo::accounts {

struct Mailing {
  outgoing::MailServer server;
  std::string public_url;  // where links in mails lead: "https://korrigo.lycee.example.org"
};

enum class MailLanguage { fr, en };
std::string_view name_of(MailLanguage language);          // "fr"
MailLanguage mail_language_named(std::string_view name);  // French unless "en"

/// The mail with the link to choose a new password; `school` may be empty.
outgoing::Mail password_reset_mail(const User& user, const std::string& address, const std::string& link,
                                   const std::string& school, MailLanguage language);

/// One thing that a person was told (notifications.h).
struct ToldInMail {
  std::string kind;
  boost::json::object content;
};

/// Counts and a link to the front page; no names, no exam's title. At least one thing was told; the user has an
/// address.
outgoing::Mail notification_mail(const User& user, std::span<const ToldInMail> told, const std::string& public_url,
                                 const std::string& school, MailLanguage language);

}  // namespace korrigo::accounts
