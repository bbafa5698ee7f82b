#include "app/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>
#include <cstdlib>
#include <functional>
#include <map>

namespace korrigo::app {
namespace {

using Setter = std::function<bool(Config&, const toml::node&)>;

template <class T>
Setter take(T Config::*member) {
  return [member](Config& config, const toml::node& node) {
    const auto value = node.value<T>();
    if (value) config.*member = *value;
    return value.has_value();
  };
}

Setter take_list(std::vector<std::string> Config::*member) {
  return [member](Config& config, const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return false;
    (config.*member).clear();
    for (const toml::node& item : *array) {
      const auto text = item.value<std::string>();
      if (!text) return false;
      (config.*member).push_back(*text);
    }
    return true;
  };
}

bool take_data(Config& config, const toml::node& node) {
  const auto text = node.value<std::string>();
  if (text) config.data = *text;
  return text && !text->empty();
}

bool take_workers(Config& config, const toml::node& node) {
  const auto count = node.value<std::int64_t>();
  if (!count || *count < 0 || *count > 1024) return false;
  config.workers = static_cast<int>(*count);
  config.no_workers = *count == 0;
  return true;
}

Setter take_number(int Config::*member, int least, int most) {
  return [=](Config& config, const toml::node& node) {
    const auto number = node.value<std::int64_t>();
    if (!number || *number < least || *number > most) return false;
    config.*member = static_cast<int>(*number);
    return true;
  };
}

Setter take_path(std::filesystem::path Config::*member) {
  return [member](Config& config, const toml::node& node) {
    const auto text = node.value<std::string>();
    if (text) config.*member = *text;
    return text.has_value();
  };
}

const std::map<std::string, Setter, std::less<>>& keys() {
  static const std::map<std::string, Setter, std::less<>> all = {
      {"data", take_data},
      {"listen", take(&Config::listen)},
      {"workers", take_workers},
      {"database_url", take(&Config::database_url)},
      {"tls_in_front", take(&Config::tls_in_front)},
      {"trusted_proxies", take_list(&Config::trusted_proxies)},
      {"allowed_origins", take_list(&Config::allowed_origins)},
      {"metrics_token", take(&Config::metrics_token)},
      {"engines", take_list(&Config::engines)},
      {"engines_folder", take_path(&Config::engines_folder)},
      {"engine_python", take(&Config::engine_python)},
      {"engine_seconds", take_number(&Config::engine_seconds, 1, 600)},
      {"engine_memory_mb", take_number(&Config::engine_memory_mb, 64, 1 << 20)},
      {"public_url", take(&Config::public_url)},
      {"smtp_url", take(&Config::smtp_url)},
      {"smtp_from", take(&Config::smtp_from)},
      {"smtp_starttls", take(&Config::smtp_starttls)},
      {"smtp_ca_file", take_path(&Config::smtp_ca_file)},
  };
  return all;
}

tl::unexpected<Error> invalid(const std::string& where, const std::string& what) {
  return refuse(ErrorKind::invalid_input, "config.invalid", fmt::format("{}: {}.", where, what));
}

Result<void> read_file(Config& config, const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    return refuse(ErrorKind::not_found, "config.missing", fmt::format("There is no file {}.", file.string()));
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& fault) {
    return invalid(fmt::format("{}, line {}", file.string(), fault.source().begin.line),
                   std::string(fault.description()));
  }
  for (const auto& [key, node] : table) {
    const auto known = keys().find(key.str());
    if (known == keys().end()) return invalid(file.string(), fmt::format("the key \"{}\" is unknown", key.str()));
    if (!known->second(config, node))
      return invalid(file.string(), fmt::format("the value of \"{}\" is not of the right kind", key.str()));
  }
  return {};
}

// A variable's text as the kind of value that its key takes.
bool set_from_text(Config& config, const std::string& key, const std::string& text) {
  const Setter& setter = keys().at(key);
  if (setter(config, toml::value<std::string>(text))) return true;
  if (text == "true" || text == "false") return setter(config, toml::value<bool>(text == "true"));
  char* end = nullptr;
  const long long number = std::strtoll(text.c_str(), &end, 10);
  if (!text.empty() && *end == '\0' && setter(config, toml::value<std::int64_t>(number))) return true;
  toml::array items;
  for (std::size_t first = 0; first <= text.size();) {
    const std::size_t comma = std::min(text.find(',', first), text.size());
    if (comma > first) items.push_back(text.substr(first, comma - first));
    first = comma + 1;
  }
  return setter(config, items);
}

Result<void> read_environment(Config& config) {
  for (const auto& [key, setter] : keys()) {
    std::string name = "KORRIGO_" + key;
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const char* text = std::getenv(name.c_str());
    if (text != nullptr && !set_from_text(config, key, text))
      return invalid("The variable " + name, "its value is not of the right kind");
  }
  return {};
}

// What a URL keeps secret is for the operator's eyes in the file only.
std::string without_secrets(const std::string& url) {
  const auto at = url.rfind('@');
  const auto user = url.find("://");
  return at != std::string::npos && user != std::string::npos ? url.substr(0, user + 3) + "***" + url.substr(at) : url;
}

std::string or_none(const std::string& text) {
  return text.empty() ? "(none)" : text;
}

}  // namespace

Result<Config> load_config(const std::optional<std::filesystem::path>& file) {
  Config config;
  if (file)
    if (auto read = read_file(config, *file); !read) return tl::unexpected(read.error());
  if (auto read = read_environment(config); !read) return tl::unexpected(read.error());
  return config;
}

std::string describe(const Config& config) {
  std::string workers =
      config.workers == 0 && !config.no_workers ? "one more than cores" : std::to_string(config.workers);
  const std::string service = fmt::format(
      "data = {}\nlisten = {}\nworkers = {}\ndatabase_url = {}\ntls_in_front = {}\ntrusted_proxies = {}\n"
      "allowed_origins = {}\nmetrics_token = {}\n",
      config.data.string(), config.listen, workers, without_secrets(config.database()), config.tls_in_front,
      config.trusted_proxies, config.allowed_origins, config.metrics_token.empty() ? "(none)" : "***");
  const std::string engines =
      fmt::format("engines = {}\nengines_folder = {}\nengine_python = {}\nengine_seconds = {}\nengine_memory_mb = {}\n",
                  config.engines, config.engines_folder.empty() ? "beside the program" : config.engines_folder.string(),
                  config.engine_python.empty() ? "of /opt/korrigo-engines, or python3" : config.engine_python,
                  config.engine_seconds, config.engine_memory_mb);
  return service + engines +
         fmt::format("public_url = {}\nsmtp_url = {}\nsmtp_from = {}\nsmtp_starttls = {}\nsmtp_ca_file = {}\n",
                     or_none(config.public_url), or_none(without_secrets(config.smtp_url)), or_none(config.smtp_from),
                     config.smtp_starttls,
                     config.smtp_ca_file.empty() ? "of the system" : config.smtp_ca_file.string());
}

}  // namespace korrigo::app
