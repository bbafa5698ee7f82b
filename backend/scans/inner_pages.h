/// Prints that come again on inner pages, as the questions of a printed exam do.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace korrigo::scans {

/// An end of a face that shows one of the prints that a batch shares (header_print.h).
struct ShownPrint {
  std::size_t face = 0;  // counted over the batch, in scanner order
  int print = 0;         // index of the print
  int rotation = 0;      // of the face when this end is its upper one: 0 or 180
};

/// The indices, rising, of those prints that are no header: none can be read there, a header is read on another print,
/// and their faces are those of its faces or follow them at one distance. `shown` is sorted by face. `reads` tells
/// whether a header can be read on a face, which takes a tenth of a second and is asked of few.
std::vector<int> inner_prints(const std::vector<ShownPrint>& shown, int prints,
                              const std::function<bool(const ShownPrint&)>& reads);

}  // namespace korrigo::scans
