/// The code words of ITU-T T.4 and T.6.
#pragma once

#include <array>
#include <cstdint>

namespace korrigo::imaging::ccitt {

struct Code {
  std::int16_t value = -1;  // -1: no such code
  std::uint8_t bits = 0;
};

inline constexpr int kRunBits = 13;  // the longest run code
inline constexpr int kModeBits = 7;  // the longest mode code

/// Indexed by the next kRunBits bits. A value of 64 or more is a make-up code: another code of the same colour follows.
using RunTable = std::array<Code, 1 << kRunBits>;
const RunTable& white_runs();
const RunTable& black_runs();

enum Mode : std::int16_t {
  kPass = 100,
  kHorizontal = 101
};  // other values: vertical, a1 - b1 in -3..3, plus kVerticalZero
inline constexpr int kVerticalZero = 3;

/// Indexed by the next kModeBits bits.
const std::array<Code, 1 << kModeBits>& modes();

}  // namespace korrigo::imaging::ccitt
