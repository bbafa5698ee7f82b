#include "app/log_file.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <system_error>

namespace korrigo::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kOlderFiles = 4;
constexpr std::size_t kTokenLength = 32;  // of hexadecimal digits; a UUID is shorter between its hyphens

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_of_address(char c) {
  return is_word(c) || static_cast<unsigned char>(c) >= 0x80 || std::string_view("._%+-'").find(c) != std::string::npos;
}

/// From `at`, the end of the run of characters that `belongs` takes.
template <class Belongs>
std::size_t run_end(std::string_view text, std::size_t at, Belongs belongs) {
  while (at < text.size() && belongs(text[at])) ++at;
  return at;
}

std::string without_addresses(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = run_end(text, at, is_of_address);
    const bool address = end > at && end + 1 < text.size() && text[end] == '@' && is_of_address(text[end + 1]);
    if (address) {
      out += "[address]";
      at = run_end(text, end + 1, is_of_address);
    } else {
      const std::size_t next = std::max(end, at + 1);
      out += text.substr(at, next - at);
      at = next;
    }
  }
  return out;
}

std::string without_row_values(std::string_view text) {
  std::string out(text);
  for (std::size_t at = 0; (at = out.find(")=(", at)) != std::string::npos;) {
    at += 3;
    const std::size_t end = std::min(out.rfind(')'), out.find('\n', at));
    if (end == std::string::npos || end < at) break;
    out.replace(at, end - at, "...");
  }
  return out;
}

std::string without_tokens(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::max(run_end(text, at, is_word), at + 1);
    const std::string_view word = text.substr(at, end - at);
    out += word.size() >= kTokenLength ? "[token]" : word;
    at = end;
  }
  return out;
}

std::string_view name_of(Level level) {
  return level == Level::info ? "info" : level == Level::warning ? "warning" : "error";
}

double milliseconds(std::chrono::microseconds span) {
  return std::round(static_cast<double>(span.count()) / 10.0) / 100.0;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

json::object json_of(const LogLine& line, UtcTime now) {
  return {{"timestamp", to_iso(now)},
          {"level", name_of(line.level)},
          {"logger", line.logger},
          {"message", scrubbed(line.message)},
          {"user_id", text_or_null(line.user_id)},
          {"request_id", text_or_null(line.request_id)},
          {"duration_ms", line.duration ? json::value(milliseconds(*line.duration)) : json::value()}};
}

}  // namespace

std::string scrubbed(std::string_view text) {
  return without_tokens(without_addresses(without_row_values(text)));
}

struct LogFile::Files {
  Files(const std::filesystem::path& folder, std::size_t file_bytes)
      : console(std::make_shared<spdlog::sinks::stderr_sink_mt>()),
        api(open(folder, "api", file_bytes)),
        tasks(open(folder, "tasks", file_bytes)) {}

  std::unique_ptr<spdlog::logger> open(const std::filesystem::path& folder, const std::string& name,
                                       std::size_t file_bytes) const {
    const std::string path = (folder / (name + ".log")).string();
    try {
      auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, file_bytes, kOlderFiles);
      auto logger = std::make_unique<spdlog::logger>(name, spdlog::sinks_init_list{console, std::move(file)});
      logger->set_pattern("%v");
      logger->flush_on(spdlog::level::info);
      return logger;
    } catch (const spdlog::spdlog_ex& error) {
      throw std::system_error(EIO, std::generic_category(), error.what());
    }
  }
  static void put(spdlog::logger& logger, const json::object& line) {
    logger.log(spdlog::level::info, spdlog::string_view_t(json::serialize(line)));
  }

  spdlog::sink_ptr console;
  std::unique_ptr<spdlog::logger> api;
  std::unique_ptr<spdlog::logger> tasks;
};

LogFile::LogFile(const std::filesystem::path& folder, const Clock& clock, std::size_t file_bytes) : clock_(clock) {
  if (std::filesystem::create_directories(folder)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  }
  files_ = std::make_unique<Files>(folder, file_bytes);
}

LogFile::~LogFile() = default;

void LogFile::request(const http::RequestRecord& record) {
  LogLine line{.level = record.status >= 500 ? Level::error : Level::info,
               .logger = "http",
               .message = record.trouble.empty() ? "request" : record.trouble,
               .user_id = record.user_id,
               .request_id = record.request_id,
               .duration = record.duration};
  json::object text = json_of(line, record.time);
  text["method"] = record.method;
  text["route"] = record.route;
  text["status"] = record.status;
  Files::put(*files_->api, text);
}

void LogFile::turn(const jobs::TurnEnd& end) {
  LogLine line{.level = end.state == jobs::TaskState::failure ? Level::error : Level::info,
               .logger = "jobs." + end.task.kind,
               .message = end.detail.empty() ? "turn" : end.detail,
               .user_id = end.task.created_by ? std::to_string(end.task.created_by->value) : std::string(),
               .duration = end.took};
  if (end.state == jobs::TaskState::retry) line.level = Level::warning;
  json::object text = json_of(line, clock_.now());
  text["task_id"] = end.task.id.text();
  text["status"] = jobs::name_of(end.state);
  text["attempt"] = end.task.attempt;
  Files::put(*files_->tasks, text);
}

void LogFile::write(const LogLine& line) {
  Files::put(line.logger.starts_with("jobs") ? *files_->tasks : *files_->api, json_of(line, clock_.now()));
}

}  // namespace korrigo::app
