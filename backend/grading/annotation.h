/// What a corrector draws and writes on the faces of a copy.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exams/total.h"
#include "grading/desk.h"

namespace korrigo::grading {

using AnnotationId = UuidOf<struct AnnotationTag>;

enum class AnnotationType { comment, highlight, error, bonus, ink, stamp };
std::string_view name_of(AnnotationType type);  // "COMMENT"
std::optional<AnnotationType> annotation_type_named(std::string_view name);

constexpr std::size_t kMaxContentBytes = 200'000;
constexpr std::size_t kMaxQuestionIdBytes = 255;

/// Fractions of the displayed face, origin at the top left.
struct AnnotationBox {
  double x = 0, y = 0, w = 0, h = 0;
};

struct AnnotationFields {
  AnnotationBox box;
  AnnotationType type = AnnotationType::comment;
  std::string content = {};                      // text; JSON for INK, TICK or CROSS for STAMP
  std::optional<std::int64_t> score_delta = {};  // hundredths
  std::optional<std::string> question_id = {};
};

struct NewAnnotation : AnnotationFields {
  std::optional<AnnotationId> id = {};  // chosen by a client that was offline
  int page_index = 0;                   // from 0
};

struct Annotation : AnnotationFields {
  AnnotationId id;
  CopyId copy;
  FaceId face;  // where it stays, however faces are turned and moved
  int page_index = 0;
  std::int64_t version = 1;
  UserId created_by;
  UtcTime created_at{};
  UtcTime updated_at{};
};

/// Only what is set changes; a score_delta or question_id that holds nothing is taken away.
struct AnnotationChange {
  std::optional<AnnotationBox> box = {};
  std::optional<AnnotationType> type = {};
  std::optional<std::string> content = {};
  std::optional<std::optional<std::int64_t>> score_delta = {};
  std::optional<std::optional<std::string>> question_id = {};
  std::optional<std::int64_t> version = {};  // the one the client has seen; without it the last write wins
};

/// Refuses with malformed "annotation.box" (outside of the face, empty), "annotation.content" (not what the type
/// takes, too long), "annotation.points", "annotation.page" (no such page), "score.unknown_question", forbidden
/// "lock.wrong_scope" (another exercise's question, or points without question under a lock of an exercise), conflict
/// "annotation.exists".
Result<Annotation> create_annotation(storage::Transaction& transaction, const Desk& desk, const NewAnnotation& fields);
/// Refuses also with not_found "annotation.not_found", forbidden "annotation.foreign" (another's, unless the desk is
/// the head's), conflict "annotation.stale" (changed since that version).
Result<Annotation> change_annotation(storage::Transaction& transaction, const Desk& desk, const AnnotationId& id,
                                     const AnnotationChange& change);
Result<void> delete_annotation(storage::Transaction& transaction, const Desk& desk, const AnnotationId& id,
                               std::optional<std::int64_t> version);

/// Refuses with not_found "annotation.not_found".
Result<Annotation> find_annotation(storage::Transaction& transaction, const AnnotationId& id);
struct AnnotationPage {
  std::vector<Annotation> annotations;
  std::int64_t count = 0;  // over all pages of the list
};
/// By page of the copy, in the order they were made.
AnnotationPage list_annotations(storage::Transaction& transaction, const CopyId& copy, int page_size,
                                std::int64_t offset);
/// Points of the copy's annotations, for exams::total_of().
std::vector<exams::Delta> deltas_of(storage::Transaction& transaction, const CopyId& copy);

}  // namespace korrigo::grading
