/// Reads scanned PDFs in a sandboxed child (sandbox/child.h): page facts, grey pictures of sides, and new PDFs whose
/// pages show the sources' own image streams.
///
/// A "side" is one page of a source, seen as a viewer shows it: CropBox, /Rotate and UserUnit applied. All rectangles
/// are in pixels of the upright side at full resolution.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "imaging/encoded_image.h"
#include "imaging/gray_image.h"
#include "sandbox/child.h"

namespace korrigo::pdf {

struct ReadLimits {
  int max_pages = 500;
  sandbox::Limits child = {};
};

/// One page of a source.
struct SideInfo {
  int width = 0;  // pixels at full resolution; of a page that is no plain picture: at 300 dpi
  int height = 0;
  double dpi = 0;           // across; 0 never occurs
  double width_points = 0;  // upright, 1/72 inch
  double height_points = 0;
  bool plain_picture =
      false;  // exactly one image fills the page and nothing else is drawn, so its stream can be used as it is
  std::string encoding;  // of the plain picture ("jpeg", "ccitt", ...), else "page"
  std::string problem;   // not empty: this page cannot be read; one sentence
};

/// Where a new page's content comes from. The rectangle `part` of a side, turned clockwise by `rotation`.
struct PagePart {
  int source = 0;  // index into the paths given to open()
  int side = 0;    // from 0
  imaging::PixelRect part;
  int rotation = 0;  // 0, 90, 180, 270: becomes /Rotate, pixels are not touched
  /// The new file must hold nothing of the side outside `part`: the picture is cut for real (JPEG: lossless crop on MCU
  /// borders). Without it the whole stream is stored once and shown through a clip, shared by all parts of the side in
  /// one file.
  bool isolate = false;
  /// Rectangles of the side whose ink is removed from the stored pixels (JPEG: in the coefficients). With a wipe the
  /// stream is built anew, metadata left behind; parts of one side in one file share the wiped stream when their wipes
  /// are equal.
  std::vector<imaging::PixelRect> wipe = {};
  /// Leave behind what a picture's own file format says beside its pixels (EXIF, comments, thumbnails). Pixels are
  /// untouched.
  bool strip_metadata = false;
};

struct WrittenPdf {
  int pages = 0;
  std::vector<std::string> warnings;
};

/// A set of sources open in one child. Not thread-safe; make one per worker. After a crash of the child the next call
/// starts a new one, so one bad page costs that page.
class SourceReader {
 public:
  /// Opens all files and reads the facts of every page. Refuses, naming the file, with
  ///   malformed      "source.not_pdf", "source.damaged" (truncated, recovered, no page tree), "source.empty" (no page
  ///   or no byte) invalid_input  "source.encrypted" (a password is needed to open it) too_large
  ///   "source.too_many_pages", "source.too_complex" (time, memory or depth) not_found      "source.missing" (no such
  ///   file, a folder, or not readable)
  static Result<SourceReader> open(const std::vector<std::filesystem::path>& paths, const ReadLimits& limits = {});
  SourceReader(SourceReader&&) noexcept;
  SourceReader& operator=(SourceReader&&) noexcept;
  ~SourceReader();

  /// Another reader of the same files for another worker, without reading the facts again.
  SourceReader clone() const;

  int source_count() const;
  int side_count(int source) const;
  const SideInfo& side(int source, int side) const;

  struct Picture {
    imaging::GrayImage image;
    bool damaged = false;  // part of it could not be decoded and is white
  };
  /// The side, or a part of it, at 1/reduce of full resolution (1, 2, 4, 8). A page that is no plain picture is
  /// rendered by pdftoppm. Refuses malformed "side.unreadable" or too_large "side.too_large", with a sentence naming
  /// file and page.
  Result<Picture> gray(int source, int side, int reduce, std::optional<imaging::PixelRect> part = std::nullopt);

  /// Writes a PDF with one page per part to `path`, whole or not at all, without metadata of the sources. Pages keep
  /// the physical size of their part. Refuses as gray() does, naming the side at fault; throws std::system_error when
  /// the disk refuses.
  Result<WrittenPdf> write_pdf(const std::filesystem::path& path, const std::vector<PagePart>& parts);

 private:
  struct State;
  explicit SourceReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace korrigo::pdf
