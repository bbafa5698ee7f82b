/// The files of a copy: its PDF, the masked PDF, and pictures of its faces for the screen.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "identification/header_reading.h"
#include "pdf/source_reader.h"
#include "scans/face.h"

namespace korrigo::copies {

/// A face as the files of its copy show it.
struct ShownFace {
  scans::Face face;
  std::vector<imaging::PixelRect> hidden;  // from correctors, in pixels of its side (hidden_parts)
  bool isolate = false;                    // its side also holds what belongs to no copy or to another one
};

/// What must be hidden from correctors on a face: the whole width of the header with a margin, in pixels of the side;
/// empty without header. `header` may be null: then the whole strip that headers lie in.
std::vector<imaging::PixelRect> hidden_parts(const scans::Face& face, const identification::BatchHeader* header,
                                             double dpi);

struct DroppedFace {
  std::size_t face = 0;  // index into the faces given
  std::string reason;    // one sentence
};

/// Writes both PDFs. A side can be sound enough to look at and still too damaged to be taken over: its faces are left
/// out and returned; when none is left no file is written. Throws std::system_error, and std::runtime_error when the
/// files cannot be written although every side can.
std::vector<DroppedFace> write_copy_pdfs(pdf::SourceReader& reader, const std::vector<ShownFace>& faces,
                                         const std::filesystem::path& pdf, const std::filesystem::path& masked_pdf);

inline constexpr int kPreviewWidth = 1240;  // pixels, give or take 15 %: A4 at 150 dpi
inline constexpr int kThumbnailWidth = 310;

/// JPEG files of one face, upright. The masked ones are written for faces with hidden parts only.
struct FacePictures {
  std::filesystem::path preview, thumbnail;
  std::filesystem::path masked_preview, masked_thumbnail;
};

/// Writes them (base/files.h, write_staged). Each side is decoded once. A face that cannot be shown has no pictures.
void write_previews(pdf::SourceReader& reader, const std::vector<ShownFace>& faces,
                    const std::function<FacePictures(std::size_t face)>& pictures);

}  // namespace korrigo::copies
