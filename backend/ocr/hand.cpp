#include "ocr/hand.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ocr/embedded_model.h"
#include "ocr/letter_network.h"
#include "ocr/safetensors.h"

namespace korrigo::ocr {
namespace {

// What one of the network's classes means to a reading.
struct Meaning {
  std::size_t symbol = kAlphabetSize;  // index into kAlphabet; kAlphabetSize: no letter
  bool in_names = true;
  bool in_dates = true;
};

// `classes` is UTF-8, one character a class.
std::vector<Meaning> meanings_of(const std::string& classes) {
  std::vector<Meaning> meanings;
  for (std::size_t i = 0; i < classes.size();) {
    std::size_t length = 1;
    while (i + length < classes.size() && (static_cast<unsigned char>(classes[i + length]) & 0xC0) == 0x80) ++length;
    const std::string folded = fold_name(classes.substr(i, length));
    Meaning meaning;
    if (folded.size() == 1) meaning.symbol = alphabet_index(folded.front());
    if (meaning.symbol < kAlphabetSize) {
      const bool digit = meaning.symbol >= 26;
      meaning.in_names = !digit;
      meaning.in_dates = digit;
    }
    meanings.push_back(meaning);
    i += length;
  }
  return meanings;
}

}  // namespace

struct Hand::State {
  LetterNetwork network;
  std::vector<Meaning> meanings;
  float temperature = 1;
  std::string version;

  // Softmax over what the field may hold; accents fall onto their letters.
  LetterReading reading_of(std::span<const float> scores, bool digits) const {
    const auto may_be = [&](std::size_t i) { return digits ? meanings[i].in_dates : meanings[i].in_names; };
    float best = -1e30F;
    for (std::size_t i = 0; i < scores.size(); ++i)
      if (may_be(i)) best = std::max(best, scores[i]);
    LetterReading reading;
    float sum = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!may_be(i)) continue;
      const float p = std::exp((scores[i] - best) / temperature);
      (meanings[i].symbol < kAlphabetSize ? reading.probability[meanings[i].symbol] : reading.nothing) += p;
      sum += p;
    }
    for (float& p : reading.probability) p /= sum;
    reading.nothing /= sum;
    return reading;
  }
};

Hand::Hand(std::unique_ptr<State> state) : state_(std::move(state)) {}
Hand::Hand(Hand&&) noexcept = default;
Hand& Hand::operator=(Hand&&) noexcept = default;
Hand::~Hand() = default;

const Hand& Hand::built_in() {
  static const Hand hand = make(embedded_letter_model()).value();
  return hand;
}

Result<Hand> Hand::make(std::span<const unsigned char> safetensors) {
  auto file = parse_safetensors(safetensors);
  if (!file) return tl::unexpected(file.error());
  auto network = LetterNetwork::make(*file);
  if (!network) return tl::unexpected(network.error());
  auto state = std::make_unique<State>(State{std::move(*network), meanings_of(file->metadata["classes"]), 1, ""});
  state->version = file->metadata["version"];
  state->temperature = std::max(0.1F, std::strtof(file->metadata["temperature"].c_str(), nullptr));
  if (state->meanings.size() != state->network.classes())
    return refuse(ErrorKind::malformed, "ocr.model_damaged", "The model file is damaged.",
                  "classes and outputs differ");
  return Hand(std::move(state));
}

std::vector<LetterReading> Hand::read(std::span<const HandLetter> letters) const {
  std::vector<LetterPicture> pictures;
  for (const HandLetter& letter : letters) pictures.push_back(letter.picture);
  const std::vector<float> scores = state_->network.scores(pictures);
  const std::size_t classes = state_->network.classes();
  std::vector<LetterReading> readings;
  for (std::size_t i = 0; i < letters.size(); ++i)
    readings.push_back(state_->reading_of({scores.data() + i * classes, classes}, letters[i].digits));
  return readings;
}

const std::string& Hand::version() const {
  return state_->version;
}

}  // namespace korrigo::ocr
