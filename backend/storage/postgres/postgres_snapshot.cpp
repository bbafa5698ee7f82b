#include "storage/postgres/postgres_snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <memory>

#include "base/files.h"
#include "storage/database.h"

namespace korrigo::storage::postgres {
namespace {

constexpr Statement kTables{"snapshot.tables", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"};

// What the URL says as the variables of libpq: a password on a command line could be read by everybody on the machine.
std::vector<std::string> environment_of(const std::string& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &message),
                                                                             &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> said(message, [](void* text) { PQfreemem(text); });
  if (!options) throw DatabaseError(Fault::other, said ? said.get() : "the database's URL is not understood");
  std::vector<std::string> variables;
  for (char** inherited = environ; *inherited; ++inherited)
    if (std::strncmp(*inherited, "PG", 2) != 0) variables.emplace_back(*inherited);
  for (const PQconninfoOption* option = options.get(); option->keyword; ++option)
    if (option->val && option->envvar) variables.push_back(fmt::format("{}={}", option->envvar, option->val));
  return variables;
}

// One of PostgreSQL's programs, to its end. Its messages are the refusal's.
Result<void> run_tool(const std::string& url, std::vector<std::string> words) {
  const TempFolder folder;
  const std::filesystem::path messages = folder.path() / "messages";
  std::vector<std::string> environment = environment_of(url);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages.c_str(), O_WRONLY | O_CREAT, 0600);
  pid_t child = 0;
  const int code =
      posix_spawnp(&child, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0)
    return refuse(ErrorKind::not_found, "program.missing",
                  fmt::format("{} is not on this machine; Debian has it in postgresql-client.", words[0]));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string said = read_file(messages);
  return refuse(ErrorKind::conflict, "database.tool",
                fmt::format("{} failed: {}", words[0], said.substr(0, said.find_last_not_of('\n') + 1)));
}

}  // namespace

bool is_empty(std::string_view url) {
  const auto database = Database::open(url, {.connections = 1});
  return database->read([](Transaction& t) { return t.row(kTables)->get<std::int64_t>(0) == 0; });
}

Result<void> save_snapshot(const std::string& url, const std::filesystem::path& file) {
  return run_tool(url, {"pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file=" + file.string()});
}

Result<void> load_snapshot(const std::string& url, const std::filesystem::path& file) {
  // The empty name makes pg_restore restore instead of print; which database it is stands in the variables.
  return run_tool(url, {"pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                        "--dbname=", file.string()});
}

}  // namespace korrigo::storage::postgres
