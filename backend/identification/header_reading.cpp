#include "identification/header_reading.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "ocr/hand.h"
#include "scans/survey.h"

namespace korrigo::identification {
namespace {

using imaging::GrayImage;
using imaging::PixelRect;

const scans::Face& face_at(const scans::Batch& batch, const HeaderPlace& place) {
  return batch.booklets[place.booklet].faces[place.face];
}

// The form that the headers of one print share, when enough of them can be seen.
std::optional<HeaderForm> learn_form(const std::vector<pdf::SourceReader*>& readers, ocr::Tesseract& engine,
                                     const scans::Batch& batch, const std::vector<HeaderPlace>& places,
                                     const Cancel& cancel) {
  constexpr std::size_t kWanted = 11;
  constexpr std::size_t kNeeded = 5;
  if (places.size() < kNeeded) return std::nullopt;
  const std::size_t count = std::min(kWanted, places.size());
  std::vector<GrayImage> pictures(count);
  for_each_parallel(static_cast<int>(readers.size()), count, cancel, [&](int worker, std::size_t i) {
    auto picture = header_picture(*readers[worker], face_at(batch, places[i * places.size() / count]));
    if (picture) pictures[i] = std::move(*picture);
  });
  std::erase_if(pictures, [](const GrayImage& picture) { return picture.empty(); });
  if (pictures.size() < kNeeded) return std::nullopt;
  auto form = understand_form(learn_print(pictures, static_cast<int>(readers.size()), cancel), true, engine);
  if (form) {
    form->print_is_clean = true;
    form->origin = "learned";
  }
  return form;
}

PixelRect mapped(const PixelRect& rect, const imaging::Affine& map) {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  for (const int x : {rect.x, rect.right()})
    for (const int y : {rect.y, rect.bottom()}) {
      const auto [u, v] = map(x, y);
      left = std::min(left, u);
      right = std::max(right, u);
      top = std::min(top, v);
      bottom = std::max(bottom, v);
    }
  const int x = static_cast<int>(std::floor(left));
  const int y = static_cast<int>(std::floor(top));
  return {x, y, static_cast<int>(std::ceil(right)) - x, static_cast<int>(std::ceil(bottom)) - y};
}

}  // namespace

std::string reader_version(const ocr::Tesseract& engine) {
  return fmt::format("{}, {}", ocr::Hand::built_in().version(), engine.version());
}

Result<GrayImage> header_picture(pdf::SourceReader& reader, const scans::Face& face) {
  const pdf::SideInfo& side = reader.side(face.source, face.side);
  const int height = std::min(face.part.height, static_cast<int>(std::lround(kHeaderHeightInches * side.dpi)));
  PixelRect part = face.part;
  part.height = height;
  if (face.rotation == 180) part.y = face.part.bottom() - height;
  auto picture = reader.gray(face.source, face.side, 1, part);
  if (!picture) return tl::unexpected(picture.error());
  GrayImage upright = face.rotation == 0 ? std::move(picture->image) : imaging::rotated(picture->image, face.rotation);
  const double scale = kFormDpi / side.dpi;
  if (std::abs(scale - 1) > 0.01)
    upright = imaging::resized(upright, std::max(1, static_cast<int>(std::lround(upright.width() * scale))),
                               std::max(1, static_cast<int>(std::lround(upright.height() * scale))));
  return imaging::deskewed(upright, face.skew_degrees);
}

std::vector<HeaderPlace> header_places(const scans::Batch& batch) {
  std::vector<HeaderPlace> places;
  for (std::size_t booklet = 0; booklet < batch.booklets.size(); ++booklet)
    for (std::size_t face = 0; face < batch.booklets[booklet].faces.size(); ++face)
      if (batch.booklets[booklet].faces[face].header) places.push_back({booklet, face});
  return places;
}

BatchForms learn_forms(const std::vector<pdf::SourceReader*>& readers, ocr::Tesseract& engine,
                       const scans::Batch& batch, const std::vector<scans::HeaderPrint>& prints, const Cancel& cancel) {
  std::map<int, std::vector<HeaderPlace>> by_form;
  for (const HeaderPlace& place : header_places(batch)) by_form[face_at(batch, place).form].push_back(place);
  BatchForms forms;
  forms.origin = by_form.empty() ? "none" : "single";
  for (const auto& [form, members] : by_form) {
    if (form >= 0) {
      const auto& print = prints[static_cast<std::size_t>(form)];
      forms.print_bottoms[form] =
          static_cast<int>(std::lround((print.y + print.pattern.height()) * kFormDpi / scans::kStripDpi));
    }
    auto learned = learn_form(readers, engine, batch, members, cancel);
    if (!learned) continue;
    forms.learned.emplace(form, std::move(*learned));
    forms.origin = "learned";
  }
  return forms;
}

BatchHeader read_header_of(const scans::Face& face, const GrayImage& picture, const BatchForms& forms,
                           ocr::Tesseract& engine, ocr::ExternalEngines* further) {
  BatchHeader header;
  const auto bottom = forms.print_bottoms.find(face.form);
  header.bottom = bottom != forms.print_bottoms.end() ? bottom->second : picture.height();
  const auto learned = forms.learned.find(face.form);
  std::optional<HeaderForm> single;
  if (learned == forms.learned.end()) {
    single = understand_form(picture, false, engine);
    if (!single) return header;
  }
  const HeaderForm& form = single ? *single : learned->second;
  ReadHeader read = read_header(picture, form, engine, further);
  header.understood = true;
  header.reading = std::move(read.reading);
  header.engine_version = reader_version(engine);
  for (const std::string& version : read.further_versions) header.engine_version += ", " + version;
  for (const PixelRect& area : read.areas) header.fields.push_back(mapped(area, read.from_form));
  header.bottom = std::max(header.bottom, mapped(form.extent, read.from_form).bottom());
  header.bottom = std::clamp(header.bottom, 0, picture.height());
  return header;
}

HeaderReadings read_headers(const std::vector<pdf::SourceReader*>& readers, std::vector<ocr::Tesseract>& engines,
                            const scans::Batch& batch, const std::vector<scans::HeaderPrint>& prints,
                            const Cancel& cancel, const HeaderSeen& seen, const HeaderProgress& progress) {
  const std::vector<HeaderPlace> places = header_places(batch);
  HeaderReadings readings;
  readings.forms = learn_forms(readers, engines.front(), batch, prints, cancel);
  readings.headers.resize(places.size());
  std::mutex reporting;
  std::size_t done = 0;
  for_each_parallel(static_cast<int>(readers.size()), places.size(), cancel, [&](int worker, std::size_t i) {
    const scans::Face& face = face_at(batch, places[i]);
    BatchHeader& header = readings.headers[i];
    const auto picture = header_picture(*readers[worker], face);
    if (picture) header = read_header_of(face, *picture, readings.forms, engines[static_cast<std::size_t>(worker)]);
    header.booklet = places[i].booklet;
    header.face = places[i].face;
    if (picture) seen(header, *picture);
    const std::lock_guard lock(reporting);
    progress(++done, places.size());
  });
  return readings;
}

void look_again(const std::vector<pdf::SourceReader*>& readers, std::vector<ocr::Tesseract>& engines,
                ocr::ExternalEngines& further, const scans::Batch& batch, std::span<const std::size_t> doubtful,
                HeaderReadings& readings, const Cancel& cancel) {
  for_each_parallel(static_cast<int>(readers.size()), doubtful.size(), cancel, [&](int worker, std::size_t i) {
    BatchHeader& header = readings.headers[doubtful[i]];
    const HeaderPlace place{header.booklet, header.face};
    const scans::Face& face = face_at(batch, place);
    const auto picture = header_picture(*readers[worker], face);
    if (!picture) return;
    header = read_header_of(face, *picture, readings.forms, engines[static_cast<std::size_t>(worker)], &further);
    header.booklet = place.booklet;
    header.face = place.face;
  });
}

}  // namespace korrigo::identification
