/// The way from a text that somebody meant to write to the letters that a reader saw: how likely these readings are.
///
/// A hidden Markov model over the expected text, summed over all alignments (the forward algorithm, Rabiner 1989):
/// every letter yields one reading or is lost, readings may be spurious, and the space between two words may leave an
/// empty box. All probabilities are relative to those of a reader that saw nothing in particular, so a reading spread
/// evenly over the alphabet neither speaks for a text nor against it, and products over long fields stay far from
/// underflow.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "ocr/reading.h"

namespace korrigo::identification {

/// Hand and reader together are good, fair or poor: all three are tried, so that a field with letters that fit no
/// student lowers the trust in its other letters, however sure of itself the reader was.
inline constexpr std::size_t kQualities = 3;
inline constexpr std::array<double, kQualities> kQualityPrior = {0.45, 0.35, 0.20};

/// Longest field that is looked at, in readings; what follows is ignored.
inline constexpr std::size_t kLongestField = 64;

/// The readings of one field, ready to be compared with texts.
class Channel {
 public:
  /// A date field expects digits and a name field letters: what looks like the other kind counts as its look-alikes.
  Channel(const ocr::FieldReading& field, bool digits);

  std::size_t length() const { return length_; }

  /// P(the readings from t on | exactly `text` was written from there), for t = 0..length(). `text` is folded.
  std::vector<double> suffixes(std::string_view text, std::size_t quality) const;
  /// P(the first t readings | exactly `text` was written), for t = 0..length().
  std::vector<double> prefixes(std::string_view text, std::size_t quality) const;
  /// suffixes() at 0, for a text whose symbols are known only as probabilities over kAlphabet.
  using Profile = std::vector<std::array<double, ocr::kAlphabetSize>>;
  double whole(const Profile& text, std::size_t quality) const;
  /// P(both words, a word space between them) from the prefixes of one and the suffixes of the other.
  double joined(std::span<const double> prefix, std::span<const double> suffix) const;

  /// What a model of texts needs to run over the readings itself.
  double emission(std::size_t quality, std::size_t symbol, std::size_t t) const {
    return emission_[quality][symbol * length_ + t];
  }
  double spurious(std::size_t quality, std::size_t t) const;  // of a reading that is no letter, insertion included
  double lost(std::size_t quality) const;                     // of a letter that left no reading
  double kept(std::size_t quality) const;                     // of a letter that did

 private:
  std::vector<double> suffixes_of(std::span<const double* const> rows, std::size_t quality) const;
  std::vector<const double*> rows_of(std::string_view text, std::size_t quality) const;

  bool boxed_ = false;
  std::size_t length_ = 0;
  std::array<std::vector<double>, kQualities> emission_;  // symbol by symbol, all readings of one together
  std::vector<double> junk_;                              // P(reading | no letter stands there)
};

}  // namespace korrigo::identification
