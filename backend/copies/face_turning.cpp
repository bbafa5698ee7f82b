#include "copies/face_turning.h"

#include "copies/masks.h"

namespace korrigo::copies {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kFace{"turning.face", R"(
  SELECT rotation, has_header, header_x, header_y, header_w, header_h FROM face WHERE id = $1)"};
constexpr Statement kTurn{"turning.turn", R"(
  UPDATE face SET rotation = $2, header_x = $3, header_y = $4, header_w = $5, header_h = $6, preview_file = NULL,
    thumbnail_file = NULL, masked_preview_file = NULL, masked_thumbnail_file = NULL WHERE id = $1)"};
constexpr Statement kMasks{"turning.masks", "SELECT id, x, y, w, h FROM face_mask WHERE face_id = $1"};
constexpr Statement kMask{"turning.mask", "UPDATE face_mask SET x = $2, y = $3, w = $4, h = $5 WHERE id = $1"};

FaceBox box_at(const Row& row, std::size_t column) {
  return {row.get<double>(column), row.get<double>(column + 1), row.get<double>(column + 2),
          row.get<double>(column + 3)};
}

}  // namespace

void turn_face(Transaction& transaction, const FaceId& face, int rotation) {
  const auto row = transaction.row(kFace, face);
  if (!row) return;
  const int by = (rotation - row->get<int>(0) + 360) % 360;
  if (by == 0) return;
  std::optional<FaceBox> header;
  if (!row->is_null(5))
    header = turned(box_at(*row, 2), by);
  else if (row->get<bool>(1))
    header = turned(kHeaderStrip, by);
  if (header)
    transaction.execute(kTurn, face, rotation, header->x, header->y, header->w, header->h);
  else
    transaction.execute(kTurn, face, rotation, nullptr, nullptr, nullptr, nullptr);
  for (const Row& mask : transaction.rows(kMasks, face)) {
    const FaceBox box = turned(box_at(mask, 1), by);
    transaction.execute(kMask, mask.get<std::string>(0), box.x, box.y, box.w, box.h);
  }
}

}  // namespace korrigo::copies
