/// Pages that are no plain picture, drawn by poppler's pdftoppm in a limited process.
#pragma once

#include <optional>

#include "base/result.h"
#include "imaging/gray_image.h"
#include "sandbox/program.h"

namespace korrigo::pdf {

/// Page `page` (from 0) of the PDF open at `fd`, upright, at `dpi`, grey; only `part` (pixels at that dpi) when given.
/// The picture has exactly width x height pixels (of the page, or of the part). Refuses as sandbox::run_program, and
/// malformed "render.output" when poppler's answer is no picture.
Result<imaging::GrayImage> render_page(int fd, int page, double dpi, int width, int height,
                                       std::optional<imaging::PixelRect> part, const sandbox::Limits& limits);

}  // namespace korrigo::pdf
