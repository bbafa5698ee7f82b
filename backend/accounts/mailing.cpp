#include "accounts/mailing.h"

namespace korrigo::accounts {
namespace {

/// "Korrigo" or "Korrigo (Lycée Jean Moulin)".
std::string sender_of(const std::string& school) {
  return school.empty() ? "Korrigo" : fmt::format("Korrigo ({})", school);
}

std::string greeting(const User& user, MailLanguage language) {
  const std::string_view word = language == MailLanguage::fr ? "Bonjour" : "Hello";
  return user.first_name.empty() ? fmt::format("{},\n\n", word) : fmt::format("{} {},\n\n", word, user.first_name);
}

struct Line {
  std::string_view kind;
  std::string_view fr;
  std::string_view en;
};

// {} is how many.
constexpr Line kLines[] = {
    {"READY_FOR_IDENTIFICATION", "Scans traités, dont les copies attendent leur nom : {}",
     "Scans that were read, whose copies wait for their names: {}"},
    {"BATCH_FAILED", "Scans dont le traitement a échoué : {}", "Scans that could not be processed: {}"},
    {"COPIES_ASSIGNED", "Copies qui vous ont été confiées : {}", "Copies given to you: {}"},
    {"ALL_GRADED", "Examens entièrement corrigés : {}", "Exams that are marked: {}"},
    {"RESULTS_RELEASED", "Examens dont les résultats sont publiés : {}", "Exams whose results are out: {}"},
    {"FACE_REPORTED", "Pages signalées par un correcteur : {}", "Pages that a corrector reported: {}"},
    {"TASK_FAILED", "Tâches en échec : {}", "Tasks that failed: {}"},
};

std::int64_t how_many(std::span<const ToldInMail> told, std::string_view kind) {
  std::int64_t count = 0;
  for (const ToldInMail& one : told) {
    if (one.kind != kind) continue;
    const auto* copies = one.content.if_contains("copies");
    count += copies && copies->is_int64() ? copies->get_int64() : 1;
  }
  return count;
}

}  // namespace

std::string_view name_of(MailLanguage language) {
  return language == MailLanguage::fr ? "fr" : "en";
}

MailLanguage mail_language_named(std::string_view name) {
  return name == "en" ? MailLanguage::en : MailLanguage::fr;
}

outgoing::Mail password_reset_mail(const User& user, const std::string& address, const std::string& link,
                                   const std::string& school, MailLanguage language) {
  const std::string sender = sender_of(school);
  if (language == MailLanguage::en) {
    return {address, "A new password for " + sender,
            greeting(user, language) +
                fmt::format("Somebody, probably you, asked for a new password for the account \"{}\" of {}.\n\n"
                            "To choose it, open this address within the hour:\n\n{}\n\n"
                            "It can be used once. If you asked for nothing, leave this message: your password stays as "
                            "it is.\n",
                            user.username, sender, link)};
  }
  return {
      address, "Un nouveau mot de passe pour " + sender,
      greeting(user, language) +
          fmt::format("Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour le compte « {} » de {}.\n\n"
                      "Pour le choisir, ouvrez cette adresse dans l’heure :\n\n{}\n\n"
                      "Elle ne sert qu’une fois. Si vous n’avez rien demandé, laissez ce message : votre mot de "
                      "passe ne change pas.\n",
                      user.username, sender, link)};
}

outgoing::Mail notification_mail(const User& user, std::span<const ToldInMail> told, const std::string& public_url,
                                 const std::string& school, MailLanguage language) {
  const bool french = language == MailLanguage::fr;
  std::string text = greeting(user, language);
  for (const Line& line : kLines) {
    const std::int64_t count = how_many(told, line.kind);
    if (count > 0) text += "- " + fmt::format(fmt::runtime(french ? line.fr : line.en), count) + "\n";
  }
  text += fmt::format("\n{}/\n\n{}\n", public_url,
                      french ? "Pour ne plus recevoir ces messages : Mon compte, Notifications par courriel."
                             : "To get no more of these: My account, Notifications by mail.");
  return {user.email.value_or(""), (french ? "Du nouveau sur " : "News on ") + sender_of(school), std::move(text)};
}

}  // namespace korrigo::accounts
