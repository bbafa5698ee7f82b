#include "app/bindings.h"

#include "accounts/secrets.h"
#include "accounts/settings.h"
#include "accounts/student_account.h"
#include "base/email_address.h"
#include "copies/import.h"
#include "pdf/source_reader.h"
#include "publication/final_job.h"

namespace korrigo::app {
namespace {

constexpr storage::Statement kAnonymousId{"app.anonymous_id", "SELECT anonymous_id FROM copy WHERE id = $1"};

// Random passwords that are changed at the first log-in do not need what people's own do.
constexpr accounts::PasswordHasher::Cost kCheap{1, 8 * 1024};

}  // namespace

exams::SourceCheck source_check() {
  return [](const std::filesystem::path& path, int max_pages) -> Result<int> {
    pdf::ReadLimits limits;
    limits.max_pages = max_pages;
    const auto reader = pdf::SourceReader::open({path}, limits);
    if (!reader) return tl::unexpected(reader.error());
    return reader->side_count(0);
  };
}

exams::CopyMaker copy_maker(const Clock& clock) {
  return [&clock](storage::Transaction& transaction, const exams::Source& source) -> Result<exams::MadeCopy> {
    const copies::ImportedSource imported{source.exam, source.id, source.page_count, source.uploaded_by};
    const CopyId id = copies::make_imported_copy(transaction, imported, clock.now());
    return exams::MadeCopy{id, transaction.row(kAnonymousId, id)->get<std::string>(0)};
  };
}

grading::Finalised final_pdf_maker(jobs::Queue& queue) {
  return [&queue](storage::Transaction& transaction, const CopyId& copy, UserId user) {
    return std::optional(queue.enqueue(transaction, publication::final_pdf_task(copy, user)));
  };
}

Result<std::optional<accounts::Mailing>> mailing_of(const Config& config) {
  if (config.smtp_url.empty()) return std::nullopt;
  const auto invalid = [](std::string_view key, std::string_view what) {
    return refuse(ErrorKind::invalid_input, "config.invalid",
                  fmt::format("{} {}, because smtp_url is set.", key, what));
  };
  if (!config.smtp_url.starts_with("smtp://") && !config.smtp_url.starts_with("smtps://"))
    return refuse(ErrorKind::invalid_input, "config.invalid", "smtp_url must begin with smtps:// or smtp://.");
  const bool one_line = config.smtp_from.find_first_of("\r\n") == std::string::npos;
  if (!one_line || !is_email_address(outgoing::bare_address(config.smtp_from)))
    return invalid("smtp_from", "must hold the sender's address");
  std::string url = config.public_url;
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    return invalid("public_url", "must say where people open Korrigo (https://...)");
  outgoing::MailServer server{config.smtp_url, config.smtp_from, config.smtp_starttls, config.smtp_ca_file};
  return accounts::Mailing{std::move(server), std::move(url)};
}

students::Accounts student_accounts(const accounts::Context& context, const accounts::Sealer& sealer) {
  students::Accounts bound;
  bound.wanted = [](storage::Transaction& transaction) {
    return accounts::settings(transaction).student_login == accounts::StudentLogin::password;
  };
  bound.new_password = [] { return accounts::temporary_password(); };
  const auto hasher = std::make_shared<accounts::PasswordHasher>(kCheap);
  bound.hash = [hasher](std::string_view password) { return hasher->hash(password); };
  bound.create = [&clock = context.clock](storage::Transaction& transaction,
                                          const std::vector<students::NewAccount>& accounts) {
    std::vector<accounts::NewStudentAccount> wanted;
    for (const auto& account : accounts) wanted.push_back({account.student, account.email, account.password_hash});
    return accounts::create_student_accounts(transaction, wanted, clock.now());
  };
  bound.seal = [&sealer](std::string_view plain) { return sealer.seal(plain); };
  return bound;
}

}  // namespace korrigo::app
