/// korrigo-hand's weights, which are part of the program: models/korrigo-hand-letters.safetensors byte for byte.
#pragma once

#include <span>

namespace korrigo::ocr {

std::span<const unsigned char> embedded_letter_model();

}  // namespace korrigo::ocr
