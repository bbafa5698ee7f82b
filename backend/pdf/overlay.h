/// Drawings laid over the pages of a PDF of ours, whose own streams stay as they are, with notes and further pages.
/// Read and written in a sandboxed child: what the pages show came from a source.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sandbox/child.h"

namespace korrigo::pdf {

/// A page as a viewer shows it: 1/72 inch, turned by its /Rotate.
struct PageSize {
  double width = 0;
  double height = 0;
};

enum class NoteKind : std::uint8_t { square, highlight, ink, stamp };

/// A PDF annotation that says in words what is drawn there. It paints nothing itself. Points of the page as shown,
/// origin at its top left.
struct Note {
  int page = 0;  // of the base, from 0
  NoteKind kind = NoteKind::square;
  double x = 0, y = 0, width = 0, height = 0;
  std::array<double, 3> colour = {};  // red, green, blue; 0..1
  std::string id = {};                // unique in the document
  std::string contents = {};
  std::vector<std::vector<std::array<double, 2>>> strokes = {};  // of ink
};

struct Overlay {
  std::string pages;            // a PDF
  std::vector<int> over;        // its first pages, each of the size of this page of the base and laid over it
  std::vector<Note> notes;      // pages that are left come after those of the base
  std::string title;            // of the document
  std::string language = "fr";  // of the text in it
};

/// Not thread-safe. The child starts with the first call, and again after a crash.
class Overlayer {
 public:
  /// The pages of the base. Refuses, without naming a file, as sandbox::Child::call() and with malformed
  /// "overlay.damaged", not_found "overlay.missing".
  Result<std::vector<PageSize>> open(const std::filesystem::path& base);
  /// Writes the base that was opened last, with the overlay, to `path`, which is the caller's to publish. May be called
  /// once for each open(). Refuses as open(); throws std::system_error when the disk refuses.
  Result<void> write(const Overlay& overlay, const std::filesystem::path& path);

 private:
  std::optional<sandbox::Child> child_;
};

}  // namespace korrigo::pdf
