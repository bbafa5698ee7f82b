// Walks the markers (ITU-T T.81, annex B) and copies those that the picture needs. Each kept segment must have exactly
// the length its own content asks for, so that nothing can hide behind a table.
#include <array>
#include <cstdint>
#include <cstring>

#include "imaging/jpeg.h"
#include "imaging/jpeg_reader.h"

namespace korrigo::imaging {

namespace {

using Bytes = std::span<const std::uint8_t>;

enum Marker : std::uint8_t {
  kSof0 = 0xC0,
  kSof15 = 0xCF,
  kDht = 0xC4,
  kJpg = 0xC8,
  kDac = 0xCC,
  kRst0 = 0xD0,
  kRst7 = 0xD7,
  kSoi = 0xD8,
  kEoi = 0xD9,
  kSos = 0xDA,
  kDqt = 0xDB,
  kDnl = 0xDC,
  kDri = 0xDD,
  kApp0 = 0xE0,
  kApp14 = 0xEE,
  kApp15 = 0xEF,
  kCom = 0xFE,
};

bool is_frame(std::uint8_t marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

std::size_t number(Bytes bytes, std::size_t at) {
  return static_cast<std::size_t>(bytes[at] << 8 | bytes[at + 1]);
}

bool is_whole_quantisation(Bytes tables) {
  while (!tables.empty()) {
    const std::size_t size = 1 + (tables[0] >> 4 == 0 ? 64U : 128U);
    if (tables.size() < size) return false;
    tables = tables.subspan(size);
  }
  return true;
}

bool is_whole_huffman(Bytes tables) {
  while (!tables.empty()) {
    constexpr std::size_t kCounts = 17;  // class and id, then how many codes of each length
    if (tables.size() < kCounts) return false;
    std::size_t size = kCounts;
    for (std::size_t i = 1; i < kCounts; ++i) size += tables[i];
    if (tables.size() < size) return false;
    tables = tables.subspan(size);
  }
  return true;
}

/// Whether a segment that is to be kept holds its content and nothing else.
bool is_exact(std::uint8_t marker, Bytes content) {
  if (is_frame(marker)) return content.size() >= 6 && content.size() == 6 + 3U * content[5];
  switch (marker) {
    case kSos:
      return !content.empty() && content.size() == 4 + 2U * content[0];
    case kDqt:
      return is_whole_quantisation(content);
    case kDht:
      return is_whole_huffman(content);
    case kDac:
      return content.size() % 2 == 0;
    case kDri:
    case kDnl:
      return content.size() == 2;
    default:
      return false;
  }
}

bool begins_with(Bytes content, std::string_view word) {
  return content.size() >= word.size() && std::memcmp(content.data(), word.data(), word.size()) == 0;
}

class Stripper {
 public:
  explicit Stripper(Bytes in) : in_(in) { out_.reserve(in.size()); }

  Result<std::vector<std::byte>> run() {
    if (in_.size() < 4 || in_[0] != 0xFF || in_[1] != kSoi) return broken("no start of image");
    put_marker(kSoi);
    at_ = 2;
    while (true) {
      const auto marker = next_marker();
      if (!marker) return broken("no end of image");
      if (*marker == kEoi) break;
      if (*marker >= kRst0 && *marker <= kSoi) return broken("restart or start marker between segments");
      const auto content = next_segment();
      if (!content) return broken("segment cut short");
      if (auto taken = take(*marker, *content); !taken) return tl::unexpected(taken.error());
    }
    if (!scan_seen_) return broken("no scan");
    put_marker(kEoi);
    return std::move(out_);
  }

 private:
  static tl::unexpected<Error> broken(const char* why) { return tl::unexpected(damaged(why)); }

  std::optional<std::uint8_t> next_marker() {
    // Scanners pad with zeros before a marker; any other stray byte is dropped with them.
    while (at_ + 1 < in_.size() && !(in_[at_] == 0xFF && in_[at_ + 1] != 0xFF && in_[at_ + 1] != 0)) ++at_;
    if (at_ + 1 >= in_.size()) return std::nullopt;
    at_ += 2;
    return in_[at_ - 1];
  }

  std::optional<Bytes> next_segment() {
    if (at_ + 2 > in_.size()) return std::nullopt;
    const std::size_t length = number(in_, at_);
    if (length < 2 || at_ + length > in_.size()) return std::nullopt;
    const Bytes content = in_.subspan(at_ + 2, length - 2);
    at_ += length;
    return content;
  }

  Result<void> take(std::uint8_t marker, Bytes content) {
    if (marker == kCom || (marker >= kApp0 && marker <= kApp15)) {
      keep_application(marker, content);
      return {};
    }
    if (!is_exact(marker, content)) return broken("unexpected segment");
    if (is_frame(marker)) {
      if (auto size =
              check_size(static_cast<long long>(number(content, 3)), static_cast<long long>(number(content, 1)));
          !size) {
        return size;
      }
    }
    put_segment(marker, content);
    if (marker == kSos) copy_scan();
    return {};
  }

  /// JFIF's version and density, without its thumbnail; Adobe's colour transform.
  void keep_application(std::uint8_t marker, Bytes content) {
    constexpr std::size_t kJfif = 14;
    constexpr std::size_t kAdobe = 12;
    if (marker == kApp0 && content.size() >= kJfif && begins_with(content, std::string_view("JFIF\0", 5))) {
      std::array<std::uint8_t, kJfif> plain{};
      std::memcpy(plain.data(), content.data(), kJfif - 2);
      put_segment(marker, plain);
    } else if (marker == kApp14 && content.size() >= kAdobe && begins_with(content, "Adobe")) {
      put_segment(marker, content.first(kAdobe));
    }
  }

  /// Entropy-coded data runs to the next marker that is neither a stuffed zero nor a restart.
  void copy_scan() {
    const std::size_t begin = at_;
    while (at_ < in_.size()) {
      const auto* found = static_cast<const std::uint8_t*>(std::memchr(in_.data() + at_, 0xFF, in_.size() - at_));
      at_ = found == nullptr ? in_.size() : static_cast<std::size_t>(found - in_.data());
      if (at_ + 1 >= in_.size()) break;
      const std::uint8_t next = in_[at_ + 1];
      if (next != 0 && next != 0xFF && !(next >= kRst0 && next <= kRst7)) break;
      at_ += next == 0xFF ? 1 : 2;
    }
    put(in_.subspan(begin, at_ - begin));
    scan_seen_ = true;
  }

  void put(Bytes bytes) {
    const auto view = std::as_bytes(bytes);
    out_.insert(out_.end(), view.begin(), view.end());
  }
  void put_marker(std::uint8_t marker) { put(std::array<std::uint8_t, 2>{0xFF, marker}); }
  void put_segment(std::uint8_t marker, Bytes content) {
    const std::size_t length = content.size() + 2;
    put_marker(marker);
    put(std::array{static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length & 0xFF)});
    put(content);
  }

  Bytes in_;
  std::size_t at_ = 0;
  std::vector<std::byte> out_;
  bool scan_seen_ = false;
};

}  // namespace

Result<std::vector<std::byte>> strip_jpeg_metadata(std::span<const std::byte> jpeg) {
  return Stripper({reinterpret_cast<const std::uint8_t*>(jpeg.data()), jpeg.size()}).run();
}

}  // namespace korrigo::imaging
