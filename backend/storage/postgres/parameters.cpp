#include "storage/postgres/parameters.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>

#include "storage/database.h"

namespace korrigo::storage::postgres {
namespace {

// pg_type.dat; the server's headers are not needed for eleven numbers that never change.
enum Oid : unsigned {
  kInferred = 0,
  kBool = 16,
  kBytes = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kOid = 26,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
};

template <class T>
T number_in(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw DatabaseError(Fault::other, fmt::format("PostgreSQL sent '{}' for a number", text));
  }
  return number;
}

Bytes bytes_in(const char* text) {
  std::size_t size = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> raw(
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(text), &size), PQfreemem);
  const auto* bytes = reinterpret_cast<const std::byte*>(raw.get());
  return Bytes(bytes, bytes + size);
}

}  // namespace

unsigned type_of(const Value& value) {
  constexpr std::array<unsigned, 5> kTypes = {kInferred, kInt8, kFloat8, kInferred, kBytes};
  return kTypes[value.content().index()];
}

Parameters::Parameters(const std::vector<Value>& values) {
  texts_.reserve(values.size());  // pointers into short strings must stay
  for (const Value& value : values) {
    formats_.push_back(0);
    lengths_.push_back(0);
    if (const auto* integer = std::get_if<std::int64_t>(&value.content())) {
      pointers_.push_back(texts_.emplace_back(std::to_string(*integer)).c_str());
    } else if (const auto* real = std::get_if<double>(&value.content())) {
      pointers_.push_back(texts_.emplace_back(fmt::format("{}", *real)).c_str());
    } else if (const auto* text = std::get_if<std::string>(&value.content())) {
      pointers_.push_back(text->c_str());
    } else if (const auto* bytes = std::get_if<Bytes>(&value.content())) {
      // A null pointer would be NULL.
      pointers_.push_back(bytes->empty() ? "" : reinterpret_cast<const char*>(bytes->data()));
      lengths_.back() = static_cast<int>(bytes->size());
      formats_.back() = 1;
    } else {
      pointers_.push_back(nullptr);
    }
  }
}

Value column_of(const pg_result* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return {};
  const char* data = PQgetvalue(result, row, column);
  const std::string_view text(data, static_cast<std::size_t>(PQgetlength(result, row, column)));
  switch (PQftype(result, column)) {
    case kBool:
      return text == "t";
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
      return number_in<std::int64_t>(text);
    case kNumeric:  // sum() of integers is one, and so is avg()
      if (text.find_first_of(".NI") == text.npos) return number_in<std::int64_t>(text);
      return number_in<double>(text);
    case kFloat4:
    case kFloat8:
      return number_in<double>(text);
    case kBytes:
      return bytes_in(data);
    default:
      return std::string(text);
  }
}

}  // namespace korrigo::storage::postgres
