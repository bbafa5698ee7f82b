/// One step of stapling while it is made. Internal to this module.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "copies/office.h"
#include "copies/staple_store.h"
#include "copies/undo_step.h"

namespace korrigo::copies {

/// Inside one transaction: open() the exam, add() what the step is about, keep(), change booklets and faces, close().
class StapleStep {
 public:
  StapleStep(storage::Transaction& transaction, const Office& office, ExamId exam)
      : transaction_(transaction), office_(office), exam_(std::move(exam)), now_(office.queue.clock().now()) {}

  Result<void> open() { return open_exam(transaction_, exam_, now_); }

  /// The booklet with its copy and all that copy holds. Refuses with conflict "booklet.copy_in_use".
  Result<void> add(const BookletId& booklet);
  void add_face(const FaceId& face) { rows_.faces.insert(face); }
  /// From here on rows may change.
  void keep();

  /// A booklet behind the one at `position`; a STAGING copy at `position`.
  BookletId make_booklet(int position);
  CopyId make_copy(int position);
  /// The booklet's faces were chosen by hand.
  void describe(const BookletId& booklet) { described_.insert(booklet); }

  /// Booklets and copies without faces go, the others are laid out; the step can be taken back from now on, and the
  /// files are on their way. Last in the transaction.
  void close(std::string_view action, std::string_view target_type, const std::string& target_id);
  /// The same for a step that takes another back.
  void close_undone(const StoredStep& undone);

  const std::set<CopyId>& copies() const { return rows_.copies; }
  const ExamId& exam() const { return exam_; }
  UtcTime now() const { return now_; }
  /// Keys of files that nobody refers to once this is committed.
  const std::vector<std::string>& obsolete() const { return obsolete_; }

 private:
  void lay_everything_out();
  void order_files();
  void note(std::string_view action, std::string_view target_type, const std::string& target_id);

  storage::Transaction& transaction_;
  const Office& office_;
  ExamId exam_;
  UtcTime now_;
  StepRows rows_;
  boost::json::object before_;
  std::set<BookletId> described_;
  std::vector<std::string> obsolete_;
};

/// After the commit.
void remove_obsolete(storage::Blobs& blobs, const std::vector<std::string>& keys);

}  // namespace korrigo::copies
