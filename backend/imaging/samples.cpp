#include "imaging/samples.h"

#include <algorithm>
#include <cstring>

namespace korrigo::imaging {

std::array<std::uint8_t, 256> tone_table(const EncodedImage& image, int bits) {
  std::array<std::uint8_t, 256> tones{};
  const int largest = (1 << bits) - 1;
  for (int sample = 0; sample <= largest; ++sample) {
    const int value = image.inverted ? largest - sample : sample;
    std::uint8_t& tone = tones[static_cast<std::size_t>(sample)];
    if (image.colour_space == ColourSpace::indexed && !image.palette.empty()) {
      const auto& colour = image.palette[std::min(static_cast<std::size_t>(value), image.palette.size() - 1)];
      tone = luma(colour[0], colour[1], colour[2]);
    } else {
      tone = static_cast<std::uint8_t>((value * 255 + largest / 2) / largest);
    }
  }
  return tones;
}

BitExpander::BitExpander(std::uint8_t zero, std::uint8_t one) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    for (unsigned bit = 0; bit < 8; ++bit) octets_[octet][bit] = (octet >> (7 - bit) & 1) != 0 ? one : zero;
  }
}

void BitExpander::expand(const std::uint8_t* bits, int count, std::uint8_t* out) const {
  for (int x = 0; x < count; x += 8) std::memcpy(out + x, octets_[bits[x / 8]].data(), 8);
}

}  // namespace korrigo::imaging
