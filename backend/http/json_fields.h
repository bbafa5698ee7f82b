/// The members of a JSON object from outside, each checked as it is taken; the first fault is kept.
///
///   JsonFields fields(*body);
///   const std::string name = fields.text("name", {.max = 255});
///   const std::optional<std::int64_t> points = fields.optional_integer("points", 0, 100);
///   if (fields.fault()) return fields.refusal();
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace korrigo::http {

struct TextLength {
  std::size_t min = 1;  // code points
  std::size_t max = 10'000;
};

class JsonFields {
 public:
  /// `object` outlives this.
  explicit JsonFields(const boost::json::object& object) : object_(object) {}

  /// A value even when there is a fault: empty, zero, false. Members that are null count as absent.
  std::string text(std::string_view name, TextLength length = {});
  std::int64_t integer(std::string_view name, std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                       std::int64_t max = std::numeric_limits<std::int64_t>::max());
  bool boolean(std::string_view name);

  /// Nothing when absent.
  std::optional<std::string> optional_text(std::string_view name, TextLength length = {});
  std::optional<std::int64_t> optional_integer(std::string_view name,
                                               std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                               std::int64_t max = std::numeric_limits<std::int64_t>::max());
  /// Any number, whole or not.
  std::optional<double> optional_number(std::string_view name, double min, double max);
  std::optional<bool> optional_boolean(std::string_view name);
  /// Null when absent.
  const boost::json::array* optional_array(std::string_view name);
  /// Whether the member is there, null included.
  bool has(std::string_view name) const { return object_.contains(name); }

  /// Reports a fault of the caller's own finding; kept when it is the first. `reason` ends the sentence "<name>: ...".
  void reject(std::string_view name, std::string_view reason);
  const std::optional<Error>& fault() const { return fault_; }
  /// malformed "request.invalid", "<name>: <reason>", `field` set.
  tl::unexpected<Error> refusal() const { return tl::unexpected<Error>(*fault_); }

 private:
  const boost::json::value* find(std::string_view name) const;
  void require(std::string_view name, bool there);

  const boost::json::object& object_;
  std::optional<Error> fault_;
};

/// The error of one bad field or parameter: malformed "request.invalid", "<name>: <reason>", `field` set.
Error invalid_field(std::string_view name, std::string_view reason);

}  // namespace korrigo::http
