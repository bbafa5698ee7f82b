#include "imaging/refusals.h"

#include <fmt/format.h>

#include "imaging/encoded_image.h"

namespace korrigo::imaging {

Error damaged(std::string detail) {
  return {ErrorKind::malformed, "image.damaged", "The image is damaged and cannot be read.", std::move(detail)};
}

Result<void> check_size(long long width, long long height) {
  if (width < 1 || height < 1) return tl::unexpected(damaged(fmt::format("size {} x {}", width, height)));
  if (width > kMaxImageSide || height > kMaxImageSide || width * height > kMaxImagePixels) {
    return refuse(ErrorKind::too_large, "image.too_large",
                  fmt::format("The image measures {} x {} pixels; at most {} a side and {} million in all are read.",
                              width, height, kMaxImageSide, kMaxImagePixels / 1'000'000));
  }
  return {};
}

}  // namespace korrigo::imaging
