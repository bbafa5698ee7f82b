/// What the school decides, one row per key; keys that have no row have their default. Read where needed, never
/// cached: one short query.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "audit/audit.h"
#include "base/result.h"
#include "storage/database.h"

namespace korrigo::accounts {

enum class StudentLogin { birth_date, password };
std::string_view name_of(StudentLogin way);  // "BIRTH_DATE"

struct Settings {
  std::string institution_name = {};
  std::string theme = "system";     // system, light, dark
  int default_exam_duration = 240;  // minutes, 1-1440
  bool notifications_enabled = true;
  bool teachers_may_upload = true;
  StudentLogin student_login = StudentLogin::birth_date;
  double auto_threshold = 0.7;       // probability above which a copy is identified by itself, 0.5-1
  double semi_auto_threshold = 0.4;  // above it candidates are proposed, 0 to auto_threshold
  std::int64_t max_pdf_bytes = 100 << 20;
  std::int64_t max_csv_bytes = 10 << 20;
  std::int64_t max_pages = 500;  // of one PDF

  friend bool operator==(const Settings&, const Settings&) = default;
};

Settings settings(storage::Transaction& transaction);

/// The members named as their keys.
boost::json::object to_json(const Settings& settings);

/// Takes over the members of `changes`, all or none, and says so in the audit log. Refuses with
///   invalid_input "setting.unknown"  a key that is none
///   malformed     "request.invalid"  a value of the wrong type or out of its range
Result<Settings> change_settings(storage::Database& database, const boost::json::object& changes,
                                 const audit::Actor& actor, UtcTime now);

}  // namespace korrigo::accounts
