#include "pdf/page_content.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace korrigo::pdf {
namespace {

using Rectangle = QPDFObjectHandle::Rectangle;

constexpr std::size_t kMaxOperations = 100'000;  // a scanned page has a dozen; with an OCR layer some thousands

const std::set<std::string>& harmless() {
  static const std::set<std::string> operators = {
      "w",  "J",  "j",   "M",   "d",  "ri", "i", "n",  "BT", "ET", "Tc", "Tw",  "Tz", "TL", "Tf", "Ts", "Td", "TD",
      "Tm", "T*", "BMC", "EMC", "MP", "DP", "G", "RG", "K",  "CS", "SC", "SCN", "BX", "EX", "m",  "l",  "h"};
  return operators;
}

class Reader : public QPDFObjectHandle::ParserCallbacks {
 public:
  explicit Reader(const Rectangle& box) : box_(box) {}

  void handleObject(QPDFObjectHandle object, std::size_t, std::size_t) override {
    if (!object.isOperator()) {
      operands_.push_back(object);
      if (operands_.size() > 64) fail();
      return;
    }
    if (++operations_ > kMaxOperations) fail();
    if (!failed_) apply(object.getOperatorValue());
    operands_.clear();
  }
  void handleEOF() override {}

  std::optional<OnlyPicture> result() const {
    if (failed_) return std::nullopt;
    return picture_;
  }

 private:
  struct State {
    QPDFMatrix matrix;
    int text_mode = 0;
    bool coloured = false;
  };

  void apply(const std::string& name) {
    if (name == "q") {
      stack_.push_back(state_);
      if (stack_.size() > 64) fail();
    } else if (name == "Q") {
      if (stack_.empty()) return;
      state_ = stack_.back();
      stack_.pop_back();
    } else if (name == "cm") {
      concatenate();
    } else if (name == "Do") {
      paint();
    } else if (name == "Tr") {
      state_.text_mode = operands_.empty() ? 0 : static_cast<int>(operands_.back().getIntValueAsInt());
    } else if (name == "Tj" || name == "TJ" || name == "'" || name == "\"") {
      if (state_.text_mode != 3) fail();
    } else if (name == "re") {
      remember_rectangle();
    } else if (name == "W" || name == "W*") {
      if (!covers_box_) fail();
    } else if (name == "g" || name == "rg" || name == "k" || name == "cs" || name == "sc" || name == "scn") {
      state_.coloured = true;
    } else if (name == "BDC") {
      if (!operands_.empty() && operands_.front().isNameAndEquals("/OC")) fail();
    } else if (!harmless().contains(name)) {
      fail();
    }
  }

  void concatenate() {
    if (operands_.size() != 6) return fail();
    std::array<double, 6> v{};
    for (std::size_t i = 0; i < 6; ++i) {
      if (!operands_[i].isNumber()) return fail();
      v[i] = operands_[i].getNumericValue();
    }
    state_.matrix.concat(QPDFMatrix(v[0], v[1], v[2], v[3], v[4], v[5]));
  }

  void paint() {
    if (picture_ || operands_.size() != 1 || !operands_.front().isName()) return fail();
    picture_ = OnlyPicture{operands_.front().getName(), state_.matrix, state_.coloured};
  }

  void remember_rectangle() {
    covers_box_ = false;
    if (operands_.size() != 4) return fail();
    std::array<double, 4> v{};
    for (std::size_t i = 0; i < 4; ++i) {
      if (!operands_[i].isNumber()) return fail();
      v[i] = operands_[i].getNumericValue();
    }
    const Rectangle placed = state_.matrix.transformRectangle(Rectangle(v[0], v[1], v[0] + v[2], v[1] + v[3]));
    const double slack = 0.01 * std::max(box_.urx - box_.llx, box_.ury - box_.lly);
    covers_box_ =
        std::min(placed.llx, placed.urx) <= box_.llx + slack && std::min(placed.lly, placed.ury) <= box_.lly + slack &&
        std::max(placed.llx, placed.urx) >= box_.urx - slack && std::max(placed.lly, placed.ury) >= box_.ury - slack;
  }

  void fail() { failed_ = true; }

  Rectangle box_;
  State state_;
  std::vector<State> stack_;
  std::vector<QPDFObjectHandle> operands_;
  std::size_t operations_ = 0;
  std::optional<OnlyPicture> picture_;
  bool covers_box_ = false;
  bool failed_ = false;
};

}  // namespace

std::optional<OnlyPicture> only_picture(QPDFPageObjectHelper page, const Rectangle& box) {
  Reader reader(box);
  page.parseContents(&reader);
  return reader.result();
}

}  // namespace korrigo::pdf
