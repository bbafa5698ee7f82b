#include "identification/header_form.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "identification/combs.h"
#include "identification/labels.h"
#include "identification/registration.h"
#include "imaging/lines.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

// Pixels at kFormDpi.
constexpr int kLineAbove = 108;  // writing above a plain line: 9 mm
constexpr int kLineBelow = 16;
constexpr int kShortestLine = 260;  // 22 mm
constexpr int kFarBelow = 90;       // from a label to the boxes under it
constexpr int kFarLeft = 30;        // that those begin before it
constexpr int kMargin = 14;

// Where each label's field may lie: what is printed on the form, minus what was given to another label.
class FieldFinder {
 public:
  FieldFinder(const GrayImage& ink, std::vector<Comb> combs, std::vector<Label> labels)
      : labels_(std::move(labels)), combs_(std::move(combs)), width_(ink.width()) {
    for (const Comb& comb : combs_) taken_.emplace_back(comb.boxes.size(), false);
    imaging::LineOptions options;
    options.max_gap = 24;
    options.least_cover = 0.3;
    lines_ = imaging::find_lines(ink, true, kShortestLine, options);
  }

  std::vector<FormField> fields() {
    std::vector<FormField> found;
    std::vector<const Label*> without;
    for (const Label& label : labels_) {
      FormField field = boxes_beside(label);
      field.boxes.empty() ? without.push_back(&label) : found.push_back(std::move(field));
    }
    for (const Label* label : without) {
      FormField field = boxes_below(*label);
      if (field.boxes.empty()) field = line_of(*label);
      if (!field.area.empty()) found.push_back(std::move(field));
    }
    return found;
  }

 private:
  // The left edge of the next label on the same row.
  int row_end(const Label& label) const {
    int end = width_;
    for (const Label& other : labels_) {
      const bool same_row = std::abs(other.box.y + other.box.height / 2 - label.box.y - label.box.height / 2) < 40;
      if (same_row && other.box.x > label.box.right()) end = std::min(end, other.box.x);
    }
    return end;
  }

  // The free boxes whose middle lies between the columns, of the combs that may be the label's.
  template <class MayBe>
  FormField take(const Label& label, int left, int right, const MayBe& may_be) {
    FormField field{label.kind, {}, {}};
    for (std::size_t i = 0; i < combs_.size(); ++i) {
      if (!may_be(combs_[i].area)) continue;
      for (std::size_t k = 0; k < combs_[i].boxes.size(); ++k) {
        const PixelRect& box = combs_[i].boxes[k];
        const int middle = box.x + box.width / 2;
        if (taken_[i][k] || middle < left || middle > right) continue;
        taken_[i][k] = true;
        field.boxes.push_back(box);
        field.area = field.area.united(box);
      }
    }
    std::sort(field.boxes.begin(), field.boxes.end(), [](const PixelRect& a, const PixelRect& b) { return a.x < b.x; });
    return field;
  }

  FormField boxes_beside(const Label& label) {
    const int middle = label.box.y + label.box.height / 2;
    return take(label, label.box.right(), row_end(label),
                [&](const PixelRect& area) { return middle > area.y - 10 && middle < area.bottom() + 20; });
  }

  FormField boxes_below(const Label& label) {
    return take(label, label.box.x - kFarLeft, row_end(label) - 10,
                [&](const PixelRect& area) { return area.y > label.box.y && area.y < label.box.bottom() + kFarBelow; });
  }

  // A line beside the label or a little below it, with room to write above.
  FormField line_of(const Label& label) const {
    const int end = row_end(label);
    FormField field{label.kind, {}, {}};
    double nearest = 70;
    for (const imaging::Segment& line : lines_) {
      const double left = std::max<double>(line.x0, label.box.right() + 6);
      const double right = std::min<double>(line.x1, end - 10);
      const double distance = std::abs((line.y0 + line.y1) / 2 - label.box.bottom());
      const bool in_comb = std::any_of(combs_.begin(), combs_.end(), [&](const Comb& comb) {
        return line.x0 < comb.area.right() && line.x1 > comb.area.x && line.y0 > comb.area.y - 20 &&
               line.y0 < comb.area.bottom() + 20;
      });
      if (in_comb || right - left < kShortestLine || distance > nearest) continue;
      nearest = distance;
      const int bottom = static_cast<int>(std::lround((line.y0 + line.y1) / 2));
      field.area = {static_cast<int>(left), bottom - kLineAbove, static_cast<int>(right - left),
                    kLineAbove + kLineBelow};
    }
    return field;
  }

  std::vector<Label> labels_;
  std::vector<Comb> combs_;
  std::vector<imaging::Segment> lines_;
  std::vector<std::vector<bool>> taken_;  // per comb and box: fields beside one another may share a row of boxes
  int width_ = 0;
};

bool has(const std::vector<Label>& labels, ocr::FieldKind kind) {
  return std::any_of(labels.begin(), labels.end(), [&](const Label& label) { return label.kind == kind; });
}

constexpr std::size_t kFieldBoxes = 6;  // fewer may be a word seen as boxes

// Boxes and what is written in them look like words, and lie so near the labels that they are read together.
GrayImage without_boxes(GrayImage picture, const std::vector<Comb>& combs) {
  constexpr int kLines = 4;
  constexpr std::uint8_t kPaper = 255;
  for (const Comb& comb : combs) {
    if (comb.boxes.size() < kFieldBoxes) continue;
    const PixelRect area = comb.area.grown(kLines).intersected(picture.bounds());
    for (int y = area.y; y < area.bottom(); ++y) std::fill_n(picture.row(y) + area.x, area.width, kPaper);
  }
  return picture;
}

// Looking for words all over a picture, the engine misses one at times. Where a label is wanting it looks again, close
// up: above and left of rows of boxes that no label stands at.
std::vector<Label> labels_of(const GrayImage& picture, const std::vector<Comb>& combs, ocr::Tesseract& engine) {
  constexpr int kAbove = 90;
  constexpr int kLeft = 500;
  const GrayImage bare = without_boxes(picture, combs);
  std::vector<ocr::PrintedWord> words = engine.read_print(bare);
  const std::vector<Label> labels = find_labels(words);
  using ocr::FieldKind;
  const bool names =
      has(labels, FieldKind::full_name) || (has(labels, FieldKind::last_name) && has(labels, FieldKind::first_name));
  if (names && has(labels, FieldKind::birth_date)) return labels;
  for (const Comb& comb : combs) {
    if (comb.boxes.size() < kFieldBoxes) continue;
    const PixelRect& area = comb.area;
    const PixelRect above{area.x - kMargin, area.y - kAbove, area.width + 2 * kMargin, kAbove - 4};
    const PixelRect left{area.x - kLeft, area.y - kMargin, kLeft - 4, area.height + 2 * kMargin};
    const bool labelled = std::any_of(labels.begin(), labels.end(), [&](const Label& label) {
      return !label.box.intersected(above).empty() || !label.box.intersected(left).empty();
    });
    if (labelled) continue;
    for (const PixelRect& place : {above.intersected(picture.bounds()), left.intersected(picture.bounds())})
      for (ocr::PrintedWord& word : engine.read_print(imaging::cropped(bare, place))) {
        word.box.x += place.x;
        word.box.y += place.y;
        words.push_back(std::move(word));
      }
  }
  return find_labels(words);
}

bool is_name(const FormField& field) {
  return field.kind == ocr::FieldKind::last_name || field.kind == ocr::FieldKind::first_name ||
         field.kind == ocr::FieldKind::full_name;
}

// Every pixel's tone at the given share of the pictures' tones, dark to light: the pictures are sorted pixel by pixel,
// whole rows at a time.
GrayImage share_of_tones(std::vector<GrayImage> aligned, double share) {
  const std::size_t count = aligned.size();
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(count - 1));
  for (std::size_t round = 0; round < count; ++round)
    for (std::size_t k = round % 2; k + 1 < count; k += 2) {
      std::uint8_t* dark = aligned[k].pixels().data();
      std::uint8_t* light = aligned[k + 1].pixels().data();
      const std::size_t pixels = aligned[k].pixels().size();
      for (std::size_t i = 0; i < pixels; ++i) {
        const std::uint8_t least = std::min(dark[i], light[i]);
        light[i] = std::max(dark[i], light[i]);
        dark[i] = least;
      }
    }
  return std::move(aligned[rank]);
}

}  // namespace

std::optional<HeaderForm> understand_form(const GrayImage& picture, bool clean, ocr::Tesseract& engine) {
  HeaderForm form;
  const GrayImage ink = imaging::binarised(picture, 31, 0.2, 9);
  std::vector<Comb> combs = find_combs(picture);
  std::vector<Label> labels = labels_of(picture, combs, engine);
  PixelRect extent;
  for (const Label& label : labels) extent = extent.united(label.box);
  form.fields = FieldFinder(ink, std::move(combs), std::move(labels)).fields();
  if (std::none_of(form.fields.begin(), form.fields.end(), is_name)) return std::nullopt;
  for (const FormField& field : form.fields) extent = extent.united(field.area);
  form.extent = extent.grown(kMargin).intersected(picture.bounds());
  form.print = picture;
  form.print_is_clean = clean;
  form.origin = clean ? "learned" : "single";
  if (clean) form.patches = std::make_shared<FormPatches>(form.print, form.extent);
  return form;
}

GrayImage learn_print(std::span<const GrayImage> headers, int workers, const Cancel& cancel) {
  constexpr double kShare = 0.6;  // a little lighter than the median: what most writers write alike must not stay
  constexpr double kAgreement = 0.25;
  constexpr int kRounds = 6;
  constexpr double kClear = 0.7;  // mean agreement
  constexpr double kGood = 0.6;
  constexpr double kRising = 0.02;   // of it, from round to round
  constexpr double kMoving = 0.005;  // either way
  // The first header shows its writing too, which may be found anywhere along the lines of another. The print learned
  // so has blurred labels, but little writing: onto that, the headers are brought once more, and so on.
  GrayImage print = headers.front();
  double before = 0;
  for (int round = 0; round < kRounds; ++round) {
    const FormPatches patches(print, print.bounds().grown(-print.width() / 24));
    std::vector<GrayImage> aligned(headers.size());
    std::vector<double> agreements(headers.size());
    for_each_parallel(workers, headers.size(), cancel, [&](int, std::size_t i) {
      const Registration found = patches.find_in(headers[i]);
      agreements[i] = found.agreement;
      if (found.agreement >= kAgreement)
        aligned[i] = imaging::warped(headers[i], found.from_form, print.width(), print.height());
    });
    std::erase_if(aligned, [](const GrayImage& header) { return header.empty(); });
    const double agreement = std::reduce(agreements.begin(), agreements.end()) / static_cast<double>(headers.size());
    if (aligned.empty()) break;
    print = share_of_tones(std::move(aligned), kShare);
    if (agreement >= kClear) break;
    const double rise = agreement - before;
    if (round > 0 && (agreement >= kGood ? rise < kRising : std::abs(rise) < kMoving)) break;
    before = agreement;
  }
  return print;
}

}  // namespace korrigo::identification
