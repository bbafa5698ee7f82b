/// Grey pictures and rectangles, the common currency of everything that looks at scans.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace korrigo::imaging {

/// Pixels, origin top-left; x and y may lie outside a picture, width and height are never negative.
struct PixelRect {
  int x = 0, y = 0, width = 0, height = 0;

  int right() const { return x + width; }    // excluded
  int bottom() const { return y + height; }  // excluded
  bool empty() const { return width <= 0 || height <= 0; }
  /// The part of this inside `other`; empty when they do not meet.
  PixelRect intersected(const PixelRect& other) const;
  /// The smallest around both; an empty one counts for nothing.
  PixelRect united(const PixelRect& other) const;
  /// This grown by `margin` on all four sides.
  PixelRect grown(int margin) const { return {x - margin, y - margin, width + 2 * margin, height + 2 * margin}; }

  bool operator==(const PixelRect&) const = default;
};

/// One 8-bit channel, 0 black to 255 white, rows without padding.
class GrayImage {
 public:
  GrayImage() = default;
  GrayImage(int width, int height, std::uint8_t value = 255)
      : width_(width), height_(height), pixels_(static_cast<std::size_t>(width) * height, value) {}
  /// Requires pixels.size() == width * height.
  GrayImage(int width, int height, std::vector<std::uint8_t> pixels)
      : width_(width), height_(height), pixels_(std::move(pixels)) {}

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return pixels_.empty(); }
  PixelRect bounds() const { return {0, 0, width_, height_}; }

  std::uint8_t* row(int y) { return pixels_.data() + static_cast<std::size_t>(y) * width_; }
  const std::uint8_t* row(int y) const { return pixels_.data() + static_cast<std::size_t>(y) * width_; }
  std::uint8_t at(int x, int y) const { return row(y)[x]; }
  std::span<const std::uint8_t> pixels() const { return pixels_; }
  std::span<std::uint8_t> pixels() { return pixels_; }

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace korrigo::imaging
