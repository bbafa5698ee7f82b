#include "scans/inner_pages.h"

#include <algorithm>
#include <map>
#include <set>

namespace korrigo::scans {
namespace {

using Shown = std::vector<ShownPrint>;
using Reads = std::function<bool(const ShownPrint&)>;

// Faces of each print: as often alike as makes sure. Printed questions pass for a header now and then.
constexpr std::size_t kSure = 3;
constexpr double kRegularly = 0.8;  // of a print's faces at one distance behind a header

Shown those_with(const Shown& shown, int print) {
  Shown faces;
  for (const ShownPrint& one : shown)
    if (one.print == print) faces.push_back(one);
  return faces;
}

// Whether a header is read on most of a few faces, evenly over the batch.
bool is_read(const Shown& faces, const Reads& reads) {
  const std::size_t most = std::min(2 * kSure - 1, faces.size());
  std::size_t read = 0;
  std::size_t unread = 0;
  while (std::max(read, unread) < kSure && read + unread < most) {
    const std::size_t next = (read + unread) * faces.size() / most;
    ++(reads(faces[next]) ? read : unread);
  }
  return read > unread;
}

// The last page of the first copy may be scanned before its header: a face without one before it tells nothing.
bool follow(const Shown& faces, const std::set<std::size_t>& headers) {
  std::map<std::size_t, std::size_t> distances;
  std::size_t telling = 0;
  for (const ShownPrint& one : faces) {
    const auto behind = headers.upper_bound(one.face);
    if (behind == headers.begin()) continue;
    ++distances[one.face - *std::prev(behind)];
    ++telling;
  }
  std::size_t most = 0;
  for (const auto& [distance, count] : distances) most = std::max(most, count);
  return most > 0 && static_cast<double>(most) >= kRegularly * static_cast<double>(telling);
}

}  // namespace

std::vector<int> inner_prints(const Shown& shown, int prints, const Reads& reads) {
  std::set<std::size_t> headers;  // faces
  std::vector<int> unread;
  for (int print = 0; print < prints; ++print) {
    const Shown faces = those_with(shown, print);
    if (!is_read(faces, reads)) {
      unread.push_back(print);
      continue;
    }
    for (const ShownPrint& one : faces) headers.insert(one.face);
  }
  std::vector<int> inner;
  if (headers.empty()) return inner;
  for (const int print : unread)
    if (follow(those_with(shown, print), headers)) inner.push_back(print);
  return inner;
}

}  // namespace korrigo::scans
