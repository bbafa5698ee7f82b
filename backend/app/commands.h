/// The sub-commands of the korrigo program. Each add_ function registers one; its run ends by setting the exit code.
#pragma once

#include "base/parallel.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace korrigo::app {

/// What the shell sees (scan-pipeline.md section 7).
enum class ExitCode : int {
  done = 0,
  needs_a_person = 1,      // normal: some copies or faces are waiting for somebody
  refused = 2,             // the input was not acceptable
  broken_environment = 3,  // disk full, folder not writable, a missing program or language data
  interrupted = 130,       // Ctrl-C
};

struct CommandContext {
  Cancel& cancel;
  ExitCode code = ExitCode::done;

  /// Prints the refusal and sets the exit code for its kind.
  void refuse(const Error& error);
};

void add_scan_command(CLI::App& app, CommandContext& context);
void add_identify_command(CLI::App& app, CommandContext& context);
void add_demo_command(CLI::App& app, CommandContext& context);
void add_serve_command(CLI::App& app, CommandContext& context);
void add_worker_command(CLI::App& app, CommandContext& context);
void add_user_command(CLI::App& app, CommandContext& context);
void add_check_command(CLI::App& app, CommandContext& context);
void add_config_command(CLI::App& app, CommandContext& context);
void add_export_pronote_command(CLI::App& app, CommandContext& context);
void add_backup_command(CLI::App& app, CommandContext& context);
void add_restore_command(CLI::App& app, CommandContext& context);

}  // namespace korrigo::app
