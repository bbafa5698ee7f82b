#include "app/copies_out.h"

#include <fmt/format.h>
#include <map>

#include "base/files.h"
#include "copies/copy_files.h"
#include "imaging/geometry.h"
#include "imaging/jpeg.h"

namespace korrigo::app {
namespace {

namespace fs = std::filesystem;

std::string raw_header_name(std::size_t booklet, std::size_t face) {
  return fmt::format("{}-{}.jpg", booklet, face);
}

const identification::BatchHeader* header_of(const ScanResult& result, const ScannedCopy& copy,
                                             const scans::Face& face) {
  for (const std::size_t index : copy.headers) {
    const auto& header = result.headings.headers[index];
    const auto& own = result.batch.booklets[header.booklet].faces[header.face];
    if (own.source == face.source && own.side == face.side && own.half == face.half) return &header;
  }
  return nullptr;
}

using SideKey = std::pair<int, int>;

// Sides of which some face is in no copy or in another one: their pictures must be cut for real, so that nothing
// foreign hides in a copy.
std::set<SideKey> shared_sides(const ScanResult& result) {
  std::map<SideKey, std::set<const void*>> owners;
  for (const ScannedCopy& copy : result.copies)
    for (const scans::Face& face : copy.faces) owners[{face.source, face.side}].insert(&copy);
  for (const scans::UnplacedFace& face : result.batch.unplaced) owners[{face.source, face.side}].insert(&result.batch);
  std::set<SideKey> shared;
  for (const auto& [side, owning] : owners)
    if (owning.size() > 1) shared.insert(side);
  return shared;
}

class CopyWriter {
 public:
  CopyWriter(ScanResult& result, const fs::path& out, bool previews)
      : result_(result), out_(out), previews_(previews), shared_(shared_sides(result)) {
    for (const char* folder : {"copies", "masked"}) fs::create_directory(out_ / folder);
    if (previews_) fs::create_directory(out_ / "faces");
  }

  void write(pdf::SourceReader& reader, ScannedCopy& copy) {
    const std::string pdf = copy.anonymous_id + ".pdf";
    drop(copy,
         copies::write_copy_pdfs(reader, shown_faces(reader, copy), out_ / "copies" / pdf, out_ / "masked" / pdf));
    if (!previews_ || copy.faces.empty()) return;
    copies::write_previews(reader, shown_faces(reader, copy), [&](std::size_t face) {
      const std::string stem = fmt::format("{}-{}", copy.anonymous_id, face + 1);
      const fs::path folder = out_ / "faces";
      return copies::FacePictures{folder / (stem + ".jpg"), folder / (stem + "-small.jpg"),
                                  folder / (stem + "-masked.jpg"), folder / (stem + "-masked-small.jpg")};
    });
  }

 private:
  std::vector<copies::ShownFace> shown_faces(pdf::SourceReader& reader, const ScannedCopy& copy) const {
    std::vector<copies::ShownFace> shown;
    for (const scans::Face& face : copy.faces)
      shown.push_back(
          {face, copies::hidden_parts(face, header_of(result_, copy, face), reader.side(face.source, face.side).dpi),
           shared_.contains({face.source, face.side})});
    return shown;
  }

  void drop(ScannedCopy& copy, const std::vector<copies::DroppedFace>& dropped) {
    if (dropped.empty()) return;
    const std::lock_guard lock(unplacing_);
    for (auto gone = dropped.rbegin(); gone != dropped.rend(); ++gone) {
      const scans::Face face = copy.faces[gone->face];
      result_.batch.unplaced.push_back({face, gone->reason});
      copy.faces.erase(copy.faces.begin() + static_cast<std::ptrdiff_t>(gone->face));
    }
    copy.warnings.emplace_back("A damaged page could not be taken over into this copy.");
  }

  ScanResult& result_;
  const fs::path& out_;
  bool previews_;
  std::set<SideKey> shared_;
  std::mutex unplacing_;
};

}  // namespace

HeaderPictures::HeaderPictures(const fs::path& out) : folder_(out / "headers") {
  fs::create_directory(folder_);
}

void HeaderPictures::keep(const identification::BatchHeader& header, const imaging::GrayImage& picture) {
  constexpr int kQuality = 75;
  write_staged(folder_ / raw_header_name(header.booklet, header.face),
               imaging::encode_jpeg(imaging::box_reduced(picture, 2), kQuality));
}

void HeaderPictures::rename_for(const ScanResult& result) const {
  for (const ScannedCopy& copy : result.copies)
    for (std::size_t i = 0; i < copy.headers.size(); ++i) {
      const auto& header = result.headings.headers[copy.headers[i]];
      const fs::path raw = folder_ / raw_header_name(header.booklet, header.face);
      if (fs::exists(raw)) fs::rename(raw, folder_.parent_path() / header_picture_name(copy, i));
    }
}

std::string header_picture_name(const ScannedCopy& copy, std::size_t number) {
  return number == 0 ? fmt::format("headers/{}.jpg", copy.anonymous_id)
                     : fmt::format("headers/{}-{}.jpg", copy.anonymous_id, number + 1);
}

std::string preview_name(const ScannedCopy& copy, std::size_t face) {
  return fmt::format("faces/{}-{}.jpg", copy.anonymous_id, face + 1);
}

void write_copies(const std::vector<pdf::SourceReader*>& readers, ScanResult& result, const fs::path& out,
                  bool previews, const Cancel& cancel, const ScanProgress& progress) {
  CopyWriter writer(result, out, previews);
  std::mutex reporting;
  std::size_t done = 0;
  for_each_parallel(static_cast<int>(readers.size()), result.copies.size(), cancel, [&](int worker, std::size_t i) {
    writer.write(*readers[static_cast<std::size_t>(worker)], result.copies[i]);
    const std::lock_guard lock(reporting);
    progress("write", ++done, result.copies.size());
  });
}

}  // namespace korrigo::app
