/// The log: one JSON object a line, to standard error and to files that are kept small.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "http/server.h"
#include "jobs/worker.h"

namespace korrigo::app {

enum class Level { info, warning, error };

/// {"timestamp", "level", "logger", "message", "user_id", "request_id", "duration_ms"}; empty and absent ones are null.
struct LogLine {
  Level level = Level::info;
  std::string logger;   // "http", "jobs.read_headers", "storage"
  std::string message;  // whatever it quotes, nothing of a person reaches the log: see scrubbed()
  std::string user_id = {};
  std::string request_id = {};
  std::optional<std::chrono::microseconds> duration = {};
};

/// `text` without what could be an e-mail address, the values PostgreSQL quotes from a row ("Key (email)=(...)"), and
/// tokens: runs of 32 and more letters and digits.
std::string scrubbed(std::string_view text);

/// Two files in `folder`, api.log and tasks.log, each with 4 older ones beside it; both also to standard error. What
/// cannot be written is lost, never waited for. Any thread.
class LogFile {
 public:
  /// Creates the folder, readable to its owner alone. A file that would pass `file_bytes` becomes an older one. Throws
  /// std::system_error when a file cannot be opened.
  LogFile(const std::filesystem::path& folder, const Clock& clock, std::size_t file_bytes = 10 * 1000 * 1000);
  ~LogFile();

  void request(const http::RequestRecord& record);  // api.log
  void turn(const jobs::TurnEnd& end);              // tasks.log
  /// What the service itself has to say: to api.log, or with a logger that begins with "jobs" to tasks.log.
  void write(const LogLine& line);

 private:
  struct Files;
  const Clock& clock_;
  std::unique_ptr<Files> files_;
};

}  // namespace korrigo::app
