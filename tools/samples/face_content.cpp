#include "samples/face_content.h"

#include <array>
#include <cmath>

namespace korrigo::samples {
namespace {

constexpr std::array kWords = {
    "donc",       "la",      "fonction",   "est",       "croissante", "sur",      "cet",       "intervalle",
    "on",         "pose",    "alors",      "soit",      "la",         "suite",    "converge",  "vers",
    "une",        "limite",  "finie",      "d'après",   "le",         "théorème", "car",       "par",
    "récurrence", "il",      "existe",     "un",        "réel",       "tel",      "que",       "x",
    "=",          "2",       "3x",         "f(x)",      "dérivée",    "positive", "hypothèse", "vérifiée",
    "au",         "rang",    "n",          "n + 1",     "ensemble",   "des",      "solutions", "vecteur",
    "plan",       "droite",  "équation",   "parallèle", "en",         "effet",    "puisque",   "ainsi",
    "conclusion", "5,2",     "17",         "km",        "l'auteur",   "montre",   "dans",      "ce",
    "texte",      "comment", "personnage", "exprime",   "sentiment",  "nature",   "société"};

void draw_ruling(Pen& pen, const Paper& paper, bool header) {
  pen.ink(paper.ruling);
  const double first = header ? paper.first_line : 30;
  for (double y = first; y < 285; y += paper.line_step) {
    pen.line(0, y, kFaceWidth, y, 0.18);
    if (!paper.seyes) continue;
    for (const double part : {2.0, 4.0, 6.0}) pen.line(0, y + part, kFaceWidth, y + part, 0.08);
  }
  if (paper.seyes)
    for (double x = paper.margin + 8; x < kFaceWidth; x += 8) pen.line(x, first, x, 285, 0.1);
  pen.ink(paper.margin_ink);
  pen.line(paper.margin, header ? paper.first_line - 8 : 0, paper.margin, kFaceHeight, 0.25);
}

void draw_sketch(Pen& pen, const Hand& hand, double x, double y, Random& random) {
  pen.ink(hand.ink);
  pen.line(x, y, x + 55, y + random.between(-1, 1), 0.4);
  pen.line(x + 4, y + 4, x + 4 + random.between(-1, 1), y - 36, 0.4);
  cairo_t* cairo = pen.cairo();
  cairo_move_to(cairo, x + 4, y - random.between(2, 20));
  cairo_curve_to(cairo, x + 20, y - random.between(0, 50), x + 34, y + random.between(-20, 10), x + 54,
                 y - random.between(4, 34));
  cairo_stroke(cairo);
}

// Lines of writing on the ruling: paragraphs, a ragged right edge, crossings-out, now and then a sketch.
void write_work(Pen& pen, const FontSet& fonts, const Paper& paper, const Hand& hand, bool header, Random& random) {
  cairo_font_face_t* face = fonts.hand(hand.font);
  const double base_size = 4.6 * hand.size;
  const std::array sizes = {base_size * 0.94, base_size, base_size * 1.07};
  double y = (header ? paper.first_line : 30) + paper.line_step;
  const double last = 282 - random.between(0, 1) * random.between(0, 150);
  while (y < last) {
    if (random.chance(0.05) && y < 230) {
      draw_sketch(pen, hand, paper.margin + 30, y + 34, random);
      y += 5 * paper.line_step;
      continue;
    }
    if (random.chance(0.1)) {  // an exercise's number in the margin
      pen.ink(hand.ink);
      pen.text(face, base_size, paper.margin - 22, y - 1, random.chance(0.5) ? "Ex 2" : "3)", hand.slant);
    }
    double x = paper.margin + 3 + (random.chance(0.12) ? 10 : 0) + random.between(0, 1.5);
    const double end = kFaceWidth - (random.chance(0.2) ? random.between(40, 120) : random.between(4, 16));
    pen.ink(hand.ink);
    while (x < end) {
      const std::string word = kWords[static_cast<std::size_t>(random.integer(0, kWords.size() - 1))];
      const double size = sizes[static_cast<std::size_t>(random.integer(0, 2))];
      const double wide = pen.text_width(face, size, word);
      if (x + wide > kFaceWidth - 3) break;
      pen.text(face, size, x, y - 0.9 + random.normal(0, 0.25), word, hand.slant);
      if (random.chance(0.02)) pen.line(x, y - 2.3, x + wide, y - 2 + random.between(-0.6, 0.6), 0.4);
      x += wide + random.between(1.6, 3);
    }
    y += paper.line_step * (random.chance(0.1) ? 2 : 1);
  }
}

// The questions of one page of the subject: the same words in the same places on every copy.
void print_questions(Pen& pen, const FontSet& fonts, const Paper& paper, const FaceContent& content) {
  constexpr double kSize = 3.4;
  Random random(static_cast<std::uint64_t>(content.printed_page));
  cairo_font_face_t* face = fonts.print(0);
  pen.ink({0, 0, 0, 0.95});
  for (double y = content.header ? paper.first_line + 4 : 22; y < 280; y += random.between(24, 48)) {
    double x = pen.text(face, kSize, 14, y, std::to_string(random.integer(1, 9)) + ")") + 17;
    const double end = random.between(110, 195);
    while (x < end) {
      const std::string word = kWords[static_cast<std::size_t>(random.integer(0, kWords.size() - 1))];
      x += pen.text(face, kSize, x, y, word) + 1.1;
    }
  }
}

}  // namespace

Paper invent_paper(Random& random, bool colour) {
  Paper paper;
  paper.seyes = random.chance(0.4);
  paper.first_line = random.between(60, 66);
  paper.margin = random.between(28, 40);
  paper.holes = random.chance(0.4);
  const double strength = random.between(0.12, 0.4);
  paper.ruling = colour ? Ink{0.45, 0.55, 0.85, strength + 0.2} : Ink{0, 0, 0, strength};
  paper.margin_ink = colour ? Ink{0.85, 0.3, 0.35, 0.6} : Ink{0, 0, 0, strength + 0.1};
  return paper;
}

void draw_face(Pen& pen, const FontSet& fonts, const Paper& paper, const Form& form, const FaceContent& content) {
  Random random(content.seed);
  draw_ruling(pen, paper, content.header);
  if (paper.holes) {
    pen.ink({0, 0, 0, 1});
    for (const double y : {108.0, 188.0}) pen.disc(9, y, 3);
  }
  if (content.header) {
    form.print(pen, fonts);
    form.fill(pen, fonts, *content.hand, content.text, random);
  }
  if (content.printed_page > 0) print_questions(pen, fonts, paper, content);
  if (!content.blank && content.hand != nullptr) write_work(pen, fonts, paper, *content.hand, content.header, random);
}

}  // namespace korrigo::samples
