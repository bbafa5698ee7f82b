/// One mail, handed to the school's mail server.
#pragma once

#include <filesystem>
#include <string>

#include "base/parallel.h"
#include "base/result.h"
#include "outgoing/mail_message.h"

namespace korrigo::outgoing {

struct MailServer {
  std::string url;                     // "smtps://name:password@mail.example.org" or "smtp://..."
  std::string from;                    // "Korrigo <korrigo@lycee.example.org>"
  bool starttls = true;                // of smtp://: nothing is sent before the connection is encrypted
  std::filesystem::path ca_file = {};  // certificates to trust (PEM); "": the system's

  friend bool operator==(const MailServer&, const MailServer&) = default;
};

/// Returns when the server has taken the mail over. Refuses with
///   too_busy      "mail.unreachable"  no connection, no encryption, not let in, or "later" from the server
///   invalid_input "mail.refused"      the server does not take this mail
/// and throws Cancelled. Any thread.
Result<void> send(const MailServer& server, const Mail& mail, UtcTime now, const Cancel& cancel);

}  // namespace korrigo::outgoing
