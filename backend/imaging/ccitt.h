/// CCITT Group 3 and 4 -> grey; decode.h is the door for others.
#pragma once

#include "imaging/decode.h"

namespace korrigo::imaging {

Result<Decoded> decode_ccitt(const EncodedImage& image, const DecodeOptions& options);

}  // namespace korrigo::imaging
