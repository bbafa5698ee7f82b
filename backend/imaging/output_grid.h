/// Which pixels of a reduced picture a DecodeOptions asks for: one law for all decoders.
#pragma once

#include "imaging/decode.h"

namespace korrigo::imaging {

/// In pixels of the picture of width x height reduced by options.reduce: its left and top are the region's rounded down
/// to the grid of reduce x reduce cells, its size is ceil(part / reduce). Empty when the region lies outside.
PixelRect output_part(int width, int height, const DecodeOptions& options);

/// The same part in full-size pixels: what must be averaged to get it.
PixelRect source_part(int width, int height, const DecodeOptions& options);

/// Takes full-size rows from top to bottom and keeps the averaged part, so that no full-size picture is ever held.
class GridWriter {
 public:
  GridWriter(int width, int height, const DecodeOptions& options);

  /// Rows wanted, in full-size pixels; the others need not be given (nor need a decoder go on below bottom()).
  const PixelRect& source() const { return source_; }
  /// One whole row (source image width tones). Rows come in rising order; a row never given is white.
  void put(int y, const std::uint8_t* row);
  GrayImage take();

 private:
  void flush();

  int reduce_;
  PixelRect source_;
  GrayImage out_;
  GrayImage band_;  // the rows of one output row
  int band_row_ = -1;
};

}  // namespace korrigo::imaging
