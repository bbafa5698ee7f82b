/// What goes into and comes out of a statement: null, integer, real, text or bytes, the same on both engines.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace korrigo::storage {

using Bytes = std::vector<std::byte>;

/// A parameter. Booleans travel as 0 and 1, times as milliseconds since 1970, ids as their text or number.
class Value {
 public:
  using Content = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;

  Value() = default;  // null
  Value(std::nullptr_t) {}
  template <std::integral T>
  Value(T value) : content_(static_cast<std::int64_t>(value)) {}
  Value(double value) : content_(value) {}
  Value(std::string value) : content_(std::move(value)) {}
  Value(std::string_view value) : content_(std::string(value)) {}
  Value(const char* value) : content_(std::string(value)) {}
  Value(Bytes value) : content_(std::move(value)) {}
  Value(UtcTime time) : content_(time.time_since_epoch().count()) {}
  template <class Tag>
  Value(const UuidOf<Tag>& id) : content_(id.text()) {}
  template <class Tag>
  Value(const NumberOf<Tag>& id) : content_(id.value) {}
  template <class T>
  Value(const std::optional<T>& value) : Value(value ? Value(*value) : Value()) {}

  const Content& content() const { return content_; }
  bool is_null() const { return std::holds_alternative<std::monostate>(content_); }

 private:
  Content content_;
};

/// One row of a result: columns in the order of the statement. Asking a column for another type than it has, or a null
/// for anything but an optional, is a mistake of ours and throws std::logic_error naming the statement.
class Row {
 public:
  Row(std::string_view statement, std::vector<Value> columns) : statement_(statement), columns_(std::move(columns)) {}

  /// T: bool, any integer, double, std::string, Bytes, UtcTime, an id, or std::optional of these.
  template <class T>
  T get(std::size_t column) const;
  bool is_null(std::size_t column) const { return at(column).is_null(); }
  std::size_t size() const { return columns_.size(); }

 private:
  const Value& at(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  double real(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  const Bytes& bytes(std::size_t column) const;

  std::string_view statement_;
  std::vector<Value> columns_;
};

namespace detail {
template <class T>
struct OptionalOf : std::false_type {};
template <class T>
struct OptionalOf<std::optional<T>> : std::true_type {
  using Content = T;
};
template <class T>
struct NumberId : std::false_type {};
template <class Tag>
struct NumberId<NumberOf<Tag>> : std::true_type {};
}  // namespace detail

template <class T>
T Row::get(std::size_t column) const {
  if constexpr (detail::OptionalOf<T>::value) {
    if (is_null(column)) return std::nullopt;
    return get<typename detail::OptionalOf<T>::Content>(column);
  } else if constexpr (std::same_as<T, bool>) {
    return integer(column) != 0;
  } else if constexpr (std::integral<T>) {
    return static_cast<T>(integer(column));
  } else if constexpr (std::same_as<T, double>) {
    return real(column);
  } else if constexpr (std::same_as<T, UtcTime>) {
    return UtcTime(std::chrono::milliseconds(integer(column)));
  } else if constexpr (std::same_as<T, Bytes>) {
    return bytes(column);
  } else if constexpr (detail::NumberId<T>::value) {
    return T{integer(column)};
  } else {
    return T(text(column));
  }
}

}  // namespace korrigo::storage
