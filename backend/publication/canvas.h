/// Pages of a PDF drawn in memory: vectors, and text in embedded fonts. Points (1/72 inch), origin at the top left.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace korrigo::publication {

struct Colour {
  double red = 0, green = 0, blue = 0;
};

struct Style {
  double size = 10;  // points
  bool bold = false;
  Colour colour = {};
};

/// Text broken into lines of a width, at words where that is possible. Control characters are left out.
class TextBlock {
 public:
  ~TextBlock();
  TextBlock(TextBlock&&) noexcept;
  TextBlock& operator=(TextBlock&&) noexcept;

  double width() const;
  double height() const;
  int lines() const;
  double line_height(int line) const;

 private:
  friend class Canvas;
  struct State;
  explicit TextBlock(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Used by one thread. Throws std::runtime_error when Cairo cannot go on.
class Canvas {
 public:
  Canvas();
  ~Canvas();
  Canvas(const Canvas&) = delete;

  /// Everything after this is drawn on a new page.
  void begin_page(double width, double height);

  TextBlock text(std::string_view text, const Style& style, double width) const;
  void draw(const TextBlock& block, double x, double y);
  void draw_line(const TextBlock& block, int line, double x, double y);

  void fill(double x, double y, double width, double height, const Colour& colour, double opacity = 1);
  void frame(double x, double y, double width, double height, const Colour& colour, double line_width);
  struct Point {
    double x = 0, y = 0;
  };
  /// A single point is a dot.
  void stroke(const std::vector<Point>& points, const Colour& colour, double line_width);

  /// The PDF; nothing can be drawn any more.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::publication
