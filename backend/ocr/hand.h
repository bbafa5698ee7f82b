/// korrigo-hand: our own network for block capitals, accents and digits written by hand, one letter a picture
/// (models/README.md).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ocr/letter_picture.h"
#include "ocr/reading.h"

namespace korrigo::ocr {

/// One letter to read.
struct HandLetter {
  LetterPicture picture{};
  bool digits = false;  // a digit is expected, not a letter
};

/// May be shared by threads: reading changes nothing and runs on the calling thread alone.
class Hand {
 public:
  /// The model that is part of the program, made at the first call.
  static const Hand& built_in();
  /// Refuses malformed "ocr.model_damaged".
  static Result<Hand> make(std::span<const unsigned char> safetensors);
  Hand(Hand&&) noexcept;
  Hand& operator=(Hand&&) noexcept;
  ~Hand();

  /// A distribution for each letter: accented letters count as their base, hyphens, apostrophes and remnants of the
  /// form as nothing. All letters of a header are best read at once.
  std::vector<LetterReading> read(std::span<const HandLetter> letters) const;

  /// "1", from the model's metadata.
  const std::string& version() const;

 private:
  struct State;
  explicit Hand(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::ocr
