#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <thread>

#include "app/commands.h"
#include "app/config.h"
#include "app/embedded_pages.h"
#include "app/service.h"

namespace korrigo::app {
namespace {

struct Words {
  std::string config;
  std::string data;
  std::string listen;
  int workers = -1;
};

Result<Config> config_of(const Words& words) {
  auto config = load_config(words.config.empty() ? std::nullopt : std::optional<std::filesystem::path>(words.config));
  if (!config) return config;
  if (!words.data.empty()) config->data = words.data;
  if (!words.listen.empty()) config->listen = words.listen;
  if (words.workers >= 0) {
    config->workers = words.workers;
    config->no_workers = words.workers == 0;
  }
  return config;
}

void run(const Words& words, Service::Part part, CommandContext& context) {
  const auto config = config_of(words);
  if (!config) return context.refuse(config.error());
  auto service = Service::make(*config, part);
  if (!service) return context.refuse(service.error());
  (*service)->start();
  if (part == Service::Part::workers)
    fmt::print("Korrigo's worker is ready.\n");
  else
    fmt::print("Korrigo is ready at {}{}\n", (*service)->address(),
               has_pages() ? "" : "\nIts web pages are not built in; only the API answers.");
  if (const auto secret = (*service)->offer_setup())
    fmt::print("Nobody can administer it yet: `korrigo user add`, or open {}/setup with the secret {}\n",
               (*service)->address(), *secret);
  std::fflush(stdout);
  while (!context.cancel.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  (*service)->stop();
}

void add_common(CLI::App& command, Words& words) {
  command.add_option("--config", words.config, "Configuration file (TOML)");
  command.add_option("--data", words.data, "Folder of database, media and logs; ./korrigo-data by default");
  command.add_option("--workers", words.workers, "Tasks at once; one more than cores by default, 0 for none")
      ->check(CLI::Range(0, 1024));
}

}  // namespace

void add_serve_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("serve", "Serve Korrigo to browsers, and do its tasks");
  add_common(*command, *words);
  command->add_option("--listen", words->listen, "Address and port; 127.0.0.1:8088 by default");
  command->callback([words, &context] { run(*words, Service::Part::server_and_workers, context); });
}

void add_worker_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand("worker", "Do tasks beside `korrigo serve`, here or on another machine");
  add_common(*command, *words);
  command->callback([words, &context] { run(*words, Service::Part::workers, context); });
}

}  // namespace korrigo::app
