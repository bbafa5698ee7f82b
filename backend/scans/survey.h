/// What one look at a side tells: the cut into faces, their skew, whether anything is written, and small pictures of
/// ink from which the batch learns its header print and which way up its faces stand.
#pragma once

#include <array>
#include <vector>

#include "imaging/gray_image.h"
#include "scans/face.h"

namespace korrigo::scans {

/// Small pictures are made at this resolution, whatever the scan's.
inline constexpr double kStripDpi = 37.5;
/// Height of a strip: a printed header lies within the upper 7 cm of its face.
inline constexpr double kStripHeightInches = 7.0 / 2.54;
inline constexpr int kThumbReduction = 4;

/// The strips are pictures of what a printed form has and ruled, written paper has not: strokes shorter than ruling,
/// against the usual ink of their surroundings in the row (128 as usual, 255 ink where none is usual). The scale
/// saturates early, so that faint print and dark pens weigh alike.
struct FaceSurvey {
  Face face;                     // rotation 0 and no header yet
  imaging::GrayImage top_strip;  // the upper 7 cm as the face stands, level
  imaging::GrayImage
      bottom_strip;          // the lower 7 cm turned by 180 degrees: the upper ones if the face stands on its head
  imaging::GrayImage thumb;  // the whole face in the same way, at kStripDpi / kThumbReduction
  double standing = 0;       // of the writing (standing.h): positive when it stands upright as scanned
};

struct SurveyOptions {
  enum class Format { automatic, a3, a4 };
  Format format = Format::automatic;
};

/// `picture` shows the whole side at `picture_dpi` (75 to 150 is right); full_width and full_height are the side's own
/// pixels. A side is A3, cut in two at its fold, when it is wider than 1.2 times its height or the options say so.
std::vector<FaceSurvey> survey_side(const imaging::GrayImage& picture, double picture_dpi, int full_width,
                                    int full_height, const SurveyOptions& options);

/// The column of the fold, at half height, in a picture of an A3 side that deskewed() levels with skew_degrees, found
/// within 3 % of its width from the middle: the darkest line of a gutter shadow, else the emptiest column, the one
/// nearer to the middle among nearly equal ones.
int find_fold(const imaging::GrayImage& side, double skew_degrees = 0);

}  // namespace korrigo::scans
