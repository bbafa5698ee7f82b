/// Copies, booklets and faces as they are shown: to the office with everything, to a corrector with nothing that tells
/// who wrote them.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "copies/masks.h"
#include "storage/database.h"

namespace korrigo::copies {

struct StudentBrief {
  StudentId id;
  std::string last_name, first_name;
  std::string date_naissance;  // YYYY-MM-DD
  std::optional<std::string> email;
  std::string class_name;
};

struct FaceView {
  FaceId id;
  int position = 0;  // in its booklet; in a report, in its copy
  SourceId source;
  int side = 0;  // page of the source, from 1
  std::string half;
  int rotation = 0;
  double skew_degrees = 0;
  bool is_blank = false;
  bool has_header = false;
  std::vector<std::string> flags;
  std::optional<FaceBox> header;
  bool has_picture = false;
};

struct BookletView {
  BookletId id;
  ExamId exam;
  int start_page = 0, end_page = 0;
  std::optional<std::string> student_name_guess;
  bool has_header = false;
  std::optional<CopyId> copy;
  std::optional<std::string> copy_status;
  std::vector<FaceView> faces;
};

struct CandidateView {
  std::optional<StudentBrief> student;  // nothing: "not on the roster", or a student who is gone
  double confidence = 0;
  boost::json::object evidence = {};  // per field and engine
};

struct OcrView {
  boost::json::object readings;  // by field
  double confidence = 0;
  std::string mode;
  std::vector<CandidateView> candidates;  // by rank
  boost::json::object engines;            // versions by name
  std::optional<int> selected_rank;
  bool manual_override = false;
};

struct ExerciseCorrector {
  std::string exercise;  // a top-level exercise of the barème
  UserId corrector;
};

struct CopyView {
  CopyId id;
  ExamId exam;
  std::string anonymous_id;
  std::string status;
  std::optional<std::string> status_reason;
  std::optional<StudentBrief> student;
  std::optional<std::string> ocr_mode;
  std::optional<double> confidence;
  std::optional<std::string> student_identifier;
  std::optional<UserId> assigned_corrector;
  std::vector<ExerciseCorrector> exercise_correctors;  // by exercise
  std::optional<UtcTime> assigned_at;
  std::optional<std::string> dispatch_run;
  std::optional<std::string> subject_variant;
  std::string global_appreciation;
  int page_count = 0;
  std::vector<std::string> warnings;
  bool has_pdf = false;
  bool has_masked_pdf = false;
  UtcTime created_at{};
  std::optional<UtcTime> validated_at, locked_at, graded_at;
  std::optional<UserId> locked_by;
  // Of its exam.
  std::string exam_name, exam_subject, exam_date;
  std::vector<BookletId> booklets;
  std::optional<BookletId> header_booklet;  // the first with a picture of its header
};

struct PageView {
  int page_index = 0;
  bool is_blank = false;
};

/// Refuses with not_found "copy.not_found".
Result<CopyView> find_copy(storage::Transaction& transaction, const CopyId& copy);
std::vector<PageView> pages_of_copy(storage::Transaction& transaction, const CopyId& copy);
std::vector<BookletView> booklets_of_copy_shown(storage::Transaction& transaction, const CopyId& copy);
std::optional<OcrView> ocr_of_copy(storage::Transaction& transaction, const CopyId& copy);

/// Refuses with not_found "booklet.not_found".
Result<BookletView> show_booklet(storage::Transaction& transaction, const BookletId& booklet);
struct BookletPage {
  std::vector<BookletView> booklets;
  std::int64_t count = 0;  // over all pages
};
/// In the order of the scan.
BookletPage list_booklets(storage::Transaction& transaction, const ExamId& exam, int page_size, std::int64_t offset);

}  // namespace korrigo::copies
