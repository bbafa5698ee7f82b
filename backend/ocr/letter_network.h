/// The letter network's arithmetic, with oneDNN.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "ocr/letter_picture.h"
#include "ocr/safetensors.h"

namespace korrigo::ocr {

/// Tensors "conv<N>.weight" (out, in, k, k), "conv<N>.bias", then "dense<N>.weight" (out, in), "dense<N>.bias", N from
/// 0; the metadata "strides" names the convolutions' strides, "1 2 ...". Each layer but the last ends in a ReLU;
/// convolutions are padded by half their kernel. Input is ink * 2 - 0.3, ink from 0 to 1. Immutable once made; any
/// thread may use it.
class LetterNetwork {
 public:
  /// Refuses malformed "ocr.model_damaged".
  static Result<LetterNetwork> make(const Safetensors& model);
  LetterNetwork(LetterNetwork&&) noexcept;
  LetterNetwork& operator=(LetterNetwork&&) noexcept;
  ~LetterNetwork();

  std::size_t classes() const;
  /// Scores before the softmax, picture after picture.
  std::vector<float> scores(std::span<const LetterPicture> pictures) const;

 private:
  struct State;
  explicit LetterNetwork(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::ocr
