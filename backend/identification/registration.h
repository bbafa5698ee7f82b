/// A header brought onto its printed form to within about two pixels: a coarse search of the whole print in a few
/// turns, then small patches of it found one by one, and the similarity that most of them agree on.
#pragma once

#include <vector>

#include "imaging/geometry.h"

namespace korrigo::identification {

struct Registration {
  imaging::Affine from_form;  // form pixel -> header pixel
  double agreement =
      0;  // share of the patches that were found where the similarity says, each as well as it fits, 0..1
};

/// Prepared once for a form, used for all its headers.
class FormPatches {
 public:
  /// `print` at kFormDpi; patches are taken from inside `extent`.
  FormPatches(const imaging::GrayImage& print, const imaging::PixelRect& extent);

  Registration find_in(const imaging::GrayImage& header) const;

 private:
  struct Patch {
    imaging::PixelRect place;
    imaging::GrayImage picture;
    bool level = false;  // bare lines along the rows: where it is found tells a height only
  };
  imaging::Affine coarse_map(const imaging::GrayImage& header) const;

  std::vector<Patch> patches_;
  imaging::PixelRect coarse_place_;  // in pixels of the reduced print
  imaging::GrayImage coarse_;
};

}  // namespace korrigo::identification
