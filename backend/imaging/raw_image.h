/// Uncompressed samples -> grey; decode.h is the door for others.
#pragma once

#include "imaging/decode.h"

namespace korrigo::imaging {

Result<Decoded> decode_raw(const EncodedImage& image, const DecodeOptions& options);

}  // namespace korrigo::imaging
