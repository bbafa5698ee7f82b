/// Marks are exact: integers in hundredths of a point, decimal numbers on the wire.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace korrigo::exams {

/// The most points, up or down, that anything brings.
constexpr std::int64_t kMaxHundredths = 1'000'000;

/// Nothing for what is no number of points in whole hundredths within the limits.
std::optional<std::int64_t> hundredths_of(const boost::json::value& points);
/// 250 -> 2.5, 300 -> 3
boost::json::value points_json(std::int64_t hundredths);
/// Null for nothing.
boost::json::value points_json(std::optional<std::int64_t> hundredths);
/// For sentences: "2.50"
std::string shown(std::int64_t hundredths);

}  // namespace korrigo::exams
