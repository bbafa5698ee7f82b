/// Which way up a written face stands, from the writing alone.
#pragma once

#include "imaging/gray_image.h"

namespace korrigo::scans {

/// Positive when the face stands upright, negative when it stands on its head, about -3..3; 0 when hardly anything is
/// written. Lines of writing begin at one margin and end where the words happen to, and pages fill from the top. `ink`:
/// the level face at kStripDpi (survey.h), ruling removed, 0 paper and 255 ink.
double standing_of_writing(const imaging::GrayImage& ink);

}  // namespace korrigo::scans
