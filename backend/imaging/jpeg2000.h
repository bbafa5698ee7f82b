/// JPEG 2000 (JP2 file or bare codestream) -> grey; decode.h is the door for others.
#pragma once

#include "imaging/decode.h"

namespace korrigo::imaging {

Result<PixelRect> jpeg2000_bounds(const EncodedImage& image);
Result<Decoded> decode_jpeg2000(const EncodedImage& image, const DecodeOptions& options);

}  // namespace korrigo::imaging
