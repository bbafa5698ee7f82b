#include "identification/reading_json.h"

#include <boost/json.hpp>

namespace korrigo::identification {
namespace {

namespace json = boost::json;

constexpr std::array kKinds = {ocr::FieldKind::last_name,  ocr::FieldKind::first_name,
                               ocr::FieldKind::full_name,  ocr::FieldKind::birth_date,
                               ocr::FieldKind::class_name, ocr::FieldKind::candidate_number};

double rounded(float probability) {
  return std::round(static_cast<double>(probability) * 1e5) / 1e5;
}

json::array letter_json(const ocr::LetterReading& letter) {
  json::array probabilities;
  for (const float probability : letter.probability) probabilities.emplace_back(rounded(probability));
  probabilities.emplace_back(rounded(letter.nothing));
  return probabilities;
}

ocr::LetterReading letter_of(const json::array& probabilities) {
  ocr::LetterReading letter;
  for (std::size_t i = 0; i < ocr::kAlphabetSize; ++i) letter.probability[i] = probabilities.at(i).to_number<float>();
  letter.nothing = probabilities.at(ocr::kAlphabetSize).to_number<float>();
  return letter;
}

json::object field_json(const ocr::FieldReading& field, const imaging::PixelRect& box) {
  json::array letters;
  for (const auto& letter : field.letters) letters.push_back(letter_json(letter));
  return {{"kind", json::string(ocr::to_string(field.kind))},
          {"boxed", field.boxed},
          {"has_ink", field.has_ink},
          {"text", field.text},
          {"engine", field.engine},
          {"box", json::array{box.x, box.y, box.width, box.height}},
          {"letters", std::move(letters)}};
}

void add_field(BatchHeader& header, const json::object& object) {
  ocr::FieldReading field;
  const std::string_view name = object.at("kind").as_string();
  const auto kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](ocr::FieldKind one) { return ocr::to_string(one) == name; });
  if (kind == kKinds.end()) throw std::out_of_range("a field of an unknown kind");
  field.kind = *kind;
  field.boxed = object.at("boxed").as_bool();
  field.has_ink = object.at("has_ink").as_bool();
  field.text = object.at("text").as_string();
  if (const json::value* engine = object.if_contains("engine")) field.engine = engine->as_string();
  for (const json::value& letter : object.at("letters").as_array())
    field.letters.push_back(letter_of(letter.as_array()));
  const json::array& box = object.at("box").as_array();
  header.fields.push_back(
      {box.at(0).to_number<int>(), box.at(1).to_number<int>(), box.at(2).to_number<int>(), box.at(3).to_number<int>()});
  header.reading.fields.push_back(std::move(field));
}

}  // namespace

json::value reading_json(const BatchHeader& header) {
  json::array fields;
  for (std::size_t i = 0; i < header.reading.fields.size(); ++i)
    fields.push_back(
        field_json(header.reading.fields[i], i < header.fields.size() ? header.fields[i] : imaging::PixelRect{}));
  return json::object{{"understood", header.understood},
                      {"bottom", header.bottom},
                      {"engine", header.reading.engine},
                      {"engine_version", header.engine_version},
                      {"fields", std::move(fields)}};
}

std::optional<BatchHeader> header_of_json(const json::value& value) {
  try {
    const json::object& object = value.as_object();
    BatchHeader header;
    header.understood = object.at("understood").as_bool();
    header.bottom = object.at("bottom").to_number<int>();
    header.reading.engine = object.at("engine").as_string();
    header.engine_version = object.at("engine_version").as_string();
    for (const json::value& field : object.at("fields").as_array()) add_field(header, field.as_object());
    return header;
  } catch (const std::exception&) {  // of Boost.JSON: another form
    return std::nullopt;
  }
}

json::object readings_for_people(std::span<const BatchHeader> headers) {
  json::object readings;
  for (const BatchHeader& header : headers)
    for (const auto& field : header.reading.fields) {
      const json::string key(ocr::to_string(field.kind));
      if (!readings.contains(key)) readings[key] = field.text;
    }
  return readings;
}

}  // namespace korrigo::identification
