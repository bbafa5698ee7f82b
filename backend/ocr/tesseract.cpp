#include "ocr/tesseract.h"

#include <fmt/format.h>
#include <leptonica/allheaders.h>
#include <omp.h>
#include <tesseract/baseapi.h>
#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/text.h"

namespace korrigo::ocr {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using Iterator = std::unique_ptr<tesseract::ResultIterator>;

// Of a choice list's probabilities: what is left for the characters that the engine does not list.
constexpr float kUnlisted = 0.02F;

struct FreeText {
  void operator()(char* text) const { delete[] text; }
};
using Text = std::unique_ptr<char, FreeText>;

PixelRect box_of(const tesseract::ResultIterator& result, tesseract::PageIteratorLevel level) {
  int left = 0, top = 0, right = 0, bottom = 0;
  result.BoundingBox(level, &left, &top, &right, &bottom);
  return {left, top, right - left, bottom - top};
}

// Index of the one plain character that UTF-8 text folds to; kAlphabetSize for anything else.
std::size_t index_of(const char* text) {
  if (text == nullptr) return kAlphabetSize;
  const std::string folded = fold_name(text);
  return folded.size() == 1 ? alphabet_index(folded.front()) : kAlphabetSize;
}

// The engine's alternatives for one symbol as a distribution. Its own certainty is spread over what it did not list.
LetterReading reading_of(const tesseract::ResultIterator& symbol) {
  LetterReading reading;
  float total = 0;
  const auto add = [&](const char* text, float confidence) {
    const std::size_t index = index_of(text);
    const float weight = std::max(0.0F, confidence) / 100;
    total += weight;
    if (index < kAlphabetSize)
      reading.probability[index] += weight;
    else
      reading.nothing += weight;
  };
  tesseract::ChoiceIterator choices(symbol);
  do {
    add(choices.GetUTF8Text(), choices.Confidence());
  } while (choices.Next());
  if (total <= 0) {
    const Text text(symbol.GetUTF8Text(tesseract::RIL_SYMBOL));
    add(text.get(), std::max(1.0F, symbol.Confidence(tesseract::RIL_SYMBOL)));
  }
  const float listed = 1 - kUnlisted;
  reading.nothing = total > 0 ? reading.nothing / total * listed : 0;
  for (float& p : reading.probability)
    p = (total > 0 ? p / total * listed : 0) + kUnlisted / static_cast<float>(kAlphabetSize);
  return reading;
}

// The engine makes letters up where nothing is, on the smallest pictures most of all.
bool shows_something(const GrayImage& picture) {
  constexpr int kLeastSide = 8;       // pixels
  constexpr int kLeastContrast = 12;  // tones
  if (picture.width() < kLeastSide || picture.height() < kLeastSide) return false;
  const auto [darkest, lightest] = std::minmax_element(picture.pixels().begin(), picture.pixels().end());
  return *lightest - *darkest >= kLeastContrast;
}

}  // namespace

struct Tesseract::State {
  tesseract::TessBaseAPI api;
  std::string language;

  void show(const GrayImage& picture, tesseract::PageSegMode mode, std::string_view allowed) {
    // Its OpenMP regions cost more than they gain on pictures as small as ours. The setting is each thread's own.
    omp_set_max_active_levels(0);
    api.SetPageSegMode(mode);
    api.SetVariable("tessedit_char_whitelist", std::string(allowed).c_str());
    api.SetImage(picture.row(0), picture.width(), picture.height(), 1, picture.width());
    api.SetSourceResolution(300);
  }
};

Tesseract::Tesseract(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tesseract::Tesseract(Tesseract&&) noexcept = default;
Tesseract& Tesseract::operator=(Tesseract&&) noexcept = default;
Tesseract::~Tesseract() = default;

Result<Tesseract> Tesseract::make(std::string_view language) {
  auto state = std::make_unique<State>();
  state->language = language;
  if (state->api.Init(nullptr, state->language.c_str(), tesseract::OEM_LSTM_ONLY) != 0)
    return refuse(ErrorKind::not_found, "ocr.tesseract_missing",
                  fmt::format("Tesseract's language data \"{0}\" is not installed (apt-get install tesseract-ocr-{0}).",
                              language));
  static std::once_flag is_quiet;  // the variable is one for the whole process
  std::call_once(is_quiet, [&] { state->api.SetVariable("debug_file", "/dev/null"); });
  state->api.SetVariable("lstm_choice_mode", "2");
  state->api.SetVariable("load_system_dawg", "0");
  state->api.SetVariable("load_freq_dawg", "0");
  state->api.SetVariable("tessedit_enable_doc_dict", "0");  // a picture is read alike whatever was read before it
  return Tesseract(std::move(state));
}

std::vector<LineLetter> Tesseract::read_line(const GrayImage& line, std::string_view allowed) {
  std::vector<LineLetter> letters;
  if (!shows_something(line)) return letters;
  state_->show(line, tesseract::PSM_RAW_LINE, allowed);
  if (state_->api.Recognize(nullptr) != 0) return letters;
  const Iterator result(state_->api.GetIterator());
  if (!result) return letters;
  do {
    if (result->Empty(tesseract::RIL_SYMBOL)) continue;
    const Text text(result->GetUTF8Text(tesseract::RIL_SYMBOL));
    if (index_of(text.get()) == kAlphabetSize) continue;
    letters.push_back({reading_of(*result), box_of(*result, tesseract::RIL_SYMBOL)});
  } while (result->Next(tesseract::RIL_SYMBOL));
  return letters;
}

std::vector<PrintedWord> Tesseract::read_print(const GrayImage& picture) {
  std::vector<PrintedWord> words;
  if (!shows_something(picture)) return words;
  state_->show(picture, tesseract::PSM_SPARSE_TEXT, "");
  if (state_->api.Recognize(nullptr) != 0) return words;
  const Iterator result(state_->api.GetIterator());
  if (!result) return words;
  do {
    if (result->Empty(tesseract::RIL_WORD)) continue;
    const Text text(result->GetUTF8Text(tesseract::RIL_WORD));
    if (text)
      words.push_back({text.get(), result->Confidence(tesseract::RIL_WORD), box_of(*result, tesseract::RIL_WORD)});
  } while (result->Next(tesseract::RIL_WORD));
  return words;
}

std::string Tesseract::version() const {
  return fmt::format("{} {}", tesseract::TessBaseAPI::Version(), state_->language);
}

}  // namespace korrigo::ocr
