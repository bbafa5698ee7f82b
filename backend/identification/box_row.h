/// One row of printed letter boxes found in what a picture shows of its sides and lines.
#pragma once

#include <span>
#include <vector>

namespace korrigo::identification {

/// What a strip of a picture shows at each column.
struct RowProfile {
  std::vector<float> side;    // share of the strip's height that shows an upright stroke
  std::vector<float> bottom;  // 1 where its lower line shows
  std::vector<float> top;     // 1 where its upper line shows; empty: the boxes are open above
};

struct BoxRow {
  double score = 0;                        // what speaks for the row against none
  int width = 0;                           // of its boxes
  std::vector<std::pair<int, int>> boxes;  // left and right side of each, left to right
};

/// The likeliest row of boxes of one width, side by side or with spaces, by dynamic programming over the columns.
BoxRow find_box_row(const RowProfile& profile);
BoxRow find_box_row(const RowProfile& profile, int width);

}  // namespace korrigo::identification
