/// The rows of stapling. Internal to this module.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "storage/database.h"

namespace korrigo::copies {

/// Makes the steps of one exam come one after the other. Refuses with not_found "exam.not_found", conflict "exam.busy".
Result<void> open_exam(storage::Transaction& transaction, const ExamId& exam, UtcTime now);

struct BookletPlace {
  ExamId exam;
  int position = 0;
  std::optional<CopyId> copy;
  std::string copy_status;  // of that copy
};
std::optional<BookletPlace> find_booklet(storage::Transaction& transaction, const BookletId& booklet);

struct FacePlace {
  ExamId exam;
  std::optional<BookletId> booklet;
  bool is_readable = true;  // false stands for a whole side that cannot be read
};
std::optional<FacePlace> find_face(storage::Transaction& transaction, const FaceId& face);

/// In marking, marked, or holding what a corrector has written.
bool is_in_use(storage::Transaction& transaction, const CopyId& copy);

std::vector<FaceId> faces_of_booklet(storage::Transaction& transaction, const BookletId& booklet);
std::vector<BookletId> booklets_of_copy(storage::Transaction& transaction, const CopyId& copy);
std::optional<StudentId> student_of_copy(storage::Transaction& transaction, const CopyId& copy);
int position_of_copy(storage::Transaction& transaction, const CopyId& copy);
/// Keys of the copy's PDFs.
std::vector<std::string> pdfs_of_copy(storage::Transaction& transaction, const CopyId& copy);

/// Behind the booklet at `position`, those after it move on. Its pages are counted by count_pages().
void insert_booklet(storage::Transaction& transaction, const BookletId& booklet, const ExamId& exam, int position,
                    UtcTime now);
void remove_booklet(storage::Transaction& transaction, const BookletId& booklet);
void place_face(storage::Transaction& transaction, const FaceId& face, const BookletId& booklet, int position);
void unplace_face(storage::Transaction& transaction, const FaceId& face, std::string_view reason);
/// Positions of its faces from 0 again.
void close_gaps(storage::Transaction& transaction, const BookletId& booklet);
/// Header picture and name of the booklet are those of its faces now; what the scan doubted of it, somebody has seen.
void describe_booklet(storage::Transaction& transaction, const BookletId& booklet);
/// start_page and end_page of all booklets of the exam.
void count_pages(storage::Transaction& transaction, const ExamId& exam);

/// A STAGING copy without booklets, under the next anonymous id.
void insert_copy(storage::Transaction& transaction, const CopyId& copy, const ExamId& exam, int position, UtcTime now);
void set_booklets(storage::Transaction& transaction, const CopyId& copy, const std::vector<BookletId>& booklets);
void set_student(storage::Transaction& transaction, const CopyId& copy, std::optional<StudentId> student, UtcTime now);
/// `to` has the student and the decision that `from` had.
void move_student(storage::Transaction& transaction, const CopyId& from, const CopyId& to, UtcTime now);
/// Pages of the copy as its booklets say, in a new version that has no files yet. Returns how many.
int lay_out(storage::Transaction& transaction, const CopyId& copy, UtcTime now);

}  // namespace korrigo::copies
