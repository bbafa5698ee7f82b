/// New PDFs whose pages show parts of source pages. Runs in the sandbox child.
#pragma once

#include <map>
#include <optional>
#include <qpdf/QPDF.hh>
#include <string>
#include <vector>

#include "pdf/page_facts.h"
#include "pdf/source_reader.h"

namespace korrigo::pdf {

/// A source page to take from, and its facts.
struct SourcePage {
  QPDF* owner = nullptr;
  QPDFPageObjectHelper page;
  const PageFacts* facts = nullptr;
};

class Assembly {
 public:
  Assembly();

  /// Appends one page. `rendered` is the part as a JPEG, already cut and wiped, for pages that are no plain picture and
  /// must not be taken over as they are. Throws what qpdf throws; refuses malformed "side.unreadable" when the picture
  /// cannot be rebuilt.
  Result<void> add(const SourcePage& from, const PagePart& part, std::span<const std::byte> rendered);

  /// Writes everything to the descriptor. The same pages give the same bytes.
  void write(int fd);

 private:
  struct Stored {
    QPDFObjectHandle object;
    imaging::PixelRect shows;  // the part of the stored picture that the object holds
  };

  Result<Stored> stored_picture(const SourcePage& from, const PagePart& part);
  Result<Stored> rebuilt_picture(const SourcePage& from, const PagePart& part, const imaging::PixelRect& stored_part);
  QPDFObjectHandle image_object(std::span<const std::byte> bytes, int width, int height, int bits, const char* filter);
  void add_page(const QPDFObjectHandle& object, const std::string& content, double width, double height, int rotation);

  QPDF result_;
  std::map<std::string, Stored> made_;  // by what was asked of which side, so that faces of one side share it
};

}  // namespace korrigo::pdf
