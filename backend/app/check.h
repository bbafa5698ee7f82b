/// Whether everything that Korrigo needs is there, for the operator.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"

namespace korrigo::app {

struct Finding {
  enum class Verdict { good, attention, bad };  // bad: Korrigo cannot do its work
  std::string subject;                          // "database"
  Verdict verdict = Verdict::good;
  std::string text;    // one line
  std::string remedy;  // a command or a step; "" when there is nothing to do
};

/// Looks at the data folder, the disk, the database, media, Redis, the clock, models, languages, poppler and the
/// engines, and with `audit` at the chain of the audit log. Writes nothing that stays. Refuses as engine_commands.
Result<std::vector<Finding>> check_environment(const Config& config, bool audit);

}  // namespace korrigo::app
