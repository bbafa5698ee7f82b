/// Writing on a plain line, read letter by letter with korrigo-hand.
#pragma once

#include <vector>

#include "imaging/gray_image.h"
#include "ocr/reading.h"

namespace korrigo::identification {

/// The letters of a line (dark ink on white, cut to its extent, as cut_line gives it), in reading order; without the
/// strokes between day, month and year. The ink is taken apart where it is apart and cut where it is thin; of all ways
/// to put the parts together, the network is surest of the letters of the one that is kept (Casey and Lecolinet, A
/// survey of methods and strategies in character segmentation, 1996, "recognition-based segmentation").
std::vector<ocr::LetterReading> letters_of_line_by_hand(const imaging::GrayImage& line, ocr::FieldKind kind);

}  // namespace korrigo::identification
