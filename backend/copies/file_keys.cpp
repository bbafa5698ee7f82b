#include "copies/file_keys.h"

#include <boost/json/object.hpp>

#include "copies/copy_state.h"

namespace korrigo::copies {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCopy{"files.copy", R"(
  SELECT assigned_corrector_id, anonymous_id, pdf_file, masked_pdf_file FROM copy WHERE id = $1)"};
constexpr Statement kMarksPart{"files.marks_part",
                               "SELECT 1 FROM exercise_assignment WHERE copy_id = $1 AND corrector_id = $2 LIMIT 1"};
constexpr Statement kPage{"files.page", R"(
  SELECT preview_file, thumbnail_file, masked_preview_file, masked_thumbnail_file, has_header, page_index,
    EXISTS (SELECT 1 FROM face_mask WHERE face_id = face.id)
  FROM face WHERE copy_id = $1 AND page_index = $2)",
                          R"(
  SELECT preview_file, thumbnail_file, masked_preview_file, masked_thumbnail_file, has_header, page_index,
    CAST(EXISTS (SELECT 1 FROM face_mask WHERE face_id = face.id) AS INT)
  FROM face WHERE copy_id = $1 AND page_index = $2)"};
constexpr Statement kGivenOut{"files.given_out", R"(
  SELECT 1 FROM copy WHERE id = $1
    AND (status IN ('LOCKED', 'GRADED', 'GRADING_FAILED') OR (status = 'READY' AND assigned_corrector_id IS NOT NULL)))"};
constexpr Statement kHeader{"files.header", "SELECT header_file FROM booklet WHERE id = $1"};
constexpr Statement kFace{"files.face", "SELECT preview_file, thumbnail_file FROM face WHERE id = $1"};

using Key = std::optional<std::string>;

tl::unexpected<Error> no_such_page() {
  return refuse(ErrorKind::not_found, "page.not_found", "There is no such page.");
}

Result<Row> copy_seen_by(Transaction& transaction, const CopyId& copy, const Viewer& viewer) {
  auto row = transaction.row(kCopy, copy);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  if (!viewer.is_office && row->get<std::optional<UserId>>(0) != viewer.user &&
      !transaction.row(kMarksPart, copy, viewer.user))
    return refuse(ErrorKind::forbidden, "auth.forbidden", "This copy is another corrector's.");
  return std::move(*row);
}

// Everything on a face that must be hidden is: a picture without masks is shown only of a face that has none.
Key masked_key(const Row& page, PictureSize size) {
  const std::size_t masked = size == PictureSize::preview ? 2 : 3;
  if (!page.is_null(masked)) return page.get<std::string>(masked);
  const bool must_be_masked = page.get<bool>(4) || page.get<int>(5) == 0 || page.get<bool>(6);
  if (must_be_masked) return std::nullopt;
  return page.get<Key>(masked - 2);
}

}  // namespace

Result<void> may_see(Transaction& transaction, const CopyId& copy, const Viewer& viewer) {
  const auto row = copy_seen_by(transaction, copy, viewer);
  if (!row) return tl::unexpected(row.error());
  return {};
}

Result<PdfFile> pdf_of_copy(Transaction& transaction, const CopyId& copy, const Viewer& viewer) {
  const auto row = copy_seen_by(transaction, copy, viewer);
  if (!row) return tl::unexpected(row.error());
  const Key key = row->get<Key>(viewer.is_office ? 2 : 3);
  if (!key) return refuse(ErrorKind::not_found, "copy.no_pdf", "The PDF of this copy is not made yet.");
  return PdfFile{*key, row->get<std::string>(1)};
}

void note_unmasking(const Office& office, const CopyId& copy) {
  office.database.write_contended([&](Transaction& t) {
    if (!t.row(kGivenOut, copy)) return;
    const UtcTime now = office.queue.clock().now();
    record_event(t, copy, "UNMASK", office.actor.user, {}, now);
    audit::append(t, {.by = office.actor, .action = "copy.unmask", .target_type = "copy", .target_id = copy.text()},
                  now);
  });
}

Result<std::string> picture_of_page(Transaction& transaction, const CopyId& copy, std::int64_t page, PictureSize size,
                                    const Viewer& viewer) {
  const auto row = copy_seen_by(transaction, copy, viewer);
  if (!row) return tl::unexpected(row.error());
  if (!viewer.is_office && row->is_null(3)) return no_such_page();
  const auto face = transaction.row(kPage, copy, page - 1);
  if (!face) return no_such_page();
  const Key key = viewer.is_office ? face->get<Key>(size == PictureSize::preview ? 0 : 1) : masked_key(*face, size);
  if (!key) return no_such_page();
  return *key;
}

Result<std::string> picture_of_header(Transaction& transaction, const BookletId& booklet) {
  const auto row = transaction.row(kHeader, booklet);
  if (!row) return refuse(ErrorKind::not_found, "booklet.not_found", "There is no such booklet.");
  const Key key = row->get<Key>(0);
  if (!key) return refuse(ErrorKind::not_found, "booklet.no_header", "This booklet has no header.");
  return *key;
}

Result<std::string> picture_of_face(Transaction& transaction, const FaceId& face, PictureSize size) {
  const auto row = transaction.row(kFace, face);
  const Key key = row ? row->get<Key>(size == PictureSize::preview ? 0 : 1) : std::nullopt;
  if (!key) return refuse(ErrorKind::not_found, "face.not_found", "There is no picture of this face.");
  return *key;
}

}  // namespace korrigo::copies
