/// The printed header of a batch, learned from the batch itself: first faces share their print, so pictures of their
/// upper strips correlate, and the median of the aligned strips shows the print alone.
#pragma once

#include <vector>

#include "base/parallel.h"
#include "imaging/gray_image.h"

namespace korrigo::scans {

/// One printed form. A batch may hold several.
struct HeaderPrint {
  imaging::GrayImage pattern;  // ink picture at kStripDpi (survey.h), handwriting gone
  int x = 0, y = 0;            // where its top-left lies in a strip, typically
  int members = 0;             // strips it was learned from
  double distinctness = 0;     // grey levels of structure that ruled paper does not have
};

struct HeaderMatch {
  double score = -1;   // correlation, -1..1
  int form = -1;       // index of the print
  int dx = 0, dy = 0;  // pixels at kStripDpi from the print's usual place
};

/// Groups the strips that show the same print and keeps the groups whose median is a form, not ruling. The strips come
/// from both ends of faces, in any order; about 60 to 120 are plenty and more are not looked at. Needs three headers of
/// a form to see it. Works on up to `workers` threads; throws Cancelled.
std::vector<HeaderPrint> learn_prints(const std::vector<imaging::GrayImage>& strips, int workers = 1,
                                      const Cancel& cancel = {});

/// The best place of any of the prints in a strip, within a centimetre of the usual one.
HeaderMatch match_print(const std::vector<HeaderPrint>& prints, const imaging::GrayImage& strip);

/// The score above which a strip is a header, well above what strips reach by chance: of each face at most one end is a
/// header, so the lower score of the two is chance. Within [0.2, 0.5].
double header_threshold(const std::vector<double>& chance);

}  // namespace korrigo::scans
