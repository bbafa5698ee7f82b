/// The pages behind a marked copy: points by question with their remarks, the appreciation, the total.
#pragma once

#include <string>

#include "publication/annotation_drawing.h"
#include "publication/final_copy.h"

namespace korrigo::publication {

/// Draws them behind what is on the canvas. `owner` says whose copy it is: the student, or the anonymous id.
void draw_summary(Canvas& canvas, const FinalCopy& copy, const std::string& owner,
                  const std::vector<LongText>& long_texts);

}  // namespace korrigo::publication
