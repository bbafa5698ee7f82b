/// Identifiers of rows. Each table has its own type, so that two swapped ids do not compile.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace korrigo {

/// RFC 9562 text, lower case. Version 7 sorts by time; version 4 says nothing of when or in which order it was made:
/// for whatever a corrector can see. Both from libsodium's generator.
std::string make_uuid_v7(UtcTime now);
std::string make_uuid_v4();
/// Whether `text` is a UUID in lower-case canonical form.
bool is_uuid(std::string_view text);
/// `bytes` random bytes as lower-case hexadecimal: tokens and keys.
std::string random_hex(std::size_t bytes);

///   using ExamId = UuidOf<struct ExamTag>;
template <class Tag>
class UuidOf {
 public:
  UuidOf() = default;
  explicit UuidOf(std::string text) : text_(std::move(text)) {}
  /// Nothing when `text` is no UUID: for ids that come from outside.
  static std::optional<UuidOf> parse(std::string_view text) {
    if (!is_uuid(text)) return std::nullopt;
    return UuidOf(std::string(text));
  }
  const std::string& text() const { return text_; }
  friend auto operator<=>(const UuidOf&, const UuidOf&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::string text_;
};

/// Ids that are counted: users and students.
template <class Tag>
struct NumberOf {
  std::int64_t value = 0;
  friend auto operator<=>(const NumberOf&, const NumberOf&) = default;  // NOLINT(modernize-use-nullptr)
};

using UserId = NumberOf<struct UserTag>;
using StudentId = NumberOf<struct StudentTag>;
using ExamId = UuidOf<struct ExamTag>;
using SourceId = UuidOf<struct SourceTag>;
using FaceId = UuidOf<struct FaceTag>;
using BookletId = UuidOf<struct BookletTag>;
using CopyId = UuidOf<struct CopyTag>;
using TaskId = UuidOf<struct TaskTag>;

}  // namespace korrigo
