#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "accounts/setup.h"
#include "accounts/user.h"
#include "app/commands.h"
#include "app/config.h"
#include "storage/migrations.h"

namespace korrigo::app {
namespace {

struct Words {
  std::string config, data;
  std::string name, role = "TEACHER", email;
  bool password_stdin = false;
};

// Runs `act(context of accounts)` on the database of the configuration; makes it when it is not there.
template <class Act>
void on_database(const Words& words, CommandContext& context, Act&& act) {
  auto config = load_config(words.config.empty() ? std::nullopt : std::optional<std::filesystem::path>(words.config));
  if (!config) return context.refuse(config.error());
  if (!words.data.empty()) config->data = words.data;
  std::filesystem::create_directories(config->data);
  const auto database = storage::Database::open(config->database());
  if (const auto migrated = storage::migrate(*database); !migrated) return context.refuse(migrated.error());
  const SystemClock clock;
  const accounts::PasswordHasher hasher;
  act(accounts::Context{*database, hasher, clock});
}

void add_user(const Words& words, CommandContext& context) {
  accounts::NewUser user;
  user.username = words.name;
  if (!words.email.empty()) user.email = words.email;
  user.role = words.role == "ADMIN" ? accounts::Role::admin : accounts::Role::teacher;
  if (words.password_stdin) {
    std::string password;
    std::getline(std::cin, password);
    user.password = password;
  }
  on_database(words, context, [&](const accounts::Context& accounts) {
    const auto created = accounts::create_user(accounts, user, audit::Actor{});
    if (!created) return context.refuse(created.error());
    fmt::print("{} may log in now.\n", created->user.username);
    if (created->temporary_password)
      fmt::print("Password, to be changed at the first log-in: {}\n", *created->temporary_password);
  });
}

void reset_user(const Words& words, CommandContext& context) {
  on_database(words, context, [&](const accounts::Context& accounts) {
    const auto password = accounts::reset_user(accounts, words.name);
    if (!password) return context.refuse(password.error());
    fmt::print("Password, to be changed at the next log-in: {}\n", *password);
  });
}

void add_common(CLI::App& command, Words& words) {
  command.add_option("name", words.name, "User name")->required();
  command.add_option("--config", words.config, "Configuration file (TOML)");
  command.add_option("--data", words.data, "Folder of database, media and logs; ./korrigo-data by default");
}

}  // namespace

void add_user_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("user", "Accounts, from the shell");
  command->require_subcommand(1);
  auto* add = command->add_subcommand("add", "A new account");
  add_common(*add, *words);
  add->add_option("--role", words->role, "What the account may do")
      ->check(CLI::IsMember({"ADMIN", "TEACHER"}))
      ->required();
  add->add_option("--email", words->email, "E-mail address");
  add->add_flag("--password-stdin", words->password_stdin,
                "Read the password from standard input; otherwise one is made up");
  add->callback([words, &context] { add_user(*words, context); });
  auto* reset = command->add_subcommand("reset", "A new password for an account that is locked out");
  add_common(*reset, *words);
  reset->callback([words, &context] { reset_user(*words, context); });
}

}  // namespace korrigo::app
