#include "support/header_factory.h"

#include <cairo.h>
#include <fmt/format.h>
#include <array>
#include <numbers>

#include "base/text.h"
#include "samples/people.h"

namespace korrigo::testing_support {

using imaging::GrayImage;
using samples::HeaderLayout;

DrawnForm::DrawnForm(HeaderLayout layout, std::uint64_t seed)
    : fonts_(samples::FontSet::load().value()),
      random_(seed),
      form_(samples::Form::invent(random_, layout, fonts_)),
      hand_(samples::invent_hand(random_, fonts_, false)) {}

GrayImage DrawnForm::empty(const Lie& lie) {
  return scanned(lie, [](samples::Pen&) {});
}

GrayImage DrawnForm::filled(const samples::HeaderText& text, const Lie& lie) {
  const samples::Hand hand = samples::invent_hand(random_, fonts_, false);
  return scanned(lie, [&](samples::Pen& pen) { form_.fill(pen, fonts_, hand, text, random_); });
}

GrayImage DrawnForm::writing(const samples::HeaderText& text) {
  Random steady(5);
  samples::Hand hand = hand_;
  hand.ink = {};
  hand.jitter = 0;
  return drawn({}, [&](samples::Pen& pen) { form_.fill(pen, fonts_, hand, text, steady); });
}

Lie DrawnForm::small_lie() {
  return {random_.between(-0.2, 0.2), random_.between(-3, 3), random_.between(-2, 2)};
}

samples::HeaderText DrawnForm::invented_text() {
  const samples::Person person = samples::invent_people(random_, 1, false).front();
  const Date& date = person.date_naissance;
  return {fold_name(person.nom), fold_name(person.prenom),
          fmt::format("{:02}{:02}{:04}", date.day, date.month, date.year)};
}

GrayImage DrawnForm::drawn(const Lie& lie, const Draw& draw) const {
  const int width = static_cast<int>(kWidth * kScale);
  const int height = static_cast<int>(kHeight * kScale);
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
  cairo_t* cairo = cairo_create(surface);
  cairo_scale(cairo, kScale, kScale);
  cairo_translate(cairo, kWidth / 2 + lie.right, kHeight / 2 + lie.down);
  cairo_rotate(cairo, lie.degrees * std::numbers::pi / 180);
  cairo_translate(cairo, -kWidth / 2, -kHeight / 2);
  samples::Pen pen(cairo);
  draw(pen);
  cairo_surface_flush(surface);
  GrayImage picture(width, height);
  const int stride = cairo_image_surface_get_stride(surface);
  const unsigned char* ink = cairo_image_surface_get_data(surface);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) picture.row(y)[x] = static_cast<std::uint8_t>(255 - ink[y * stride + x]);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return picture;
}

GrayImage DrawnForm::scanned(const Lie& lie, const Draw& fill) {
  GrayImage picture = drawn(lie, [&](samples::Pen& pen) {
    form_.print(pen, fonts_);
    fill(pen);
  });
  for (std::uint8_t& tone : picture.pixels())
    tone = static_cast<std::uint8_t>(30 + tone * 213 / 255 + random_.integer(-3, 3));
  return picture;
}

const std::vector<HeaderLayout>& all_layouts() {
  static const std::vector<HeaderLayout> layouts = {
      HeaderLayout::boxes,  HeaderLayout::boxes_gaps, HeaderLayout::ticks, HeaderLayout::above,
      HeaderLayout::framed, HeaderLayout::plain_line, HeaderLayout::cmen};
  return layouts;
}

std::string name_of(HeaderLayout layout) {
  constexpr std::array kNames = {"boxes", "boxes_gaps", "ticks", "above", "framed", "plain_line", "cmen"};
  return kNames[static_cast<std::size_t>(layout)];
}

}  // namespace korrigo::testing_support
