/// What every decoder refuses with.
#pragma once

#include <string>

#include "base/result.h"

namespace korrigo::imaging {

/// malformed "image.damaged"; `detail` is for the log.
Error damaged(std::string detail);

/// Refuses sizes over the limits of encoded_image.h.
Result<void> check_size(long long width, long long height);

}  // namespace korrigo::imaging
