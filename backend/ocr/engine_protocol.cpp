#include "ocr/engine_protocol.h"

#include <fmt/format.h>
#include <sodium.h>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/text.h"

namespace korrigo::ocr {
namespace {

namespace json = boost::json;

constexpr int kProtocol = 1;
constexpr std::size_t kMostLetters = 256;
// Of a letter's distribution: what is left for the characters that the engine does not list.
constexpr double kUnlisted = 0.02;
constexpr double kLeastConfidence = 0.05;

tl::unexpected<Error> rubbish(std::string what) {
  return refuse(ErrorKind::malformed, "engine.rubbish", "What it answered is not in the protocol.", std::move(what));
}

std::string request(std::int64_t id, std::string_view op, const json::object& more = {}) {
  json::object object{{"id", id}, {"op", json::string(op)}};
  for (const auto& [key, value] : more) object.insert_or_assign(key, value);
  return json::serialize(object);
}

std::string base64(std::span<const std::uint8_t> bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // its final zero
  return text;
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The answer to the request of this id, when it is one and not a refusal.
Result<json::object> answer_of(std::string_view line, std::int64_t id) {
  json::error_code fault;
  const json::value value = json::parse(json::string_view(line.data(), line.size()), fault);
  if (fault || !value.is_object()) return rubbish("not a JSON object");
  const json::object& object = value.as_object();
  const json::value* named = object.if_contains("id");
  if (named == nullptr || !named->is_int64() || named->as_int64() != id) return rubbish("another id");
  const json::value* ok = object.if_contains("ok");
  if (ok == nullptr || !ok->is_bool()) return rubbish("no \"ok\"");
  if (ok->as_bool()) return object;
  const json::value* error = object.if_contains("error");
  if (error == nullptr || !error->is_object()) return rubbish("no \"error\"");
  const std::string message = text_at(error->as_object(), "message");
  if (text_at(error->as_object(), "code") == "not_installed")
    return refuse(ErrorKind::not_found, "engine.not_installed", message, text_at(error->as_object(), "install"));
  return refuse(ErrorKind::malformed, "engine.refused", message.empty() ? "It refused without a reason." : message);
}

// Index of the one plain character that UTF-8 text folds to; kAlphabetSize for anything else.
std::size_t index_of(std::string_view text) {
  const std::string folded = fold_name(text);
  return folded.size() == 1 ? alphabet_index(folded.front()) : kAlphabetSize;
}

double fraction_at(const json::object& object, std::string_view key) {
  const double value = object.at(json::string_view(key.data(), key.size())).to_number<double>();
  if (!(value >= 0 && value <= 1)) throw std::out_of_range("a confidence that is none");
  return value;
}

LetterReading spread(const std::array<double, kAlphabetSize>& weight, double nothing, double unlisted) {
  double sum = nothing;
  for (const double each : weight) sum += each;
  LetterReading reading;
  const double listed = sum > 0 ? (1 - unlisted) / sum : 0;
  const double rest = (sum > 0 ? unlisted : 1) / static_cast<double>(kAlphabetSize);
  reading.nothing = static_cast<float>(nothing * listed);
  for (std::size_t i = 0; i < kAlphabetSize; ++i)
    reading.probability[i] = static_cast<float>(weight[i] * listed + rest);
  return reading;
}

// {"x": 12, "width": 30, "is": {"D": 0.9, "O": 0.05}}; "" stands for no letter.
LineLetter letter_of(const json::object& object, int height) {
  LineLetter letter;
  std::array<double, kAlphabetSize> weight{};
  double nothing = 0;
  for (const auto& [text, value] : object.at("is").as_object()) {
    const double p = value.to_number<double>();
    if (!(p >= 0 && p <= 1)) throw std::out_of_range("a probability that is none");
    const std::size_t index = index_of(text);
    (index < kAlphabetSize ? weight[index] : nothing) += p;
  }
  letter.reading = spread(weight, nothing, kUnlisted);
  if (const json::value* x = object.if_contains("x"))
    letter.box = {x->to_number<int>(), 0, object.at("width").to_number<int>(), height};
  return letter;
}

// An engine that gives no more than a text is as sure of each letter as of the whole.
std::vector<LineLetter> letters_of_text(const std::string& text, double confidence) {
  std::vector<LineLetter> letters;
  for (const char c : fold_name(text)) {
    const std::size_t index = alphabet_index(c);
    if (index == kAlphabetSize) continue;
    std::array<double, kAlphabetSize> weight{};
    weight[index] = 1;
    letters.push_back({spread(weight, 0, 1 - std::clamp(confidence, kLeastConfidence, 1 - kUnlisted)), {}});
  }
  return letters;
}

EngineText text_of(const json::object& object, int height) {
  EngineText text;
  text.text = object.at("text").as_string();
  const double confidence = fraction_at(object, "confidence");
  text.confidence = static_cast<float>(confidence);
  if (const json::value* letters = object.if_contains("letters")) {
    for (const json::value& letter : letters->as_array()) text.letters.push_back(letter_of(letter.as_object(), height));
  } else {
    text.letters = letters_of_text(text.text, confidence);
  }
  if (text.letters.size() > kMostLetters) throw std::length_error("more letters than a field holds");
  return text;
}

json::object picture_json(const EnginePicture& picture) {
  json::array boxes;
  for (const auto& box : picture.boxes) boxes.push_back(json::array{box.x, box.width});
  const std::string_view kind = to_string(picture.kind);
  return {{"width", picture.picture.width()},
          {"height", picture.picture.height()},
          {"gray", base64(picture.picture.pixels())},
          {"field", json::string(kind)},
          {"characters", json::string(picture.characters)},
          {"boxes", std::move(boxes)}};
}

}  // namespace

std::string health_request(std::int64_t id) {
  return request(id, "health", {{"protocol", kProtocol}});
}

std::string load_request(std::int64_t id) {
  return request(id, "load");
}

std::string read_request(std::int64_t id, std::span<const EnginePicture> pictures) {
  json::array all;
  for (const EnginePicture& picture : pictures) all.push_back(picture_json(picture));
  return request(id, "read", {{"pictures", std::move(all)}});
}

Result<HealthAnswer> health_of(std::string_view line, std::int64_t id) {
  const auto answer = answer_of(line, id);
  if (!answer) return tl::unexpected(answer.error());
  const json::value* protocol = answer->if_contains("protocol");
  if (protocol == nullptr || !protocol->is_int64() || protocol->as_int64() != kProtocol)
    return rubbish("another protocol");
  HealthAnswer health{text_at(*answer, "engine"), text_at(*answer, "version")};
  if (health.engine.empty() || health.version.empty()) return rubbish("no \"engine\" or \"version\"");
  return health;
}

Result<void> loaded(std::string_view line, std::int64_t id) {
  if (const auto answer = answer_of(line, id); !answer) return tl::unexpected(answer.error());
  return {};
}

Result<std::vector<EngineText>> texts_of(std::string_view line, std::int64_t id,
                                         std::span<const EnginePicture> pictures) {
  const auto answer = answer_of(line, id);
  if (!answer) return tl::unexpected(answer.error());
  std::vector<EngineText> texts;
  try {
    const json::array& readings = answer->at("readings").as_array();
    if (readings.size() != pictures.size()) return rubbish("not one reading for each picture");
    for (std::size_t i = 0; i < pictures.size(); ++i)
      texts.push_back(text_of(readings[i].as_object(), pictures[i].picture.height()));
  } catch (const std::exception& fault) {  // of Boost.JSON: something is missing, or of another kind
    return rubbish(fault.what());
  }
  return texts;
}

}  // namespace korrigo::ocr
