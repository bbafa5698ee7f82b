#include "imaging/output_grid.h"

#include <algorithm>
#include <cstring>

#include "imaging/geometry.h"

namespace korrigo::imaging {

PixelRect output_part(int width, int height, const DecodeOptions& options) {
  const PixelRect all{0, 0, width, height};
  const PixelRect part = options.region ? options.region->intersected(all) : all;
  if (part.empty()) return {};
  const int reduce = options.reduce;
  const auto cells = [reduce](int length) { return (length + reduce - 1) / reduce; };
  return {part.x / reduce, part.y / reduce, cells(part.width), cells(part.height)};
}

PixelRect source_part(int width, int height, const DecodeOptions& options) {
  const PixelRect part = output_part(width, height, options);
  const int reduce = options.reduce;
  return PixelRect{part.x * reduce, part.y * reduce, part.width * reduce, part.height * reduce}.intersected(
      {0, 0, width, height});
}

GridWriter::GridWriter(int width, int height, const DecodeOptions& options)
    : reduce_(options.reduce), source_(source_part(width, height, options)) {
  const PixelRect part = output_part(width, height, options);
  out_ = GrayImage(part.width, part.height);
}

void GridWriter::put(int y, const std::uint8_t* row) {
  if (y < source_.y || y >= source_.bottom()) return;
  const int line = y - source_.y;
  const auto length = static_cast<std::size_t>(source_.width);
  if (reduce_ == 1) {
    std::memcpy(out_.row(line), row + source_.x, length);
    return;
  }
  if (line / reduce_ != band_row_) {
    flush();
    band_row_ = line / reduce_;
    const int rows = std::min(reduce_, source_.height - band_row_ * reduce_);
    if (band_.height() != rows) band_ = GrayImage(source_.width, rows);
    std::fill(band_.pixels().begin(), band_.pixels().end(), std::uint8_t{255});
  }
  std::memcpy(band_.row(line % reduce_), row + source_.x, length);
}

void GridWriter::flush() {
  if (band_row_ < 0) return;
  const GrayImage reduced = box_reduced(band_, reduce_);
  std::memcpy(out_.row(band_row_), reduced.row(0), static_cast<std::size_t>(out_.width()));
}

GrayImage GridWriter::take() {
  flush();
  band_row_ = -1;
  return std::move(out_);
}

}  // namespace korrigo::imaging
