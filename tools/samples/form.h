/// The printed header of a batch, and how a student fills it in.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "samples/fonts.h"
#include "samples/pen.h"
#include "samples/samples.h"

namespace korrigo::samples {

/// What a student writes into the header, field by field; empty fields stay empty.
struct HeaderText {
  std::string nom, prenom, date;  // date: eight digits DDMMYYYY
};

/// How a student writes.
struct Hand {
  std::size_t font = 0;
  Ink ink;
  double slant = 0;   // shear
  double size = 1;    // of capitals, relative to the usual
  double jitter = 1;  // how unevenly
  bool keeps_accents = false;
};
Hand invent_hand(Random& random, const FontSet& fonts, bool colour);

/// One printed form; all headers of a batch show the same.
class Form {
 public:
  static Form invent(Random& random, HeaderLayout layout, const FontSet& fonts);

  /// Millimetres from the face's top-left; everything lies within the upper 55 mm.
  void print(Pen& pen, const FontSet& fonts) const;
  void fill(Pen& pen, const FontSet& fonts, const Hand& hand, const HeaderText& text, Random& random) const;

  double bottom() const { return bottom_; }
  /// Letters of a name beyond its boxes are not written.
  std::size_t name_boxes() const;

 private:
  struct Field {
    std::string label;
    double label_x = 0, label_y = 0;  // baseline
    double x = 0, y = 0;              // top-left of the first box, or start of the line
    std::vector<double> boxes;        // left edges relative to x; empty: a plain line of `width`
    double width = 0;
    bool slashes = false;
  };

  void add_field(Field field) { fields_.push_back(std::move(field)); }
  void add_rows(const std::vector<std::string>& labels, int boxes, double left, double top, double step);
  void print_boxes(Pen& pen, const Field& field) const;
  void write_boxed(Pen& pen, const FontSet& fonts, const Hand& hand, const Field& field, const std::string& text,
                   Random& random) const;
  void write_line(Pen& pen, const FontSet& fonts, const Hand& hand, const Field& field, const std::string& text,
                  Random& random) const;

  HeaderLayout layout_ = HeaderLayout::boxes;
  std::vector<Field> fields_;  // nom, prenom, date first, in this order
  std::size_t font_ = 0;
  double label_size_ = 4;
  double box_width_ = 6, box_height_ = 7, gap_ = 0;
  double line_width_ = 0.25;
  Ink box_ink_, label_ink_;
  double dash_ = 0;
  std::string title_;
  double title_x_ = 0, title_y_ = 0;
  bool frame_ = false;
  double bottom_ = 50;
};

}  // namespace korrigo::samples
