#include "accounts/settings.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "accounts/user_fields.h"
#include "base/text.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using storage::Statement;
using storage::Transaction;

constexpr Statement kAll{"setting.all", "SELECT key, value FROM setting"};
constexpr Statement kPut{"setting.put", R"(
  INSERT INTO setting (key, value, updated_at, updated_by) VALUES ($1, $2, $3, $4)
  ON CONFLICT (key) DO UPDATE SET value = $2, updated_at = $3, updated_by = $4)"};

/// Why a value is refused, as the end of a sentence; empty when it is good.
using Fault = std::string;

Fault take(bool& target, const json::value& value) {
  if (!value.is_bool()) return "must be true or false";
  target = value.get_bool();
  return {};
}

template <std::integral Number>
Fault take_whole(Number& target, const json::value& value, Number min, Number max) {
  if (!value.is_int64() || value.get_int64() < min || value.get_int64() > max) {
    return fmt::format("must be a whole number from {} to {}", min, max);
  }
  target = static_cast<Number>(value.get_int64());
  return {};
}

Fault take_number(double& target, const json::value& value, double min, double max) {
  if (!value.is_number()) return "must be a number";
  const auto number = value.to_number<double>();
  if (!(number >= min && number <= max)) return fmt::format("must lie between {} and {}", min, max);
  target = number;
  return {};
}

Fault take_text(std::string& target, const json::value& value, std::size_t longest) {
  if (!value.is_string()) return "must be text";
  std::string text = normalise(value.get_string());
  if (code_points(text).size() > longest || text.find('\0') != std::string::npos) {
    return fmt::format("must have at most {} characters", longest);
  }
  target = std::move(text);
  return {};
}

Fault take_theme(std::string& target, const json::value& value) {
  if (value != "system" && value != "light" && value != "dark") return "must be system, light or dark";
  target = value.as_string();
  return {};
}

Fault take_login(StudentLogin& target, const json::value& value) {
  if (value != "BIRTH_DATE" && value != "PASSWORD") return "must be BIRTH_DATE or PASSWORD";
  target = value == "PASSWORD" ? StudentLogin::password : StudentLogin::birth_date;
  return {};
}

constexpr std::int64_t kLeastBytes = 1024;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;

struct Key {
  std::string_view name;
  Fault (*take)(Settings&, const json::value&);
};

constexpr Key kKeys[] = {
    {"institution_name", [](Settings& s, const json::value& v) { return take_text(s.institution_name, v, 200); }},
    {"theme", [](Settings& s, const json::value& v) { return take_theme(s.theme, v); }},
    {"default_exam_duration",
     [](Settings& s, const json::value& v) { return take_whole(s.default_exam_duration, v, 1, 1440); }},
    {"notifications_enabled", [](Settings& s, const json::value& v) { return take(s.notifications_enabled, v); }},
    {"teachers_may_upload", [](Settings& s, const json::value& v) { return take(s.teachers_may_upload, v); }},
    {"student_login", [](Settings& s, const json::value& v) { return take_login(s.student_login, v); }},
    {"auto_threshold", [](Settings& s, const json::value& v) { return take_number(s.auto_threshold, v, 0.5, 1); }},
    {"semi_auto_threshold",
     [](Settings& s, const json::value& v) { return take_number(s.semi_auto_threshold, v, 0, 1); }},
    {"max_pdf_bytes",
     [](Settings& s, const json::value& v) { return take_whole(s.max_pdf_bytes, v, kLeastBytes, kMostBytes); }},
    {"max_csv_bytes",
     [](Settings& s, const json::value& v) { return take_whole(s.max_csv_bytes, v, kLeastBytes, kMostBytes); }},
    {"max_pages",
     [](Settings& s, const json::value& v) { return take_whole<std::int64_t>(s.max_pages, v, 1, 100'000); }},
};

const Key* key_named(std::string_view name) {
  const Key* found = std::ranges::find(kKeys, name, &Key::name);
  return found == std::end(kKeys) ? nullptr : found;
}

Result<void> take_all(Settings& settings, const json::object& changes) {
  for (const auto& [name, value] : changes) {
    const Key* key = key_named(name);
    if (!key) {
      Error error{ErrorKind::invalid_input, "setting.unknown",
                  fmt::format("There is no such setting: {}.", std::string_view(name))};
      error.field = name;
      return tl::unexpected(std::move(error));
    }
    if (const Fault fault = key->take(settings, value); !fault.empty()) {
      return tl::unexpected(wrong_field(name, fault));
    }
  }
  if (settings.semi_auto_threshold > settings.auto_threshold) {
    const bool semi = changes.contains("semi_auto_threshold");
    return tl::unexpected(semi ? wrong_field("semi_auto_threshold", "must not be above auto_threshold")
                               : wrong_field("auto_threshold", "must not be below semi_auto_threshold"));
  }
  return {};
}

}  // namespace

std::string_view name_of(StudentLogin way) {
  return way == StudentLogin::password ? "PASSWORD" : "BIRTH_DATE";
}

Settings settings(Transaction& transaction) {
  Settings found;
  for (const storage::Row& row : transaction.rows(kAll)) {
    const Key* key = key_named(row.get<std::string>(0));
    if (key) key->take(found, json::parse(row.get<std::string>(1)));
  }
  return found;
}

json::object to_json(const Settings& settings) {
  return {{"institution_name", settings.institution_name},
          {"theme", settings.theme},
          {"default_exam_duration", settings.default_exam_duration},
          {"notifications_enabled", settings.notifications_enabled},
          {"teachers_may_upload", settings.teachers_may_upload},
          {"student_login", name_of(settings.student_login)},
          {"auto_threshold", settings.auto_threshold},
          {"semi_auto_threshold", settings.semi_auto_threshold},
          {"max_pdf_bytes", settings.max_pdf_bytes},
          {"max_csv_bytes", settings.max_csv_bytes},
          {"max_pages", settings.max_pages}};
}

Result<Settings> change_settings(storage::Database& database, const json::object& changes, const audit::Actor& actor,
                                 UtcTime now) {
  return database.write([&](Transaction& transaction) -> Result<Settings> {
    Settings changed = settings(transaction);
    if (auto good = take_all(changed, changes); !good) return tl::unexpected(good.error());
    const json::object values = to_json(changed);
    json::array names;
    for (const auto& [name, value] : changes) {
      transaction.execute(kPut, std::string_view(name), json::serialize(values.at(name)), now, actor.user);
      names.emplace_back(name);
    }
    audit::append(transaction, {actor, "settings.change", "settings", "", {{"keys", std::move(names)}}}, now);
    return changed;
  });
}

}  // namespace korrigo::accounts
