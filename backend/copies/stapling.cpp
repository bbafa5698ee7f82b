#include "copies/stapling.h"

#include <boost/json/array.hpp>

#include "copies/class_solver.h"
#include "copies/copy_state.h"
#include "copies/face_turning.h"
#include "copies/staple_step.h"

namespace korrigo::copies {
namespace {

using storage::Transaction;

constexpr std::string_view kTakenOut = "Taken out of its booklet by hand.";
constexpr std::string_view kDissolved = "Its booklet was dissolved by hand.";

tl::unexpected<Error> no_such_booklet() {
  return refuse(ErrorKind::not_found, "booklet.not_found", "There is no such booklet.");
}

tl::unexpected<Error> malformed(std::string code, std::string message, std::string field) {
  Error error{ErrorKind::malformed, std::move(code), std::move(message)};
  error.field = std::move(field);
  return tl::unexpected(std::move(error));
}

// What a step yields, beside the files that it leaves to nobody.
template <class Value>
struct Stapled {
  Value value;
  ExamId exam;
  std::vector<std::string> obsolete;
};

template <class Value>
Result<Value> settled(const Office& office, Result<Stapled<Value>> stapled) {
  if (!stapled) return tl::unexpected(stapled.error());
  remove_obsolete(office.blobs, stapled->obsolete);
  solve_exam(office.database, office.queue.clock(), stapled->exam, {});
  return std::move(stapled->value);
}

using BookletPair = std::pair<BookletId, BookletId>;

Result<Stapled<BookletPair>> split(Transaction& t, const Office& office, const BookletId& booklet, int at) {
  const auto place = find_booklet(t, booklet);
  if (!place) return no_such_booklet();
  StapleStep step(t, office, place->exam);
  if (auto open = step.open(); !open) return tl::unexpected(open.error());
  const std::vector<FaceId> faces = faces_of_booklet(t, booklet);
  if (at < 1 || at >= static_cast<int>(faces.size()))
    return malformed("booklet.split_outside", "A booklet is cut behind its first face at least, before its last.",
                     "at");
  if (auto added = step.add(booklet); !added) return tl::unexpected(added.error());
  step.keep();

  const BookletId behind = step.make_booklet(place->position);
  for (std::size_t i = static_cast<std::size_t>(at); i < faces.size(); ++i)
    place_face(t, faces[i], behind, static_cast<int>(i) - at);
  const CopyId copy = step.make_copy(place->copy ? position_of_copy(t, *place->copy) : place->position);
  set_booklets(t, copy, {behind});
  const boost::json::object metadata{{"booklet_ids", boost::json::array{booklet.text(), behind.text()}}};
  record_event(t, copy, "SPLIT", office.actor.user, metadata, step.now());
  if (place->copy) record_event(t, *place->copy, "SPLIT", office.actor.user, metadata, step.now());
  step.describe(booklet);
  step.describe(behind);
  step.close("split", "booklet", booklet.text());
  return Stapled<BookletPair>{{booklet, behind}, place->exam, step.obsolete()};
}

// What is known of booklets that shall be one copy.
struct Merging {
  std::vector<CopyId> emptied;     // copies that lose all their booklets
  std::vector<StudentId> named;    // whose the copies were, each once
  std::optional<CopyId> named_by;  // an emptied copy that was the student's
  std::optional<int> position;     // of the first of the copies
};

Merging look_at(Transaction& t, const StapleStep& step, const std::vector<BookletId>& booklets) {
  Merging merging;
  for (const CopyId& copy : step.copies()) {
    const auto own = booklets_of_copy(t, copy);
    const bool emptied = std::all_of(own.begin(), own.end(), [&](const BookletId& booklet) {
      return std::find(booklets.begin(), booklets.end(), booklet) != booklets.end();
    });
    if (emptied) merging.emptied.push_back(copy);
    const int position = position_of_copy(t, copy);
    merging.position = std::min(position, merging.position.value_or(position));
    const auto student = student_of_copy(t, copy);
    if (!student) continue;
    if (std::find(merging.named.begin(), merging.named.end(), *student) == merging.named.end())
      merging.named.push_back(*student);
    if (emptied) merging.named_by = copy;
  }
  return merging;
}

Result<void> check_merged(Transaction& t, const ExamId& exam, const std::vector<BookletId>& booklets) {
  if (booklets.empty()) return malformed("booklet.none", "Choose at least one booklet.", "booklet_ids");
  std::set<BookletId> seen;
  for (const BookletId& booklet : booklets) {
    const auto place = find_booklet(t, booklet);
    if (!place) return malformed("booklet.unknown", "There is no such booklet: " + booklet.text(), "booklet_ids");
    if (place->exam != exam)
      return malformed("booklet.other_exam", "This booklet belongs to another exam: " + booklet.text(), "booklet_ids");
    if (!seen.insert(booklet).second)
      return malformed("request.invalid", "booklet_ids: a booklet is named twice", "booklet_ids");
  }
  return {};
}

Result<Stapled<CopyId>> merge(Transaction& t, const Office& office, const ExamId& exam,
                              const std::vector<BookletId>& booklets) {
  StapleStep step(t, office, exam);
  auto open = step.open();
  if (!open && open.error().kind == ErrorKind::not_found) return tl::unexpected(open.error());
  if (auto checked = check_merged(t, exam, booklets); !checked) return tl::unexpected(checked.error());
  if (!open) return tl::unexpected(open.error());
  for (const BookletId& booklet : booklets)
    if (auto added = step.add(booklet); !added) return tl::unexpected(added.error());
  step.keep();

  const Merging merging = look_at(t, step, booklets);
  const CopyId copy = step.make_copy(merging.position.value_or(0));
  boost::json::array former;
  for (const CopyId& old : step.copies())
    if (old != copy) former.emplace_back(old.text());
  if (merging.named.size() == 1 && merging.named_by) move_student(t, *merging.named_by, copy, step.now());
  set_booklets(t, copy, booklets);
  for (const CopyId& old : merging.emptied) remove_copy(t, old, step.now());
  lay_out(t, copy, step.now());
  if (auto ready = take_step(t, copy, Step::validate, "MERGE", office.actor.user, {{"copy_ids", former}}, step.now());
      !ready)
    return tl::unexpected(ready.error());
  step.close("merge", "copy", copy.text());
  return Stapled<CopyId>{copy, exam, step.obsolete()};
}

Result<void> check_arranged(Transaction& t, const ExamId& exam, const std::vector<ArrangedFace>& faces) {
  if (faces.empty()) return malformed("request.invalid", "faces: must not be empty", "faces");
  std::set<FaceId> seen;
  for (const ArrangedFace& face : faces) {
    const auto place = find_face(t, face.id);
    if (!place || !place->is_readable)
      return malformed("face.unknown", "There is no such face: " + face.id.text(), "faces");
    if (place->exam != exam)
      return malformed("face.other_exam", "This face belongs to another exam: " + face.id.text(), "faces");
    if (!seen.insert(face.id).second)
      return malformed("face.twice", "This face is named twice: " + face.id.text(), "faces");
  }
  return {};
}

Result<Stapled<std::monostate>> arrange(Transaction& t, const Office& office, const BookletId& booklet,
                                        const std::vector<ArrangedFace>& faces) {
  const auto place = find_booklet(t, booklet);
  if (!place) return no_such_booklet();
  if (auto checked = check_arranged(t, place->exam, faces); !checked) return tl::unexpected(checked.error());
  StapleStep step(t, office, place->exam);
  if (auto open = step.open(); !open) return tl::unexpected(open.error());
  if (auto added = step.add(booklet); !added) return tl::unexpected(added.error());
  std::set<BookletId> donors;
  for (const ArrangedFace& face : faces) {
    step.add_face(face.id);
    if (const auto from = find_face(t, face.id)->booklet; from && *from != booklet) donors.insert(*from);
  }
  for (const BookletId& donor : donors)
    if (auto added = step.add(donor); !added) return tl::unexpected(added.error());
  step.keep();

  const std::vector<FaceId> before = faces_of_booklet(t, booklet);
  for (const FaceId& face : before)
    if (std::none_of(faces.begin(), faces.end(), [&](const ArrangedFace& one) { return one.id == face; }))
      unplace_face(t, face, kTakenOut);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    place_face(t, faces[i].id, booklet, static_cast<int>(i));
    if (faces[i].rotation) turn_face(t, faces[i].id, *faces[i].rotation);
  }
  step.describe(booklet);
  for (const BookletId& donor : donors) step.describe(donor);
  step.close("arrange", "booklet", booklet.text());
  return Stapled<std::monostate>{{}, place->exam, step.obsolete()};
}

Result<Stapled<std::monostate>> dissolve(Transaction& t, const Office& office, const BookletId& booklet) {
  const auto place = find_booklet(t, booklet);
  if (!place) return no_such_booklet();
  StapleStep step(t, office, place->exam);
  if (auto open = step.open(); !open) return tl::unexpected(open.error());
  if (place->copy && place->copy_status != "STAGING")
    return refuse(ErrorKind::conflict, "booklet.copy_not_staging", "The copy of this booklet is validated already.");
  if (auto added = step.add(booklet); !added) return tl::unexpected(added.error());
  step.keep();
  for (const FaceId& face : faces_of_booklet(t, booklet)) unplace_face(t, face, kDissolved);
  step.close("delete", "booklet", booklet.text());
  return Stapled<std::monostate>{{}, place->exam, step.obsolete()};
}

Result<void> without_value(const Result<std::monostate>& result) {
  if (!result) return tl::unexpected(result.error());
  return {};
}

}  // namespace

Result<BookletPair> split_booklet(const Office& office, const BookletId& booklet, int at) {
  return settled(office, office.database.write([&](Transaction& t) { return split(t, office, booklet, at); }));
}

Result<CopyId> merge_booklets(const Office& office, const ExamId& exam, const std::vector<BookletId>& booklets) {
  return settled(office, office.database.write([&](Transaction& t) { return merge(t, office, exam, booklets); }));
}

Result<void> arrange_faces(const Office& office, const BookletId& booklet, const std::vector<ArrangedFace>& faces) {
  return without_value(
      settled(office, office.database.write([&](Transaction& t) { return arrange(t, office, booklet, faces); })));
}

Result<void> delete_booklet(const Office& office, const BookletId& booklet) {
  return without_value(
      settled(office, office.database.write([&](Transaction& t) { return dissolve(t, office, booklet); })));
}

}  // namespace korrigo::copies
