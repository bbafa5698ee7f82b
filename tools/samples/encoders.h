/// Pictures as the image streams scanners put into PDFs.
#pragma once

#include <string>
#include <vector>

#include "samples/side_picture.h"

namespace korrigo::samples {

struct ImageStream {
  std::vector<std::byte> bytes;
  std::string dictionary;  // /Filter, /ColorSpace, /BitsPerComponent ... as PDF writes them
};

/// CCITT is Group 4; JBIG2 one generic region coded as MMR, which is Group 4's code; `mixed` is not an encoding.
ImageStream encode(const SidePicture& picture, SideEncoding encoding);

}  // namespace korrigo::samples
