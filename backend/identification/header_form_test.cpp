#include "identification/header_form.h"

#include <gtest/gtest.h>
#include <set>

#include "support/header_factory.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;
using ocr::FieldKind;
using samples::HeaderLayout;
using samples::HeaderText;
using testing_support::DrawnForm;

constexpr int kHeaders = 9;
constexpr std::array kKinds = {FieldKind::last_name, FieldKind::first_name, FieldKind::birth_date};

ocr::Tesseract& engine() {
  static ocr::Tesseract one = ocr::Tesseract::make().value();
  return one;
}

const FormField* field_of(const HeaderForm& form, FieldKind kind) {
  for (const FormField& field : form.fields)
    if (field.kind == kind) return &field;
  return nullptr;
}

// A form with the headers it was learned from.
struct Learned {
  explicit Learned(HeaderLayout layout) : drawn(layout, 40 + static_cast<std::uint64_t>(layout)) {
    for (int i = 0; i < kHeaders; ++i) {
      texts.push_back(drawn.invented_text());
      // Places are compared with the first header's, which therefore lies straight.
      headers.push_back(drawn.filled(texts.back(), i == 0 ? testing_support::Lie{} : drawn.small_lie()));
    }
    form = understand_form(learn_print(headers), true, engine());
  }

  DrawnForm drawn;
  std::vector<HeaderText> texts;
  std::vector<GrayImage> headers;
  std::optional<HeaderForm> form;
};

class EveryLayout : public ::testing::TestWithParam<HeaderLayout> {
 protected:
  // Learning takes seconds under sanitizers: once for all tests of a layout.
  static Learned& learned() {
    static std::map<HeaderLayout, std::unique_ptr<Learned>> all;
    auto& one = all[GetParam()];
    if (!one) one = std::make_unique<Learned>(GetParam());
    return *one;
  }
};

std::string layout_name(const ::testing::TestParamInfo<HeaderLayout>& layout) {
  return testing_support::name_of(layout.param);
}
// With boxes. On a plain line the slashes that are printed for a date still pass for writing.
std::vector<HeaderLayout> boxed_layouts() {
  std::vector<HeaderLayout> layouts = testing_support::all_layouts();
  std::erase(layouts, HeaderLayout::plain_line);
  return layouts;
}
INSTANTIATE_TEST_SUITE_P(Forms, EveryLayout, ::testing::ValuesIn(boxed_layouts()), layout_name);

long ink_in(const GrayImage& writing, const PixelRect& rect) {
  long pixels = 0;
  const PixelRect part = rect.intersected(writing.bounds());
  for (int y = part.y; y < part.bottom(); ++y)
    for (int x = part.x; x < part.right(); ++x) pixels += writing.at(x, y) < 128;
  return pixels;
}

TEST_P(EveryLayout, is_learned_with_its_fields_where_writers_write) {
  Learned& all = learned();
  ASSERT_TRUE(all.form);
  const std::string name(all.drawn.room(), 'H');
  const std::array<HeaderText, 3> texts = {HeaderText{name, "", ""}, HeaderText{"", name, ""},
                                           HeaderText{"", "", "11111111"}};
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const FormField* field = field_of(*all.form, kKinds[i]);
    ASSERT_NE(field, nullptr) << ocr::to_string(kKinds[i]);
    EXPECT_FALSE(field->boxes.empty()) << ocr::to_string(kKinds[i]);
    const GrayImage writing = all.drawn.writing(texts[i]);
    EXPECT_GT(20 * ink_in(writing, field->area), 19 * ink_in(writing, writing.bounds())) << ocr::to_string(kKinds[i]);
    EXPECT_EQ(all.form->extent.intersected(field->area), field->area.intersected(writing.bounds()));
  }
}

TEST_P(EveryLayout, has_one_box_for_every_letter) {
  Learned& all = learned();
  ASSERT_TRUE(all.form);
  const std::string name(all.drawn.room(), 'H');
  const GrayImage writing = all.drawn.writing({name, name, "11111111"});
  for (const FieldKind kind : kKinds) {
    const FormField* field = field_of(*all.form, kind);
    ASSERT_NE(field, nullptr);
    const std::size_t fewest = kind == FieldKind::birth_date ? 8 : name.size();
    EXPECT_GE(field->boxes.size(), fewest) << ocr::to_string(kind);
    EXPECT_LE(field->boxes.size(), fewest + (kind == FieldKind::first_name ? 1 : 0)) << ocr::to_string(kind);
    for (std::size_t i = 0; i < field->boxes.size(); ++i) {
      // First names have a box more on some forms: nothing was written there.
      if (i < name.size()) {
        EXPECT_GT(ink_in(writing, field->boxes[i]), 60) << ocr::to_string(kind) << " " << i;
      }
      if (i == 0) continue;
      EXPECT_GE(field->boxes[i].x, field->boxes[i - 1].right() - 4) << ocr::to_string(kind) << " " << i;
    }
  }
}

// Length of the longest common subsequence.
std::size_t shared_letters(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1, 0);
  for (const char c : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = c == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row.back();
}

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '/'; });
  return text;
}

TEST_P(EveryLayout, is_read_to_at_least_half_of_its_letters) {
  Learned& all = learned();
  ASSERT_TRUE(all.form);
  std::size_t letters = 0, right = 0;
  for (std::size_t i = 0; i < all.headers.size(); ++i) {
    const ReadHeader read = read_header(all.headers[i], *all.form, engine());
    EXPECT_GT(read.registration, 0.3) << i;
    const std::array<std::string, 3> written = {all.texts[i].nom, all.texts[i].prenom, all.texts[i].date};
    ASSERT_EQ(read.areas.size(), read.reading.fields.size());
    std::set<FieldKind> seen;
    for (const ocr::FieldReading& field : read.reading.fields) {
      const auto kind = std::find(kKinds.begin(), kKinds.end(), field.kind);
      // The most trusted engine's word comes first.
      if (kind == kKinds.end() || !seen.insert(field.kind).second) continue;
      EXPECT_TRUE(field.has_ink) << i << " " << ocr::to_string(field.kind);
      EXPECT_TRUE(field.boxed);
      const std::string text = without_spaces(written[static_cast<std::size_t>(kind - kKinds.begin())]);
      letters += text.size();
      right += shared_letters(text, without_spaces(field.text));
    }
  }
  RecordProperty("letters", static_cast<int>(letters));
  RecordProperty("right", static_cast<int>(right));
  EXPECT_GE(2 * right, letters) << right << " of " << letters;
}

TEST_P(EveryLayout, says_which_fields_were_left_empty) {
  Learned& all = learned();
  ASSERT_TRUE(all.form);
  const HeaderText whole{"MARTIN", "LOUISE", "24062008"};
  for (std::size_t empty = 0; empty < kKinds.size(); ++empty) {
    HeaderText text = whole;
    (empty == 0 ? text.nom : empty == 1 ? text.prenom : text.date).clear();
    const ReadHeader read = read_header(all.drawn.filled(text, all.drawn.small_lie()), *all.form, engine());
    for (const ocr::FieldReading& field : read.reading.fields) {
      EXPECT_EQ(field.has_ink, field.kind != kKinds[empty]) << ocr::to_string(field.kind) << ", empty " << empty;
      if (field.has_ink) continue;
      EXPECT_TRUE(field.letters.empty() && field.text.empty());
    }
  }
}

TEST(HeaderForm, is_understood_from_a_single_filled_header) {
  DrawnForm drawn(HeaderLayout::boxes, 3);
  const auto form = understand_form(drawn.filled({"MARTIN", "LOUISE", "24062008"}), false, engine());
  ASSERT_TRUE(form);
  EXPECT_FALSE(form->print_is_clean);
  EXPECT_EQ(form->origin, "single");
  for (const FieldKind kind : kKinds) EXPECT_NE(field_of(*form, kind), nullptr) << ocr::to_string(kind);
}

// One unbroken row of boxes where two fields were.
GrayImage with_one_row(GrayImage picture, const FormField& left, const FormField& right) {
  const PixelRect row = left.area.united(right.area);
  const int pitch = left.boxes[1].x - left.boxes[0].x;
  const PixelRect around = row.grown(6).intersected(picture.bounds());
  for (int y = around.y; y < around.bottom(); ++y) std::fill_n(picture.row(y) + around.x, around.width, 240);
  for (int y = row.y; y < row.bottom(); ++y)
    for (int x = row.x; x + 3 < row.right(); x += pitch) std::fill_n(picture.row(y) + x, 3, 90);
  for (const int y : {row.y, row.bottom() - 3})
    for (int line = 0; line < 3; ++line)
      std::fill_n(picture.row(y + line) + row.x, (row.width - 3) / pitch * pitch + 3, 90);
  return picture;
}

TEST(HeaderForm, gives_both_labels_above_one_row_of_boxes_their_part_of_it) {
  DrawnForm drawn(HeaderLayout::above, 7);
  const GrayImage apart = drawn.empty();
  const auto form = understand_form(apart, true, engine());
  ASSERT_TRUE(form && field_of(*form, FieldKind::last_name) && field_of(*form, FieldKind::first_name));
  const GrayImage joined =
      with_one_row(apart, *field_of(*form, FieldKind::last_name), *field_of(*form, FieldKind::first_name));
  const auto found = understand_form(joined, true, engine());
  ASSERT_TRUE(found);
  for (const FieldKind kind : {FieldKind::last_name, FieldKind::first_name}) {
    ASSERT_NE(field_of(*found, kind), nullptr) << ocr::to_string(kind);
    EXPECT_GE(field_of(*found, kind)->boxes.size(), 12U) << ocr::to_string(kind);
  }
  EXPECT_LE(field_of(*found, FieldKind::last_name)->area.right(), field_of(*found, FieldKind::first_name)->area.x + 4);
}

TEST(HeaderForm, is_none_where_nothing_asks_for_a_name) {
  EXPECT_FALSE(understand_form(GrayImage(2480, 827), true, engine()));
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 300}, {300, 7}, {40, 40}})
    EXPECT_FALSE(understand_form(GrayImage(width, height), false, engine())) << width << " x " << height;
  DrawnForm drawn(HeaderLayout::boxes, 4);
  // The lower part of the strip: boxes and lines may show, labels do not.
  const GrayImage below = imaging::cropped(drawn.empty(), {0, 600, 2480, 227});
  EXPECT_FALSE(understand_form(below, true, engine()));
}

// Upright bars of ink as high as letters, each set of its own.
void draw_bars(GrayImage& picture, Random random, PixelRect area, int nearest, int farthest) {
  for (int x = area.x; x + 8 < area.right(); x += random.integer(nearest, farthest))
    for (int y = area.y; y < area.bottom(); ++y) std::fill_n(picture.row(y) + x, 5, std::uint8_t{20});
}

// Three labels, each with a long line that something large is written on, `right` of where the form has them.
GrayImage written_on_lines(std::optional<std::uint64_t> writing, int right) {
  GrayImage picture(2480, 531);
  for (const int row : {188, 317, 446}) {
    draw_bars(picture, Random(static_cast<std::uint64_t>(row)), {216 + right, row - 58, 180, 32}, 12, 40);
    for (int y = row; y < row + 3; ++y) std::fill_n(picture.row(y) + 500 + right, 1500, std::uint8_t{20});
    if (!writing) continue;
    // Hands are alike in how far apart their strokes are, not in where the first one is.
    Random hand(*writing + static_cast<std::uint64_t>(row));
    draw_bars(picture, hand.fork(), {520 + right + hand.integer(0, 30), row - 95, 700, 90}, 24, 36);
  }
  return picture;
}

TEST(HeaderForm, on_lines_is_learned_sharp_whatever_was_written_on_them) {
  std::vector<GrayImage> headers;
  for (const int right : {0, 11, 3, -4, -9, 16, 8, -3, 13})
    headers.push_back(written_on_lines(1000 * (headers.size() + 1), right));
  const GrayImage print = learn_print(headers);
  const GrayImage clean = written_on_lines(std::nullopt, 0);
  const PixelRect labels{180, 100, 260, 400};
  long best = 0;
  for (int right = -12; right <= 12; ++right) {
    long both = 0;
    for (int y = labels.y; y < labels.bottom(); ++y)
      for (int x = labels.x; x < labels.right(); ++x) both += clean.at(x, y) < 128 && print.at(x + right, y) < 128;
    best = std::max(best, both);
  }
  EXPECT_GT(10 * best, 9 * ink_in(clean, labels));
}

TEST(HeaderForm, learned_from_blank_or_tiny_pictures_is_blank) {
  for (const auto& [width, height] : {std::pair{1, 1}, {40, 40}, {2480, 827}}) {
    const std::vector<GrayImage> headers(5, GrayImage(width, height));
    const GrayImage print = learn_print(headers);
    EXPECT_EQ(print.bounds(), headers.front().bounds());
    EXPECT_TRUE(std::all_of(print.pixels().begin(), print.pixels().end(), [](std::uint8_t t) { return t == 255; }));
  }
}

TEST(HeaderForm, is_not_read_from_a_picture_that_does_not_show_it) {
  DrawnForm drawn(HeaderLayout::boxes, 6);
  const auto form = understand_form(drawn.empty(), true, engine());
  ASSERT_TRUE(form);
  for (const auto& [width, height] : {std::pair{1, 1}, {40, 40}, {2480, 827}, {3600, 300}}) {
    const ReadHeader read = read_header(GrayImage(width, height), *form, engine());
    EXPECT_LT(read.registration, 0.25);
    for (const ocr::FieldReading& field : read.reading.fields) EXPECT_FALSE(field.has_ink);
  }
}

}  // namespace
}  // namespace korrigo::identification
