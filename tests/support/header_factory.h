/// Headers for tests: printed, filled in by invented hands and scanned, as the sample generator does it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "imaging/gray_image.h"
#include "samples/form.h"

namespace korrigo::testing_support {

/// How a header lies on its picture.
struct Lie {
  double degrees = 0;  // clockwise, about the picture's centre
  double right = 0;    // millimetres
  double down = 0;
};

/// One printed form, seen as the upper strip of an A4 face at 300 dpi.
class DrawnForm {
 public:
  static constexpr double kWidth = 210;  // millimetres
  static constexpr double kHeight = 70;
  static constexpr double kScale = 300 / 25.4;  // pixels per millimetre

  /// Throws when the fonts are not installed (./dev samples installs them).
  DrawnForm(samples::HeaderLayout layout, std::uint64_t seed);

  imaging::GrayImage empty(const Lie& lie = {});

  /// Filled in, every time by another hand.
  imaging::GrayImage filled(const samples::HeaderText& text, const Lie& lie = {});

  /// The writing of one even hand alone, without print and noise.
  imaging::GrayImage writing(const samples::HeaderText& text);

  /// Letters that a last name has room for.
  std::size_t room() const { return form_.name_boxes(); }

  /// A small shift and what deskewing leaves of a turn.
  Lie small_lie();

  samples::HeaderText invented_text();

 private:
  using Draw = std::function<void(samples::Pen&)>;
  imaging::GrayImage drawn(const Lie& lie, const Draw& draw) const;
  imaging::GrayImage scanned(const Lie& lie, const Draw& fill);

  samples::FontSet fonts_;
  Random random_;
  samples::Form form_;
  samples::Hand hand_;
};

const std::vector<samples::HeaderLayout>& all_layouts();
/// "boxes_gaps"
std::string name_of(samples::HeaderLayout layout);

}  // namespace korrigo::testing_support
