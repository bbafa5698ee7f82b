#include "copies/staple_step.h"

#include "copies/copy_state.h"
#include "copies/office_tasks.h"

namespace korrigo::copies {
namespace {

using storage::Statement;

constexpr Statement kWithoutPictures{"staple.without_pictures", R"(
  SELECT 1 FROM face WHERE id = $1 AND copy_id IS NULL AND preview_file IS NULL AND part_width > 0)"};
constexpr Statement kThere{"staple.copy_there", "SELECT 1 FROM copy WHERE id = $1"};

}  // namespace

Result<void> StapleStep::add(const BookletId& booklet) {
  rows_.booklets.insert(booklet);
  for (const FaceId& face : faces_of_booklet(transaction_, booklet)) rows_.faces.insert(face);
  const auto place = find_booklet(transaction_, booklet);
  if (!place || !place->copy || !rows_.copies.insert(*place->copy).second) return {};
  if (is_in_use(transaction_, *place->copy))
    return refuse(ErrorKind::conflict, "booklet.copy_in_use", "The copy of this booklet is being marked, or marked.");
  for (const BookletId& other : booklets_of_copy(transaction_, *place->copy)) {
    rows_.booklets.insert(other);
    for (const FaceId& face : faces_of_booklet(transaction_, other)) rows_.faces.insert(face);
  }
  return {};
}

void StapleStep::keep() {
  before_ = kept_rows(transaction_, rows_);
  for (const CopyId& copy : rows_.copies)
    for (std::string& key : pdfs_of_copy(transaction_, copy)) obsolete_.push_back(std::move(key));
}

BookletId StapleStep::make_booklet(int position) {
  BookletId id(make_uuid_v4());
  insert_booklet(transaction_, id, exam_, position, now_);
  rows_.booklets.insert(id);
  return id;
}

CopyId StapleStep::make_copy(int position) {
  CopyId id(make_uuid_v4());
  insert_copy(transaction_, id, exam_, position, now_);
  rows_.copies.insert(id);
  return id;
}

void StapleStep::close(std::string_view action, std::string_view target_type, const std::string& target_id) {
  lay_everything_out();
  put_step(transaction_, {exam_, *office_.actor.user, std::string(action), rows_, std::move(before_)}, now_);
  order_files();
  note(action, target_type, target_id);
}

void StapleStep::close_undone(const StoredStep& undone) {
  rows_ = undone.rows;
  lay_everything_out();
  set_undone(transaction_, undone.id, now_);
  order_files();
  note("undo_" + undone.action, "exam", exam_.text());
}

void StapleStep::lay_everything_out() {
  for (const BookletId& booklet : rows_.booklets) {
    if (!find_booklet(transaction_, booklet)) continue;
    close_gaps(transaction_, booklet);
    if (faces_of_booklet(transaction_, booklet).empty())
      remove_booklet(transaction_, booklet);
    else if (described_.contains(booklet))
      describe_booklet(transaction_, booklet);
  }
  for (const CopyId& copy : rows_.copies) {
    if (!transaction_.row(kThere, copy)) continue;
    set_booklets(transaction_, copy, booklets_of_copy(transaction_, copy));
    if (lay_out(transaction_, copy, now_) == 0) remove_copy(transaction_, copy, now_);
  }
  count_pages(transaction_, exam_);
}

void StapleStep::order_files() {
  RebuildOrder order{exam_, {}, {}};
  for (const CopyId& copy : rows_.copies)
    if (transaction_.row(kThere, copy)) order.copies.push_back(copy);
  for (const FaceId& face : rows_.faces)
    if (transaction_.row(kWithoutPictures, face)) order.faces.push_back(face);
  if (!order.copies.empty() || !order.faces.empty())
    office_.queue.enqueue(transaction_, rebuild_task(order, office_.actor.user));
}

void StapleStep::note(std::string_view action, std::string_view target_type, const std::string& target_id) {
  audit::append(transaction_,
                {.by = office_.actor,
                 .action = fmt::format("booklet.{}", action),
                 .target_type = std::string(target_type),
                 .target_id = target_id,
                 .details = {{"exam_id", exam_.text()}}},
                now_);
}

void remove_obsolete(storage::Blobs& blobs, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) blobs.remove(key);
}

}  // namespace korrigo::copies
