/// Forms as bytes between workers of the same program (sandbox/wire.h).
#pragma once

#include "identification/header_reading.h"
#include "sandbox/wire.h"

namespace korrigo::identification {

/// decode_forms throws std::runtime_error for bytes of another version or program.
std::vector<std::byte> encode_forms(const BatchForms& forms);
BatchForms decode_forms(std::span<const std::byte> bytes);

}  // namespace korrigo::identification
