#include "samples/form.h"

#include <fmt/format.h>
#include <array>
#include <cmath>

#include "base/text.h"

namespace korrigo::samples {
namespace {

std::vector<double> row_of_boxes(int count, double pitch) {
  std::vector<double> lefts;
  for (int i = 0; i < count; ++i) lefts.push_back(i * pitch);
  return lefts;
}

// DD/MM/YYYY: two, two and four boxes, a gap between when slashes are printed.
std::vector<double> date_boxes(double pitch, double gap) {
  std::vector<double> lefts;
  for (int i = 0; i < 8; ++i) lefts.push_back(i * pitch + (i >= 2 ? gap : 0) + (i >= 4 ? gap : 0));
  return lefts;
}

// The characters of UTF-8 text, each as its own string.
std::vector<std::string> letters_of(const std::string& text) {
  std::vector<std::string> letters;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) letters.emplace_back();
    letters.back().push_back(c);
  }
  return letters;
}

}  // namespace

Hand invent_hand(Random& random, const FontSet& fonts, bool colour) {
  Hand hand;
  hand.font = static_cast<std::size_t>(random.integer(0, static_cast<int>(fonts.hand_count()) - 1));
  hand.ink.strength = random.chance(0.15) ? random.between(0.45, 0.6) : random.between(0.7, 0.97);
  if (colour && random.chance(0.7)) hand.ink = {0.08, 0.12, random.between(0.45, 0.65), hand.ink.strength};
  hand.slant = random.normal(0.03, 0.06);
  hand.size = random.between(0.85, 1.12);
  hand.jitter = random.between(0.5, 1.4);
  hand.keeps_accents = random.chance(0.4);
  return hand;
}

std::size_t Form::name_boxes() const {
  return fields_.front().boxes.empty() ? 40 : fields_.front().boxes.size();
}

void Form::add_rows(const std::vector<std::string>& labels, int boxes, double left, double top, double step) {
  const double pitch = box_width_ + gap_;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Field field;
    field.label = labels[i];
    field.label_x = 14;
    field.label_y = top + static_cast<double>(i) * step + box_height_ * 0.72;
    field.x = left;
    field.y = top + static_cast<double>(i) * step;
    if (i == 2) {
      field.slashes = gap_ == 0;
      field.boxes = date_boxes(pitch, field.slashes ? 3.2 : 0);
    } else {
      field.boxes = row_of_boxes(boxes, pitch);
    }
    field.width = boxes * pitch;
    add_field(std::move(field));
  }
  bottom_ = top + static_cast<double>(labels.size()) * step + 2;
}

Form Form::invent(Random& random, HeaderLayout layout, const FontSet& fonts) {
  static constexpr std::array kTitles = {"DEVOIR SURVEILLÉ N° 3", "Épreuve de NSI", "Examen blanc — Session de mars",
                                         "CONTRÔLE CONTINU", "BAC BLANC — MATHÉMATIQUES"};
  Form form;
  form.layout_ = layout;
  form.font_ = static_cast<std::size_t>(random.integer(0, static_cast<int>(fonts.print_count()) - 1));
  form.label_size_ = random.between(3.6, 4.4);
  form.label_ink_ = {0, 0, 0, 0.95};
  const double grey = random.between(0.15, 0.7);
  form.box_ink_ = {grey, grey, grey, 1};
  form.line_width_ = random.between(0.2, 0.4);
  form.box_width_ = random.between(5.4, 6.1);
  form.box_height_ = random.between(6.4, 7.4);
  form.title_ = kTitles[static_cast<std::size_t>(random.integer(0, kTitles.size() - 1))];
  form.title_x_ = random.between(30, 80);
  form.title_y_ = 13;
  const bool colons = random.chance(0.6);
  const auto label = [&](const std::string& text) { return colons ? text + " :" : text; };
  const std::vector<std::string> labels = {label("NOM"), label("PRÉNOM"), label("NÉ(E) LE")};
  const double left = random.between(42, 46);
  const double top = 17 + random.between(0, 2);
  switch (layout) {
    case HeaderLayout::boxes:
      if (random.chance(0.3)) form.dash_ = 0.8;
      form.add_rows(labels, random.integer(22, 25), left, top, 10.5);
      break;
    case HeaderLayout::boxes_gaps:
      form.gap_ = 1.4;
      form.box_width_ -= 0.4;
      form.add_rows(labels, 22, left, top, 10.5);
      break;
    case HeaderLayout::ticks:
      form.add_rows(labels, 24, left, top, 10.5);
      break;
    case HeaderLayout::framed:
      form.frame_ = true;
      form.add_rows(labels, 23, left, top + 2, 10.5);
      break;
    case HeaderLayout::plain_line:
      form.add_rows(labels, 22, left, top, 10.5);
      for (Field& field : form.fields_) field.boxes.clear();
      break;
    case HeaderLayout::above: {
      const double pitch = form.box_width_;
      form.add_field({labels[0], 14, 18, 14, 20, row_of_boxes(14, pitch), 14 * pitch, false});
      form.add_field({labels[1], 110, 18, 110, 20, row_of_boxes(15, pitch), 15 * pitch, false});
      form.add_field({labels[2], 14, 36, 14, 38, date_boxes(pitch, 3.2), 8 * pitch + 6.4, true});
      form.add_field({label("CLASSE"), 90, 36, 90, 38, {}, 40, false});
      form.title_y_ = 11;
      form.bottom_ = 48;
      break;
    }
    case HeaderLayout::cmen: {
      // After the national examination paper: a ruled block, thin black boxes, small labels.
      form.font_ = 0;
      form.label_size_ = 3.1;
      form.box_width_ = 5;
      form.box_height_ = 6.2;
      form.line_width_ = 0.2;
      form.box_ink_ = {0, 0, 0, 0.9};
      form.frame_ = true;
      form.title_ = "Modèle CMEN v2";
      form.title_x_ = 14;
      form.title_y_ = 9;
      form.add_field({"Nom de famille :", 14, 16.5, 48, 12, row_of_boxes(28, 5), 140, false});
      form.add_field({"Prénom(s) :", 14, 25.5, 48, 21, row_of_boxes(28, 5), 140, false});
      form.add_field({"Né(e) le :", 118, 34.5, 138, 30, date_boxes(5, 2.6), 45.2, true});
      form.add_field({"Numéro candidat :", 14, 34.5, 48, 30, row_of_boxes(10, 5), 50, false});
      form.bottom_ = 41;
      break;
    }
  }
  return form;
}

void Form::print_boxes(Pen& pen, const Field& field) const {
  pen.ink(box_ink_);
  pen.dashed(dash_, dash_);
  if (field.boxes.empty()) {
    pen.line(field.x, field.y + box_height_, field.x + field.width, field.y + box_height_, line_width_);
  } else if (layout_ == HeaderLayout::ticks) {
    for (std::size_t i = 0; i < field.boxes.size(); ++i) {
      const double x = field.x + field.boxes[i];
      const double y = field.y + box_height_;
      pen.line(x, y, x + box_width_, y, line_width_ * 1.5);
      pen.line(x, y - 2, x, y, line_width_);
      pen.line(x + box_width_, y - 2, x + box_width_, y, line_width_);
    }
  } else {
    for (const double left : field.boxes) pen.rectangle(field.x + left, field.y, box_width_, box_height_, line_width_);
  }
  pen.dashed(0, 0);
}

void Form::print(Pen& pen, const FontSet& fonts) const {
  pen.ink(label_ink_);
  cairo_font_face_t* face = fonts.print(font_);
  pen.text(face, layout_ == HeaderLayout::cmen ? 2.4 : 5, title_x_, title_y_, title_);
  if (frame_) {
    pen.ink(box_ink_);
    pen.rectangle(10, layout_ == HeaderLayout::cmen ? 10.5 : 16, 190,
                  bottom_ - (layout_ == HeaderLayout::cmen ? 10.5 : 16), 0.4);
  }
  for (const Field& field : fields_) {
    pen.ink(label_ink_);
    pen.text(face, label_size_, field.label_x, field.label_y, field.label);
    print_boxes(pen, field);
    if (!field.slashes) continue;
    pen.ink(label_ink_);
    for (const std::size_t before : {std::size_t{2}, std::size_t{4}})
      pen.text(face, 4.6, field.x + field.boxes[before] - 2.4, field.y + box_height_ * 0.75, "/");
  }
}

void Form::write_boxed(Pen& pen, const FontSet& fonts, const Hand& hand, const Field& field, const std::string& text,
                       Random& random) const {
  cairo_font_face_t* face = fonts.hand(hand.font);
  const double capital = pen.capital_height(face);
  const auto letters = letters_of(text);
  for (std::size_t i = 0; i < letters.size() && i < field.boxes.size(); ++i) {
    if (letters[i] == " ") continue;
    const double height = box_height_ * random.between(0.58, 0.72) * hand.size;
    double size = height / capital;
    const double width = pen.text_width(face, size, letters[i]);
    if (width > box_width_ * 0.95) size *= box_width_ * 0.95 / width;
    const double centre = field.x + field.boxes[i] + box_width_ / 2 + random.normal(0, 0.35) * hand.jitter;
    const double base = field.y + box_height_ * 0.5 + size * capital / 2 + random.normal(0.1, 0.35) * hand.jitter;
    pen.text(face, size, centre - pen.text_width(face, size, letters[i]) / 2, base, letters[i], hand.slant,
             random.normal(0, 0.04) * hand.jitter);
  }
}

void Form::write_line(Pen& pen, const FontSet& fonts, const Hand& hand, const Field& field, const std::string& text,
                      Random& random) const {
  cairo_font_face_t* face = fonts.hand(hand.font);
  const double size = 4.6 * hand.size / pen.capital_height(face);
  double x = field.x + random.between(1, 5);
  for (const std::string& letter : letters_of(text)) {
    const double base = field.y + box_height_ - 1.2 + random.normal(0, 0.25) * hand.jitter;
    x += pen.text(face, size * random.between(0.95, 1.05), x, base, letter, hand.slant, 0) + random.between(0.15, 0.6);
  }
}

void Form::fill(Pen& pen, const FontSet& fonts, const Hand& hand, const HeaderText& text, Random& random) const {
  pen.ink(hand.ink);
  const std::array<const std::string*, 3> texts = {&text.nom, &text.prenom, &text.date};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i]->empty()) continue;
    if (!fields_[i].boxes.empty()) {
      write_boxed(pen, fonts, hand, fields_[i], *texts[i], random);
      continue;
    }
    std::string written = *texts[i];
    if (i == 2 && written.size() == 8)
      written = written.substr(0, 2) + "/" + written.substr(2, 2) + "/" + written.substr(4);
    write_line(pen, fonts, hand, fields_[i], written, random);
  }
}

}  // namespace korrigo::samples
