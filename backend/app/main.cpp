#include <fmt/format.h>
#include <malloc.h>
#include <sodium.h>
#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <new>
#include <system_error>

#include "app/commands.h"
#include "base/parallel.h"
#include "sandbox/child.h"

namespace korrigo::app {
namespace {

Cancel cancel;

// The first Ctrl-C asks; the second one ends the program at once.
extern "C" void on_interrupt(int signal) {
  cancel.request();
  std::signal(signal, SIG_DFL);
}

void say(const std::string& sentence) {
  fmt::print(stderr, "korrigo: {}\n", sentence);
}

int run(int argc, char** argv) {
  CLI::App program("Korrigo: scanned exams to identified, marked copies");
  program.set_version_flag("--version", "korrigo " KORRIGO_VERSION);
  program.require_subcommand(1);
  CommandContext context{cancel};
  add_scan_command(program, context);
  add_identify_command(program, context);
  add_demo_command(program, context);
  add_serve_command(program, context);
  add_worker_command(program, context);
  add_user_command(program, context);
  add_export_pronote_command(program, context);
  add_backup_command(program, context);
  add_restore_command(program, context);
  add_check_command(program, context);
  add_config_command(program, context);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::refused);
  } catch (const Cancelled&) {
    say("Stopped; nothing was written.");
    context.code = ExitCode::interrupted;
  } catch (const std::system_error& error) {
    say(fmt::format("{}.", error.what()));
    context.code = ExitCode::broken_environment;
  } catch (const std::bad_alloc&) {
    say("Out of memory.");
    context.code = ExitCode::broken_environment;
  } catch (const std::exception& error) {
    say(fmt::format("{}", error.what()));
    context.code = ExitCode::broken_environment;
  }
  return static_cast<int>(context.code);
}

}  // namespace

void CommandContext::refuse(const Error& error) {
  say(error.message);
  const bool ours =
      error.code == "ocr.tesseract_missing" || error.code == "program.missing" || error.code == "samples.fonts";
  code = ours ? ExitCode::broken_environment : ExitCode::refused;
}

}  // namespace korrigo::app

int main(int argc, char** argv) {
  // Pictures of some megabytes come and go all the time; handing their pages back to the kernel each time costs a tenth
  // of the whole job.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  if (korrigo::sandbox::is_child(argc, argv)) return korrigo::sandbox::child_main(argc, argv);
  if (sodium_init() < 0) {
    fmt::print(stderr, "korrigo: the system gives no random numbers.\n");
    return static_cast<int>(korrigo::app::ExitCode::broken_environment);
  }
  std::signal(SIGINT, korrigo::app::on_interrupt);
  std::signal(SIGTERM, korrigo::app::on_interrupt);
  std::signal(SIGPIPE, SIG_IGN);
  return korrigo::app::run(argc, argv);
}
