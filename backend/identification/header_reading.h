/// The headers of a batch, read: understands each printed form once, then reads every header against it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "identification/header_form.h"
#include "imaging/gray_image.h"
#include "pdf/source_reader.h"
#include "scans/batch.h"
#include "scans/header_print.h"

namespace korrigo::identification {

/// Height of the picture a header is read from: the same upper 7 cm in which scans looks for it.
inline constexpr double kHeaderHeightInches = 7.0 / 2.54;

/// The upper part of a face, upright, level, at kFormDpi. Refuses as SourceReader::gray.
Result<imaging::GrayImage> header_picture(pdf::SourceReader& reader, const scans::Face& face);

/// Which face of a batch carries a header.
struct HeaderPlace {
  std::size_t booklet = 0;  // index into Batch::booklets
  std::size_t face = 0;     // index into its faces
};
/// Of all booklets, in order; a booklet may have several or none.
std::vector<HeaderPlace> header_places(const scans::Batch& batch);

/// What the headers of a batch are read against.
struct BatchForms {
  std::map<int, HeaderForm> learned;  // by Face::form; a print seen fewer than five times has none
  std::map<int, int> print_bottoms;   // by Face::form: rows of a header picture that the print reaches down to
  std::string origin;                 // "learned", "single" (every header is understood on its own) or "none"
};
/// One reader per worker. Throws Cancelled.
BatchForms learn_forms(const std::vector<pdf::SourceReader*>& readers, ocr::Tesseract& engine,
                       const scans::Batch& batch, const std::vector<scans::HeaderPrint>& prints, const Cancel& cancel);

/// A header of the batch, in the frame of its header_picture.
struct BatchHeader {
  std::size_t booklet = 0;
  std::size_t face = 0;
  ocr::HeaderReading reading;
  std::vector<imaging::PixelRect> fields;  // where each field of the reading was looked for
  int bottom = 0;              // rows of the picture that belong to the header: what must be hidden from correctors
  bool understood = false;     // false: no form, so nothing was read
  std::string engine_version;  // reader_version
};

/// "1, 5.3.0 fra": whatever changes it may change a reading.
std::string reader_version(const ocr::Tesseract& engine);

/// Reads the header in `picture`, the header_picture of `face`; with the `further` engines when they are given.
BatchHeader read_header_of(const scans::Face& face, const imaging::GrayImage& picture, const BatchForms& forms,
                           ocr::Tesseract& engine, ocr::ExternalEngines* further = nullptr);

struct HeaderReadings {
  std::vector<BatchHeader> headers;  // one for each of header_places; not understood when its picture cannot be had
  BatchForms forms;                  // that they were read against
};

/// Called once for every header with its picture while that is in memory; from any worker thread, several at a time.
using HeaderSeen = std::function<void(const BatchHeader&, const imaging::GrayImage&)>;
using HeaderProgress = std::function<void(std::size_t done, std::size_t total)>;

/// All of the above. At most a few pictures are in memory at a time. Throws Cancelled.
HeaderReadings read_headers(const std::vector<pdf::SourceReader*>& readers, std::vector<ocr::Tesseract>& engines,
                            const scans::Batch& batch, const std::vector<scans::HeaderPrint>& prints,
                            const Cancel& cancel, const HeaderSeen& seen, const HeaderProgress& progress);

/// Reads the headers whose copies are in doubt (indices into readings.headers) once more, with the further engines.
/// What these do not answer leaves those readings as they were. Throws Cancelled.
void look_again(const std::vector<pdf::SourceReader*>& readers, std::vector<ocr::Tesseract>& engines,
                ocr::ExternalEngines& further, const scans::Batch& batch, std::span<const std::size_t> doubtful,
                HeaderReadings& readings, const Cancel& cancel);

}  // namespace korrigo::identification
