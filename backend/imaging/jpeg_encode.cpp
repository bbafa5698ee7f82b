#include <algorithm>

#include "imaging/jpeg.h"
#include "imaging/jpeg_writer.h"

namespace korrigo::imaging {

std::vector<std::byte> encode_jpeg(const GrayImage& image, int quality) {
  jpeg::Errors errors;
  jpeg::Compressor compressor(errors);
  jpeg_compress_struct& out = compressor.out();
  const bool ok = jpeg::guarded(errors, [&] {
    compressor.open();
    out.image_width = static_cast<JDIMENSION>(image.width());
    out.image_height = static_cast<JDIMENSION>(image.height());
    out.input_components = 1;
    out.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, std::clamp(quality, 1, 100), TRUE);
    out.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&out, TRUE);
    for (int y = 0; y < image.height(); ++y) {
      auto* row = const_cast<JSAMPROW>(image.row(y));  // libjpeg's type; it only reads
      jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_compress(&out);
  });
  // Only an empty picture or one over 65,500 pixels a side gets here.
  if (!ok) throw std::invalid_argument(std::string("JPEG cannot hold this picture: ") + errors.fatal_text);
  return compressor.take();
}

}  // namespace korrigo::imaging
