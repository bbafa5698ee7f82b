#include "imaging/decode.h"

#include <stdexcept>

#include "imaging/ccitt.h"
#include "imaging/jbig2_image.h"
#include "imaging/jpeg2000.h"
#include "imaging/jpeg_decode.h"
#include "imaging/raw_image.h"
#include "imaging/refusals.h"

namespace korrigo::imaging {

std::string_view to_string(Encoding encoding) {
  switch (encoding) {
    case Encoding::jpeg:
      return "jpeg";
    case Encoding::jpeg2000:
      return "jpeg2000";
    case Encoding::ccitt:
      return "ccitt";
    case Encoding::jbig2:
      return "jbig2";
    case Encoding::raw:
      break;
  }
  return "raw";
}

Result<PixelRect> stated_bounds(const EncodedImage& image) {
  if (image.encoding == Encoding::jpeg) return jpeg_bounds(image.bytes);
  if (image.encoding == Encoding::jpeg2000) return jpeg2000_bounds(image);
  return PixelRect{0, 0, image.width, image.height};
}

Result<Decoded> decode_gray(const EncodedImage& image, const DecodeOptions& options) {
  if (options.reduce != 1 && options.reduce != 2 && options.reduce != 4 && options.reduce != 8) {
    throw std::invalid_argument("decode_gray reduces by 1, 2, 4 or 8");
  }
  if (image.encoding == Encoding::jpeg) {
    return decode_jpeg(image.bytes, image.inverted ? Inversion::inverted : Inversion::none, options);
  }
  if (image.encoding == Encoding::jpeg2000) return decode_jpeg2000(image, options);
  if (auto size = check_size(image.width, image.height); !size) return tl::unexpected(size.error());
  switch (image.encoding) {
    case Encoding::ccitt:
      return decode_ccitt(image, options);
    case Encoding::jbig2:
      return decode_jbig2(image, options);
    default:
      return decode_raw(image, options);
  }
}

}  // namespace korrigo::imaging
