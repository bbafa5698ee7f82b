#include "publication/final_pdf.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "pdf/render.h"
#include "support/pdf_factory.h"

namespace korrigo::publication {
namespace {

using imaging::GrayImage;

constexpr int kDpi = 72;

FinalCopy a_copy() {
  FinalCopy copy;
  copy.id = CopyId(make_uuid_v4());
  copy.anonymous_id = "A001";
  copy.student = "Ada LOVELACE, T1";
  copy.exam_name = "Maths";
  copy.date = "03/02/2026";
  copy.structure.questions = {{"ex1", "Exercice 1", 1200, false, {}, {{"q1", "a", 1200}}}, {"ex2", "Exercice 2", 800}};
  copy.marks = {{{"q1", 1175}}, 1175, 2000, {"ex2"}};
  return copy;
}

grading::Annotation annotation(grading::AnnotationType type, int page, grading::AnnotationBox box,
                               std::string content = "") {
  grading::Annotation made;
  made.id = grading::AnnotationId(make_uuid_v4());
  made.type = type;
  made.page_index = page;
  made.box = box;
  made.content = std::move(content);
  return made;
}

class FinalPdf : public testing::Test {
 protected:
  void SetUp() override {
    // A white sheet that lies as its /Rotate wants it to be stored.
    std::vector<testing_support::PicturePage> pages;
    for (const int rotate : {0, 90, 180, 270}) {
      const bool lying = rotate % 180 != 0;
      pages.push_back(testing_support::jpeg_page(GrayImage(lying ? 2340 : 1654, lying ? 1654 : 2340, 255), rotate));
    }
    write_file(base, testing_support::make_pdf(pages));
  }
  void write(const FinalCopy& copy) {
    const auto written = write_final_pdf(overlayer, copy, base, true, made);
    ASSERT_TRUE(written) << written.error().code << " " << written.error().detail;
  }
  /// left, top, right, bottom of what is drawn on a page, as parts of it.
  std::array<double, 4> edges(int page) {
    const pdf::PageSize size = overlayer.open(made).value().at(static_cast<std::size_t>(page));
    const int width = static_cast<int>(std::lround(size.width)), height = static_cast<int>(std::lround(size.height));
    const UniqueFd fd = open_for_reading(made);
    const auto picture = pdf::render_page(fd.get(), page, kDpi, width, height, std::nullopt, {});
    EXPECT_TRUE(picture);
    std::array<double, 4> found{1, 1, 0, 0};
    for (int y = 0; y < picture->height(); ++y)
      for (int x = 0; x < picture->width(); ++x) {
        if (picture->at(x, y) > 200) continue;
        found[0] = std::min(found[0], static_cast<double>(x) / width);
        found[1] = std::min(found[1], static_cast<double>(y) / height);
        found[2] = std::max(found[2], static_cast<double>(x + 1) / width);
        found[3] = std::max(found[3], static_cast<double>(y + 1) / height);
      }
    return found;
  }

  TempFolder folder;
  std::filesystem::path base = folder.path() / "base.pdf", made = folder.path() / "final.pdf";
  pdf::Overlayer overlayer;
};

TEST_F(FinalPdf, boxes_land_where_they_were_drawn_on_pages_turned_any_way) {
  FinalCopy copy = a_copy();
  for (int page = 0; page < 4; ++page)
    copy.annotations.push_back(annotation(grading::AnnotationType::comment, page, {0.2, 0.3, 0.4, 0.1}));
  write(copy);
  for (int page = 0; page < 4; ++page) {
    const auto found = edges(page);
    const std::array<double, 4> wanted{0.2, 0.3, 0.6, 0.4};
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(found[i], wanted[i], 2.0 / 595) << "page " << page << ", edge " << i;
  }
}

TEST_F(FinalPdf, has_the_summary_behind_and_takes_any_text) {
  FinalCopy copy = a_copy();
  copy.appreciation = std::string(9'000, 'm') + "\n\u202e\x01 \U0001F642 ß";
  copy.annotations.push_back(
      annotation(grading::AnnotationType::comment, 3, {0.9, 0.9, 0.1, 0.1}, std::string(500, 'w')));
  copy.annotations.push_back(
      annotation(grading::AnnotationType::ink, 3, {0, 0, 1, 1}, R"({"strokes": [[[0.5, 0.5]]]})"));
  write(copy);
  EXPECT_GT(overlayer.open(made).value().size(), 5U) << "one page is too short for this appreciation";
}

TEST_F(FinalPdf, refuses_what_is_no_pdf) {
  const FinalCopy copy = a_copy();
  EXPECT_EQ(write_final_pdf(overlayer, copy, folder.path() / "none.pdf", true, made).error().code, "overlay.missing");
  write_file(base, "no PDF at all");
  EXPECT_EQ(write_final_pdf(overlayer, copy, base, true, made).error().code, "overlay.damaged");
}

}  // namespace
}  // namespace korrigo::publication
