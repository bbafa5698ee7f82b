#include "copies/undo.h"

#include "copies/class_solver.h"
#include "copies/staple_step.h"

namespace korrigo::copies {
namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kBookletThere{"undo.booklet_there", "SELECT 1 FROM booklet WHERE id = $1"};
constexpr Statement kCopyThere{"undo.copy_is_there", "SELECT 1 FROM copy WHERE id = $1"};

bool is_stapling(const StoredStep& step) {
  return step.action != "identify" && step.action != "unidentify" && step.action != "quarantine";
}

tl::unexpected<Error> built_upon() {
  return refuse(ErrorKind::conflict, "undo.built_upon", "Something has been built on this step since.");
}

struct Back {
  Undone undone;
  std::vector<std::string> obsolete;
};

Undone undone_of(Transaction& t, const StoredStep& step) {
  Undone undone{step.action, {}, {}};
  for (const BookletId& booklet : step.rows.booklets)
    if (t.row(kBookletThere, booklet)) undone.booklets.push_back(booklet);
  for (const CopyId& copy : step.rows.copies)
    if (t.row(kCopyThere, copy)) undone.copies.push_back(copy);
  return undone;
}

Result<Back> take_back(Transaction& t, const Office& office, const ExamId& exam) {
  StapleStep undoing(t, office, exam);
  if (auto open = undoing.open(); !open) return tl::unexpected(open.error());
  const UserId user = *office.actor.user;
  const auto step = last_step(t, exam, user);
  if (!step) return refuse(ErrorKind::conflict, "undo.nothing", "There is nothing to undo.");
  if (standing(t, step->rows) != step->after) return built_upon();
  Back back;
  if (is_stapling(*step))
    for (const CopyId& copy : step->rows.copies)
      for (std::string& key : pdfs_of_copy(t, copy)) back.obsolete.push_back(std::move(key));
  if (!bring_back(t, step->rows, step->before, user, undoing.now())) return built_upon();
  if (is_stapling(*step)) {
    undoing.close_undone(*step);
  } else {
    set_undone(t, step->id, undoing.now());
    audit::append(
        t, {.by = office.actor, .action = "copy.undo_" + step->action, .target_type = "exam", .target_id = exam.text()},
        undoing.now());
  }
  back.undone = undone_of(t, *step);
  return back;
}

}  // namespace

Result<Undone> undo_last_step(const Office& office, const ExamId& exam) {
  auto back = office.database.write([&](Transaction& t) { return take_back(t, office, exam); });
  if (!back) return tl::unexpected(back.error());
  remove_obsolete(office.blobs, back->obsolete);
  solve_exam(office.database, office.queue.clock(), exam, {});
  return std::move(back->undone);
}

}  // namespace korrigo::copies
