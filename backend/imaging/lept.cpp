#include "imaging/lept.h"

#include <algorithm>

namespace korrigo::imaging::lept {

void silence() {
  static const bool done = [] {
    setMsgSeverity(L_SEVERITY_NONE);
    return true;
  }();
  static_cast<void>(done);
}

Pix darker_than(const GrayImage& image, int threshold) {
  silence();
  Pix pix(pixCreate(image.width(), image.height(), 1));
  if (!pix) return pix;
  l_uint32* line = pixGetData(pix.get());
  const int words = pixGetWpl(pix.get());
  for (int y = 0; y < image.height(); ++y, line += words) {
    const std::uint8_t* row = image.row(y);
    for (int x = 0; x < image.width(); x += 32) {
      l_uint32 word = 0;
      const int bits = std::min(32, image.width() - x);
      for (int bit = 0; bit < bits; ++bit) {
        word |= static_cast<l_uint32>(row[x + bit] < threshold ? 1 : 0) << (31 - bit);
      }
      line[x / 32] = word;
    }
  }
  return pix;
}

}  // namespace korrigo::imaging::lept
