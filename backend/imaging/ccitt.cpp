// ITU-T T.4 and T.6 as PDF uses them (PDF 32000-1, 7.4.6). Our own reader, since libtiff's knows neither rows aligned
// to bytes in Group 4 nor Group 3 without end-of-line marks, both of which PDF allows, and gives no rows of a stream
// cut short.
#include "imaging/ccitt.h"

#include <algorithm>
#include <cstring>

#include "imaging/ccitt_codes.h"
#include "imaging/output_grid.h"
#include "imaging/refusals.h"
#include "imaging/samples.h"

namespace korrigo::imaging {

namespace {

using ccitt::Code;

/// Bits from the most significant; zeros follow the end.
class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  unsigned peek(int bits) {
    while (held_ < bits) refill();
    return static_cast<unsigned>(buffer_ >> (held_ - bits)) & ((1U << bits) - 1);
  }
  void skip(int bits) {
    while (held_ < bits) refill();
    held_ -= bits;
  }
  void align() { held_ -= held_ % 8; }
  bool at_end() const { return next_ * 8 - static_cast<std::size_t>(held_) >= bytes_.size() * 8; }

 private:
  void refill() {
    const auto byte = next_ < bytes_.size() ? static_cast<std::uint64_t>(bytes_[next_]) : 0;
    buffer_ = buffer_ << 8 | byte;
    ++next_;
    held_ += 8;
  }

  std::span<const std::byte> bytes_;
  std::size_t next_ = 0;
  std::uint64_t buffer_ = 0;
  int held_ = 0;
};

/// Where a row changes colour, rising, the first to black; then the row's width three times, which ends every search.
using Changes = std::vector<int>;

class Decoder {
 public:
  explicit Decoder(const EncodedImage& image) : image_(image), bits_(image.bytes), width_(image.width) {
    reference_.assign(kSentinels, width_);
  }

  /// The next row's changes, or null at the end of the data.
  const Changes* next_row() {
    if (ended_) return nullptr;
    if (image_.ccitt_byte_aligned) bits_.align();
    const bool two_dimensional = begin_row();
    if (ended_ || bits_.at_end()) return nullptr;
    current_.clear();
    const bool whole = two_dimensional ? read_2d() : read_1d();
    if (!whole) {
      damaged_ = true;
      if (!recover()) {
        ended_ = true;
        return nullptr;
      }
    }
    current_.insert(current_.end(), kSentinels, width_);
    std::swap(current_, reference_);
    return &reference_;
  }

  bool damaged() const { return damaged_; }

 private:
  static constexpr std::size_t kSentinels = 3;
  static constexpr int kEolZeros = 11;

  /// Passes marks between rows; tells how the next row is coded.
  bool begin_row() {
    if (image_.ccitt_k < 0) {
      ended_ = bits_.peek(kEolZeros + 1) == 1;  // half of the end-of-block mark
      return true;
    }
    int marks = 0;
    bool tag_is_1d = true;
    while (bits_.peek(kEolZeros) == 0 && !bits_.at_end()) {
      skip_mark();
      if (image_.ccitt_k > 0) tag_is_1d = read_tag();
      if (++marks == 2) ended_ = true;  // two marks without a row between them: return to control
      if (ended_) return false;
    }
    if (marks == 0 && image_.ccitt_k > 0) tag_is_1d = read_tag();
    return !tag_is_1d;
  }

  bool read_tag() {
    const bool one = bits_.peek(1) == 1;
    bits_.skip(1);
    return one;
  }

  void skip_mark() {
    while (bits_.peek(1) == 0 && !bits_.at_end()) bits_.skip(1);
    bits_.skip(1);
  }

  /// After a row with a bad code: to the next end-of-line mark, where there are such. What was read of the row stays.
  bool recover() {
    if (image_.ccitt_k < 0) return false;
    while (bits_.peek(kEolZeros) != 0 && !bits_.at_end()) bits_.skip(1);
    return !bits_.at_end();
  }

  /// Length of a run, or -1.
  int run(bool black) {
    const ccitt::RunTable& table = black ? ccitt::black_runs() : ccitt::white_runs();
    int length = 0;
    while (true) {
      const Code code = table[bits_.peek(ccitt::kRunBits)];
      if (code.value < 0) return -1;
      bits_.skip(code.bits);
      length += code.value;
      if (code.value < 64) return length;
      if (length > width_) return -1;
    }
  }

  /// The colour changes at x. A run of no length undoes the change before it, which keeps the positions strictly
  /// rising.
  bool change_at(int x) {
    if (x > width_) return false;
    if (!current_.empty() && x < current_.back()) return false;
    if (!current_.empty() && x == current_.back()) {
      current_.pop_back();
    } else {
      current_.push_back(x);
    }
    return true;
  }

  bool read_1d() {
    bool is_black = false;
    for (int x = 0; x < width_; is_black = !is_black) {
      const int length = run(is_black);
      if (length < 0) return false;
      x += length;
      if (!change_at(x)) return false;
    }
    return true;
  }

  bool read_2d() {
    int a0 = -1;
    bool is_black = false;
    std::size_t b1 = 0;
    while (a0 < width_) {
      while (reference_[b1] <= a0 && reference_[b1] < width_) b1 += 2;
      const Code mode = ccitt::modes()[bits_.peek(ccitt::kModeBits)];
      if (mode.value < 0) return false;
      bits_.skip(mode.bits);
      if (mode.value == ccitt::kPass) {
        a0 = reference_[b1] < width_ ? reference_[b1 + 1] : width_;
      } else if (mode.value == ccitt::kHorizontal) {
        if (!read_horizontal(std::max(a0, 0), is_black, a0)) return false;
      } else {
        const int a1 = reference_[b1] + mode.value - ccitt::kVerticalZero;
        if (a1 < std::max(a0, 0) || !change_at(a1)) return false;
        a0 = a1;
        is_black = !is_black;
        b1 = b1 > 0 ? b1 - 1 : b1 + 1;  // the other colour's changes; one step back is enough, positions being distinct
      }
    }
    return true;
  }

  bool read_horizontal(int from, bool is_black, int& a0) {
    const int first = run(is_black);
    const int second = first < 0 ? -1 : run(!is_black);
    if (second < 0 || !change_at(from + first) || !change_at(from + first + second)) return false;
    a0 = from + first + second;
    return true;
  }

  const EncodedImage& image_;
  BitReader bits_;
  int width_;
  Changes reference_;
  Changes current_;
  bool ended_ = false;
  bool damaged_ = false;
};

void paint(const Changes& changes, int width, std::uint8_t white, std::uint8_t black, std::uint8_t* row) {
  std::memset(row, white, static_cast<std::size_t>(width));
  for (std::size_t i = 0; changes[i] < width; i += 2) {
    std::memset(row + changes[i], black, static_cast<std::size_t>(changes[i + 1] - changes[i]));
  }
}

}  // namespace

Result<Decoded> decode_ccitt(const EncodedImage& image, const DecodeOptions& options) {
  const auto tones = tone_table(image, 1);
  const std::uint8_t black = tones[image.ccitt_black_is_1 ? 1 : 0];
  const std::uint8_t white = tones[image.ccitt_black_is_1 ? 0 : 1];
  GridWriter writer(image.width, image.height, options);
  const PixelRect& source = writer.source();
  std::vector<std::uint8_t> row(static_cast<std::size_t>(image.width));
  Decoder decoder(image);
  int y = 0;
  for (; y < source.bottom(); ++y) {
    const Changes* changes = decoder.next_row();
    if (changes == nullptr) break;
    if (y < source.y) continue;
    paint(*changes, image.width, white, black, row.data());
    writer.put(y, row.data());
  }
  if (2LL * std::max(0, y - source.y) < source.height) return tl::unexpected(damaged("rows are missing"));
  return Decoded{writer.take(), decoder.damaged() || y < source.bottom()};
}

}  // namespace korrigo::imaging
