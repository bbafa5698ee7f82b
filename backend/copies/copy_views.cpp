#include "copies/copy_views.h"

#include <boost/json.hpp>

#include "copies/copy_rows.h"

namespace korrigo::copies {
namespace {

namespace json = boost::json;
using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCopy{"copy.shown", "SELECT " KORRIGO_COPY_COLUMNS KORRIGO_COPY_FROM "WHERE copy.id = $1"};
constexpr Statement kPages{"copy.pages_shown",
                           "SELECT page_index, is_blank FROM face WHERE copy_id = $1 ORDER BY page_index"};

#define KORRIGO_BOOKLET_COLUMNS                                                                                 \
  "SELECT booklet.id, booklet.exam_id, booklet.start_page, booklet.end_page, booklet.student_name_guess, "      \
  "booklet.header_file, copy.id, copy.status FROM booklet LEFT JOIN copy_booklet ON copy_booklet.booklet_id = " \
  "booklet.id LEFT JOIN copy ON copy.id = copy_booklet.copy_id "
constexpr Statement kBooklet{"booklet.shown", KORRIGO_BOOKLET_COLUMNS "WHERE booklet.id = $1"};
constexpr Statement kBookletsOfCopy{
    "booklet.of_copy_shown", KORRIGO_BOOKLET_COLUMNS "WHERE copy_booklet.copy_id = $1 ORDER BY copy_booklet.position"};
constexpr Statement kBooklets{"booklet.list", KORRIGO_BOOKLET_COLUMNS
                              "WHERE booklet.exam_id = $1 ORDER BY booklet.position, booklet.id LIMIT $2 OFFSET $3"};
#undef KORRIGO_BOOKLET_COLUMNS
constexpr Statement kCount{"booklet.count", "SELECT count(*) FROM booklet WHERE exam_id = $1"};

#define KORRIGO_FACES_SHOWN                                                                                        \
  "SELECT face.booklet_id, face.id, booklet_position, exam_pdf_id, side, half, rotation, skew_degrees, is_blank, " \
  "has_header, flags, header_x, header_y, header_w, header_h, preview_file FROM "
constexpr Statement kFaces{"face.of_booklets_shown",
                           KORRIGO_FACES_SHOWN
                           "json_each($1) wanted JOIN face ON face.booklet_id = wanted.value "
                           "ORDER BY face.booklet_id, booklet_position",
                           KORRIGO_FACES_SHOWN
                           "json_array_elements_text(CAST($1 AS json)) wanted(value) "
                           "JOIN face ON face.booklet_id = wanted.value ORDER BY face.booklet_id, booklet_position"};
#undef KORRIGO_FACES_SHOWN

BookletView booklet_of(const Row& row) {
  BookletView booklet;
  booklet.id = row.get<BookletId>(0);
  booklet.exam = row.get<ExamId>(1);
  booklet.start_page = row.get<int>(2);
  booklet.end_page = row.get<int>(3);
  booklet.student_name_guess = row.get<std::optional<std::string>>(4);
  booklet.has_header = !row.is_null(5);
  booklet.copy = row.get<std::optional<CopyId>>(6);
  booklet.copy_status = row.get<std::optional<std::string>>(7);
  return booklet;
}

FaceView face_of(const Row& row) {
  FaceView face;
  face.id = row.get<FaceId>(1);
  face.position = row.get<int>(2);
  face.source = row.get<SourceId>(3);
  face.side = row.get<int>(4) + 1;
  face.half = row.get<std::string>(5);
  face.rotation = row.get<int>(6);
  face.skew_degrees = row.get<double>(7);
  face.is_blank = row.get<bool>(8);
  face.has_header = row.get<bool>(9);
  face.flags = json::value_to<std::vector<std::string>>(json::parse(row.get<std::string>(10)));
  if (face.has_header && !row.is_null(14))
    face.header = FaceBox{row.get<double>(11), row.get<double>(12), row.get<double>(13), row.get<double>(14)};
  face.has_picture = !row.is_null(15);
  return face;
}

std::vector<BookletView> with_faces(Transaction& transaction, const std::vector<Row>& rows) {
  std::vector<BookletView> booklets;
  std::map<BookletId, std::size_t> index;
  json::array ids;
  for (const Row& row : rows) {
    booklets.push_back(booklet_of(row));
    index[booklets.back().id] = booklets.size() - 1;
    ids.emplace_back(booklets.back().id.text());
  }
  if (booklets.empty()) return booklets;
  for (const Row& row : transaction.rows(kFaces, json::serialize(ids)))
    booklets[index.at(row.get<BookletId>(0))].faces.push_back(face_of(row));
  return booklets;
}

}  // namespace

Result<CopyView> find_copy(Transaction& transaction, const CopyId& copy) {
  const auto row = transaction.row(kCopy, copy);
  if (!row) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  std::vector<CopyView> one = {copy_of_row(*row)};
  add_parts(transaction, one);
  return std::move(one.front());
}

std::vector<PageView> pages_of_copy(Transaction& transaction, const CopyId& copy) {
  std::vector<PageView> pages;
  for (const Row& row : transaction.rows(kPages, copy)) pages.push_back({row.get<int>(0), row.get<bool>(1)});
  return pages;
}

std::vector<BookletView> booklets_of_copy_shown(Transaction& transaction, const CopyId& copy) {
  return with_faces(transaction, transaction.rows(kBookletsOfCopy, copy));
}

std::optional<OcrView> ocr_of_copy(Transaction& transaction, const CopyId& copy) {
  auto all = ocr_of_copies(transaction, {copy});
  if (all.empty()) return std::nullopt;
  return std::move(all.begin()->second);
}

Result<BookletView> show_booklet(Transaction& transaction, const BookletId& booklet) {
  auto found = with_faces(transaction, transaction.rows(kBooklet, booklet));
  if (found.empty()) return refuse(ErrorKind::not_found, "booklet.not_found", "There is no such booklet.");
  return std::move(found.front());
}

BookletPage list_booklets(Transaction& transaction, const ExamId& exam, int page_size, std::int64_t offset) {
  BookletPage page;
  page.booklets = with_faces(transaction, transaction.rows(kBooklets, exam, page_size, offset));
  page.count = transaction.row(kCount, exam)->get<std::int64_t>(0);
  return page;
}

}  // namespace korrigo::copies
