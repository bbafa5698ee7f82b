/// What the operator decides: one TOML file, KORRIGO_* variables above it, options of the command line above both.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace korrigo::app {

struct Config {
  std::filesystem::path data = "korrigo-data";  // database, media, logs; made at first start
  std::string listen = "127.0.0.1:8088";        // address:port; port 0 takes any free one
  int workers = 0;                              // tasks at once; 0: one more than cores; none with no_workers
  bool no_workers = false;                      // `--workers 0`
  std::string database_url;                     // "" : sqlite in the data folder
  bool tls_in_front = false;                    // a proxy speaks TLS to the browsers
  std::vector<std::string> trusted_proxies;     // addresses or networks whose X-Forwarded-* count
  std::vector<std::string> allowed_origins;     // CORS
  std::string metrics_token;                    // "" : metrics are open
  std::vector<std::string> engines;             // external OCR engines: names of adapters, or "name=command"
  std::filesystem::path engines_folder;         // of the adapters; "": beside the program
  std::string engine_python;    // that runs the adapters; "": /opt/korrigo-engines if there, else python3
  int engine_seconds = 20;      // for one answer
  int engine_memory_mb = 6144;  // address space of each
  std::string public_url;       // where people open Korrigo: "https://korrigo.lycee.example.org"; links in mails
  std::string smtp_url;         // "smtps://name:password@mail.example.org" or "smtp://..."; "": no mail is sent
  std::string smtp_from;        // "Korrigo <korrigo@lycee.example.org>"
  bool smtp_starttls = true;    // of smtp://: nothing is sent in the clear; false only for a server on this machine
  std::filesystem::path smtp_ca_file;  // certificates (PEM) to trust for the mail server; "": the system's

  std::filesystem::path media() const { return data / "media"; }
  std::string database() const {
    return database_url.empty() ? "sqlite:" + (data / "korrigo.db").string() : database_url;
  }
};

/// Keys of the file: data, listen, workers, database_url, tls_in_front, trusted_proxies, allowed_origins,
/// metrics_token, engines, engines_folder, engine_python, engine_seconds, engine_memory_mb, public_url, smtp_url,
/// smtp_from, smtp_starttls, smtp_ca_file; each also as KORRIGO_DATA, KORRIGO_LISTEN, ... (lists separated by commas).
/// Refuses invalid_input "config.invalid" naming file and key when a key is unknown or a value of the wrong kind,
/// not_found "config.missing".
Result<Config> load_config(const std::optional<std::filesystem::path>& file);

/// One "key = value" line for each key, secrets hidden.
std::string describe(const Config& config);

}  // namespace korrigo::app
