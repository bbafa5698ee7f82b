#include "publication/summary.h"

#include <fmt/format.h>

#include "exams/total.h"
#include "publication/french.h"

namespace korrigo::publication {
namespace {

constexpr double kWidth = 595.276, kHeight = 841.89;  // A4
constexpr double kMargin = 51;
constexpr double kInner = kWidth - 2 * kMargin;
constexpr double kPointsWidth = 90;
constexpr double kStep = 12;  // indent of a level
constexpr Colour kBlack{0.10, 0.10, 0.12}, kGrey{0.38, 0.38, 0.42}, kRule{0.80, 0.80, 0.84}, kAccent{0.10, 0.30, 0.70};

// Goes down the page, and to a new one where a line does not fit any more.
class Writer {
 public:
  Writer(Canvas& canvas, std::string foot) : canvas_(canvas), foot_(std::move(foot)) { new_page(); }

  void space(double height) { y_ += height; }
  void rule() {
    ensure(4);
    canvas_.stroke({{kMargin, y_}, {kMargin + kInner, y_}}, kRule, 0.6);
    y_ += 4;
  }
  void paragraph(const std::string& text, const Style& style, double indent = 0) {
    const TextBlock block = canvas_.text(text, style, kInner - indent);
    for (int line = 0; line < block.lines(); ++line) {
      const double height = block.line_height(line);
      ensure(height);
      canvas_.draw_line(block, line, kMargin + indent, y_);
      y_ += height;
    }
  }
  /// A label that may run over several lines, and a figure at the end of its first one.
  void row(const std::string& label, const std::string& figure, const Style& style, double indent) {
    const TextBlock left = canvas_.text(label, style, kInner - indent - kPointsWidth);
    const TextBlock right = canvas_.text(figure, style, kPointsWidth);
    for (int line = 0; line < left.lines(); ++line) {
      const double height = left.line_height(line);
      ensure(height);
      canvas_.draw_line(left, line, kMargin + indent, y_);
      if (line == 0) canvas_.draw_line(right, 0, kMargin + kInner - right.width(), y_);
      y_ += height;
    }
  }

 private:
  void new_page() {
    canvas_.begin_page(kWidth, kHeight);
    const TextBlock foot = canvas_.text(fmt::format("{} \u2013 {}", foot_, ++page_), {8, false, kGrey}, kInner);
    canvas_.draw(foot, kMargin, kHeight - kMargin + 14);
    y_ = kMargin;
  }
  void ensure(double height) {
    if (y_ + height > kHeight - kMargin) new_page();
  }

  Canvas& canvas_;
  std::string foot_;
  double y_ = 0;
  int page_ = 0;
};

class Summary {
 public:
  Summary(Canvas& canvas, const FinalCopy& copy, const std::string& owner)
      : copy_(copy), writer_(canvas, fmt::format("Synthèse, copie {}", copy.anonymous_id)) {
    writer_.paragraph(copy.exam_name, {17, true, kBlack});
    writer_.paragraph(fmt::format("{}{}{}", copy.subject, copy.subject.empty() ? "" : ", ", copy.date),
                      {10, false, kGrey});
    writer_.space(8);
    writer_.paragraph(owner, {12, true, kBlack});
    writer_.space(6);
    writer_.paragraph(
        fmt::format("Total : {} / {}", french_points(copy.marks.total), french_points(copy.marks.maximum)),
        {20, true, kAccent});
    writer_.space(8);
  }

  void questions() {
    writer_.rule();
    for (const exams::Question& question : copy_.structure.questions) add(question, 0);
    if (copy_.structure.is_empty())
      for (const auto& [id, points] : copy_.marks.scores) {
        writer_.row(id, french_points(points), {10, false, kBlack}, 0);
        remark(id, 0);
      }
    std::vector<exams::Delta> deltas;
    for (const grading::Annotation& annotation : copy_.annotations)
      if (annotation.score_delta) deltas.push_back({annotation.question_id, *annotation.score_delta});
    if (const auto added = exams::added_points(copy_.structure, copy_.marks.scores, deltas); added != 0)
      writer_.row("Points des annotations", signed_points(added), {10, false, kBlack}, 0);
    writer_.space(3);
    writer_.rule();
  }

  void appreciation() {
    if (copy_.appreciation.empty()) return;
    heading("Appréciation");
    writer_.paragraph(copy_.appreciation, {10.5, false, kBlack});
  }

  void long_texts(const std::vector<LongText>& texts) {
    if (texts.empty()) return;
    heading("Commentaires longs");
    for (const LongText& text : texts) {
      writer_.paragraph(fmt::format("[{}] Page {}", text.number, text.page + 1), {9, true, kGrey});
      writer_.paragraph(text.text, {10, false, kBlack}, kStep);
      writer_.space(4);
    }
  }

 private:
  void heading(const std::string& text) {
    writer_.space(10);
    writer_.paragraph(text, {12, true, kAccent});
    writer_.space(3);
  }

  void add(const exams::Question& question, int level) {
    const bool scored = !question.is_leaf() || copy_.marks.scores.contains(question.id);
    const std::string had = scored ? french_points(exams::value_of(question, copy_.marks.scores)) : "\u2013";
    std::string label = question.label;
    if (question.bonus) label += " (bonus)";
    if (question.best) label += fmt::format(" (les {} meilleurs comptent)", *question.best);
    if (level == 0) writer_.space(4);
    writer_.row(label, fmt::format("{} / {}", had, french_points(question.points)),
                {level == 0 ? 10.5 : 10.0, level == 0, kBlack}, level * kStep);
    remark(question.id, level);
    for (const exams::Question& child : question.children) add(child, level + 1);
  }

  void remark(const std::string& question, int level) {
    for (const grading::Remark& remark : copy_.remarks)
      if (remark.question_id == question && !remark.remark.empty())
        writer_.paragraph(remark.remark, {9, false, kAccent}, (level + 1) * kStep);
  }

  const FinalCopy& copy_;
  Writer writer_;
};

}  // namespace

void draw_summary(Canvas& canvas, const FinalCopy& copy, const std::string& owner,
                  const std::vector<LongText>& long_texts) {
  Summary summary(canvas, copy, owner);
  summary.questions();
  summary.appreciation();
  summary.long_texts(long_texts);
}

}  // namespace korrigo::publication
