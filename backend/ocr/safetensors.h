/// Tensors by name in one block of bytes: the safetensors format (8 bytes length, JSON header, data).
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace korrigo::ocr {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

struct Safetensors {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Only 32-bit floats (F32) and 16-bit ones (F16), which are widened. Refuses malformed "ocr.model_damaged".
Result<Safetensors> parse_safetensors(std::span<const unsigned char> bytes);

}  // namespace korrigo::ocr
