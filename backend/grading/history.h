/// What happened to a copy.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "grading/desk.h"

namespace korrigo::grading {

struct HistoryEntry {
  std::string id;
  std::string action;
  std::optional<UserId> actor;            // nothing: the program
  std::optional<std::string> actor_name;  // as locks name people: the user name
  UtcTime at{};
  boost::json::object metadata;
};

struct HistoryPage {
  std::vector<HistoryEntry> entries;  // the latest first
  std::int64_t count = 0;             // over all pages
};

/// Everything for the office; for a corrector what belongs to marking: the rest tells whose copy it is, or when it was
/// scanned.
HistoryPage history_of(storage::Transaction& transaction, const CopyId& copy, bool is_office, int page_size,
                       std::int64_t offset);

}  // namespace korrigo::grading
