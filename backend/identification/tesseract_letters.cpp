#include "identification/tesseract_letters.h"

#include <algorithm>

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using ocr::FieldKind;
using ocr::LetterReading;

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
constexpr int kCapital = 40;  // pixels of a capital in the pictures that Tesseract reads best
constexpr int kSpace = 12;    // between letters
constexpr int kMargin = 16;

bool is_number(FieldKind kind) {
  return kind == FieldKind::birth_date || kind == FieldKind::candidate_number;
}

void paste(GrayImage& onto, const GrayImage& picture, int left, int top) {
  for (int y = 0; y < picture.height(); ++y) {
    if (top + y < 0 || top + y >= onto.height()) continue;
    for (int x = 0; x < picture.width() && left + x < onto.width(); ++x)
      onto.row(top + y)[left + x] = std::min(onto.at(left + x, top + y), picture.at(x, y));
  }
}

// Ink as dark as print, whatever the pen.
GrayImage strengthened(GrayImage picture) {
  std::array<std::size_t, 256> histogram{};
  for (const std::uint8_t tone : picture.pixels()) ++histogram[tone];
  std::size_t seen = 0;
  int dark = 0;
  while (dark < 250 && (seen += histogram[static_cast<std::size_t>(dark)]) < picture.pixels().size() / 50) ++dark;
  const double gain = 225.0 / std::max(30, 255 - dark);
  for (std::uint8_t& tone : picture.pixels())
    tone = static_cast<std::uint8_t>(std::clamp(255 - (255 - tone) * gain, 0.0, 255.0));
  return picture;
}

// A letter that the engine did not see: any character, perhaps none.
LetterReading unseen(std::string_view characters) {
  LetterReading reading;
  reading.nothing = 0.1F;
  for (const char c : characters)
    reading.probability[ocr::alphabet_index(c)] = 0.9F / static_cast<float>(characters.size());
  return reading;
}

}  // namespace

std::string_view characters_of(FieldKind kind) {
  return is_number(kind) ? kDigits : kLetters;
}

SetLine set_line(const std::vector<CutLetter>& letters) {
  std::vector<int> heights;
  for (const CutLetter& letter : letters) heights.push_back(letter.picture.height());
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
  const double scale = static_cast<double>(kCapital) / heights[heights.size() / 2];
  SetLine line;
  std::vector<GrayImage> scaled;
  int width = 2 * kMargin;
  for (const CutLetter& letter : letters) {
    const double own = std::min(scale, 1.4 * kCapital / letter.picture.height());
    scaled.push_back(imaging::resized(strengthened(letter.picture),
                                      std::max(2, static_cast<int>(letter.picture.width() * own)),
                                      std::max(4, static_cast<int>(letter.picture.height() * own))));
    width += scaled.back().width() + kSpace;
  }
  line.picture = GrayImage(width, 2 * kCapital);
  int x = kMargin;
  for (const GrayImage& letter : scaled) {
    paste(line.picture, letter, x, kCapital * 3 / 2 - letter.height());
    line.places.push_back({x, 0, letter.width(), line.picture.height()});
    x += letter.width() + kSpace;
  }
  return line;
}

GrayImage framed_line(const GrayImage& line) {
  const double scale = std::min(1.0, 52.0 / line.height());
  const GrayImage scaled = imaging::resized(strengthened(line), std::max(8, static_cast<int>(line.width() * scale)),
                                            std::max(8, static_cast<int>(line.height() * scale)));
  GrayImage framed(scaled.width() + 2 * kMargin, scaled.height() + 2 * kMargin);
  paste(framed, scaled, kMargin, kMargin);
  return framed;
}

std::vector<LetterReading> onto_places(const std::vector<ocr::LineLetter>& symbols,
                                       const std::vector<imaging::PixelRect>& places, FieldKind kind) {
  std::vector<LetterReading> readings(places.size(), unseen(characters_of(kind)));
  std::vector<int> overlap(places.size(), 0);
  for (const ocr::LineLetter& symbol : symbols) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const int shared = std::min(symbol.box.right(), places[i].right()) - std::max(symbol.box.x, places[i].x);
      if (shared > overlap[i] && shared * 2 > std::min(symbol.box.width, places[i].width)) {
        overlap[i] = shared;
        readings[i] = symbol.reading;
      }
    }
  }
  return readings;
}

std::vector<LetterReading> letters_of_boxes(const std::vector<CutLetter>& letters, FieldKind kind,
                                            ocr::Tesseract& engine) {
  const SetLine line = set_line(letters);
  return onto_places(engine.read_line(line.picture, characters_of(kind)), line.places, kind);
}

std::vector<LetterReading> letters_of_line(const GrayImage& line, FieldKind kind, ocr::Tesseract& engine) {
  std::vector<LetterReading> readings;
  for (const ocr::LineLetter& symbol : engine.read_line(framed_line(line), characters_of(kind)))
    readings.push_back(symbol.reading);
  return readings;
}

}  // namespace korrigo::identification
