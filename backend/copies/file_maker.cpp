#include "copies/file_maker.h"

namespace korrigo::copies {

namespace fs = std::filesystem;

namespace {

// Files on their way: made in a folder of their own, then moved to their keys all at once, since a sync for each would
// take longer than making them.
class FileMaker {
 public:
  FileMaker(storage::Blobs& blobs, const BatchWork& work)
      : work_(work), folder_(blobs.temporary("copies")), files_(blobs) {}

  /// Files of the copy, and which faces could not be taken over.
  std::vector<DroppedFace> write(pdf::SourceReader& reader, const CopyFiles& copy, std::vector<StoredFace>& faces,
                                 const std::vector<std::pair<int, int>>& shared) {
    auto shown = shown_faces(reader, faces, shared, true);
    const auto dropped = write_copy_pdfs(reader, shown, path("copy.pdf"), path("masked.pdf"));
    for (auto gone = dropped.rbegin(); gone != dropped.rend(); ++gone) {
      shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(gone->face));
      faces.erase(faces.begin() + static_cast<std::ptrdiff_t>(gone->face));
    }
    if (!shown.empty()) {
      files_.adopt(copy.pdf, path("copy.pdf"));
      files_.adopt(copy.masked_pdf, path("masked.pdf"));
    }
    write_pictures(reader, shown, faces);
    files_.commit();
    return dropped;
  }

  void write_loose(pdf::SourceReader& reader, const std::vector<StoredFace>& faces) {
    write_pictures(reader, shown_faces(reader, faces, {}, false), faces);
    files_.commit();
  }

  /// The keys of the pictures that exist now, of each face.
  std::vector<std::pair<StoredFace, FaceFiles>> take_pictures() { return std::move(pictures_); }

 private:
  fs::path path(const std::string& name) const { return folder_.path() / name; }

  static std::vector<ShownFace> shown_faces(pdf::SourceReader& reader, const std::vector<StoredFace>& faces,
                                            const std::vector<std::pair<int, int>>& shared, bool is_copy) {
    std::vector<ShownFace> shown;
    for (const StoredFace& stored : faces) {
      const MaskedFace masked{stored.face, is_copy && shown.empty(), stored.header_box, stored.added_masks};
      ShownFace face{stored.face, hidden_on_side(masked, reader.side(stored.face.source, stored.face.side).dpi), false};
      face.isolate =
          std::find(shared.begin(), shared.end(), std::pair(stored.face.source, stored.face.side)) != shared.end();
      shown.push_back(std::move(face));
    }
    return shown;
  }

  void write_pictures(pdf::SourceReader& reader, const std::vector<ShownFace>& shown,
                      const std::vector<StoredFace>& faces) {
    const auto pictures_at = [&](std::size_t face) {
      const std::string stem = std::to_string(face);
      return FacePictures{path(stem + ".jpg"), path(stem + "-small.jpg"), path(stem + "-masked.jpg"),
                          path(stem + "-masked-small.jpg")};
    };
    write_previews(reader, shown, pictures_at);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      FaceFiles keys = face_files(work_.exam, faces[i]);
      const FacePictures made = pictures_at(i);
      adopt(keys.preview, made.preview);
      adopt(keys.thumbnail, made.thumbnail);
      adopt(keys.masked_preview, made.masked_preview);
      adopt(keys.masked_thumbnail, made.masked_thumbnail);
      pictures_.emplace_back(faces[i], std::move(keys));
    }
  }

  // A picture that was not made has no key.
  void adopt(std::string& key, const fs::path& file) {
    if (fs::exists(file))
      files_.adopt(key, file);
    else
      key.clear();
  }

  const BatchWork& work_;
  TempFolder folder_;
  storage::BlobBatch files_;
  std::vector<std::pair<StoredFace, FaceFiles>> pictures_;
};

}  // namespace

MadeFiles make_copy_files(storage::Database& database, storage::Blobs& blobs, const BatchWork& work,
                          pdf::SourceReader& reader, const CopyId& id) {
  struct Plan {
    std::optional<CopyFiles> files;
    std::vector<StoredFace> faces;
    std::vector<std::pair<int, int>> shared;
  };
  Plan plan = database.read([&](storage::Transaction& t) {
    return Plan{copy_files(t, id), faces_of_copy(t, work.sources, id), shared_sides(t, id, work.sources)};
  });
  if (!plan.files || plan.faces.empty()) return {};
  const std::vector<StoredFace> all = plan.faces;
  FileMaker maker(blobs, work);
  MadeFiles made;
  for (const DroppedFace& face : maker.write(reader, *plan.files, plan.faces, plan.shared))
    made.dropped.emplace_back(all[face.face].id, face.reason);
  if (made.dropped.size() < all.size()) made.copy = plan.files;
  made.pictures = maker.take_pictures();
  return made;
}

MadeFiles make_face_files(storage::Blobs& blobs, const BatchWork& work, pdf::SourceReader& reader,
                          const std::vector<StoredFace>& faces) {
  FileMaker maker(blobs, work);
  maker.write_loose(reader, faces);
  return {std::nullopt, {}, maker.take_pictures()};
}

bool record(storage::Transaction& transaction, const MadeFiles& made) {
  if (made.copy && !put_copy_files(transaction, *made.copy)) return false;
  for (const auto& [face, files] : made.pictures) put_face_files(transaction, face, files);
  for (const auto& [face, reason] : made.dropped) drop_face(transaction, face, reason);
  return true;
}

}  // namespace korrigo::copies
