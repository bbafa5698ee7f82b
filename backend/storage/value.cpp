#include "storage/value.h"

#include <fmt/format.h>

#include <stdexcept>

namespace korrigo::storage {
namespace {

constexpr std::array<std::string_view, 5> kContentNames = {"null", "integer", "real", "text", "bytes"};

[[noreturn]] void refuse_type(std::string_view statement, std::size_t column, const Value& value,
                              std::string_view wanted) {
  throw std::logic_error(
      fmt::format("{}: column {} is {}, not {}", statement, column, kContentNames[value.content().index()], wanted));
}

}  // namespace

const Value& Row::at(std::size_t column) const {
  if (column >= columns_.size()) {
    throw std::logic_error(fmt::format("{}: has no column {}", statement_, column));
  }
  return columns_[column];
}

std::int64_t Row::integer(std::size_t column) const {
  const Value& value = at(column);
  if (const auto* integer = std::get_if<std::int64_t>(&value.content())) return *integer;
  refuse_type(statement_, column, value, "an integer");
}

double Row::real(std::size_t column) const {
  const Value& value = at(column);
  if (const auto* real = std::get_if<double>(&value.content())) return *real;
  // Both engines answer coalesce(avg(x), 0) with an integer when the 0 is taken.
  if (const auto* integer = std::get_if<std::int64_t>(&value.content())) return static_cast<double>(*integer);
  refuse_type(statement_, column, value, "a number");
}

const std::string& Row::text(std::size_t column) const {
  const Value& value = at(column);
  if (const auto* text = std::get_if<std::string>(&value.content())) return *text;
  refuse_type(statement_, column, value, "text");
}

const Bytes& Row::bytes(std::size_t column) const {
  const Value& value = at(column);
  if (const auto* bytes = std::get_if<Bytes>(&value.content())) return *bytes;
  refuse_type(statement_, column, value, "bytes");
}

}  // namespace korrigo::storage
