/// Geometry of grey pictures: scaling, turning, deskewing, matching.
#pragma once

#include <optional>
#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::imaging {

/// The part of `image` inside `rect`; what lies outside the image is white.
GrayImage cropped(const GrayImage& image, const PixelRect& rect);

/// Clockwise by 0, 90, 180 or 270 degrees.
GrayImage rotated(const GrayImage& image, int degrees);

/// Area average by a whole factor >= 1; the last row and column may average fewer pixels.
GrayImage box_reduced(const GrayImage& image, int factor);

/// To exactly width x height: area average when shrinking, bilinear when growing.
GrayImage resized(const GrayImage& image, int width, int height);

/// p' = (a*x + b*y + c, d*x + e*y + f)
struct Affine {
  double a = 1, b = 0, c = 0;
  double d = 0, e = 1, f = 0;
  /// Rotation about (cx, cy), clockwise on screen for positive degrees.
  static Affine rotation(double degrees, double cx, double cy);
  Affine then(const Affine& next) const;
  Affine inverse() const;
  std::pair<double, double> operator()(double x, double y) const { return {a * x + b * y + c, d * x + e * y + f}; }
};

/// A picture of width x height whose pixel p shows image at from_output(p), bilinear; outside is white.
GrayImage warped(const GrayImage& image, const Affine& from_output, int width, int height);

/// The picture turned by `degrees` (|degrees| <= 5, positive turns clockwise) about its centre, same size.
GrayImage deskewed(const GrayImage& image, double degrees);

struct Skew {
  double degrees = 0;     // turn the picture by this to level it, as deskewed() takes it
  double confidence = 0;  // contrast of the rows when level over the usual one; below 1.25 nothing stood out and
                          // degrees is 0
};
/// Between -limit and limit degrees. Wants text or ruled lines at about 75-150 dpi. The angle whose projection profile
/// has the strongest steps (Postl's criterion, US patent 4723297), over grey tones, so that pale ruling counts.
Skew find_skew(const GrayImage& image, double limit_degrees = 4.0);

/// 255 = ink, 0 = paper, same size: local threshold (Sauvola) with a floor that keeps faint pens and ignores paper
/// noise. Ink is at least `least_contrast` tones darker than its surroundings; where the paper's grain is stronger than
/// 4 tones (standard deviation) that grows in proportion. 8 to 10 shows the palest printed lines, at the price of
/// specks.
GrayImage binarised(const GrayImage& image, int window_pixels = 31, double sensitivity = 0.2,
                    double least_contrast = 18);

/// The typical tone of the paper: the brightest large mode of the histogram.
std::uint8_t paper_tone(const GrayImage& image);

struct Match {
  double score = -1;  // normalised cross-correlation, -1..1
  int x = 0, y = 0;   // where the pattern's top-left lies in the image
};
/// Best position of `pattern` in `image` (pattern no larger than the image). A flat pattern or window scores 0.
Match best_match(const GrayImage& image, const GrayImage& pattern);
/// Normalised cross-correlation of two pictures of one size.
double correlation(const GrayImage& a, const GrayImage& b);

}  // namespace korrigo::imaging
