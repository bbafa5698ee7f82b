/// JBIG2 as PDF embeds it -> grey; decode.h is the door for others.
#pragma once

#include "imaging/decode.h"

namespace korrigo::imaging {

Result<Decoded> decode_jbig2(const EncodedImage& image, const DecodeOptions& options);

}  // namespace korrigo::imaging
