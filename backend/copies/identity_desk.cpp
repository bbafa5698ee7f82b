#include "copies/identity_desk.h"

#include <algorithm>
#include <boost/json.hpp>

#include "copies/identify.h"
#include "copies/identify_store.h"
#include "identification/reading_json.h"

namespace korrigo::copies {
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kExam{"identity_desk.exam", "SELECT 1 FROM exam WHERE id = $1"};
// What is left, and $2 whatever it is by now: others are before and after it. With who has it at $3.
constexpr Statement kOrder{"identity_desk.order", R"(
  SELECT copy.id, copy.status, copy.student_id, place.desk, place.user_id, person.username, person.first_name,
    person.last_name
  FROM copy LEFT JOIN ocr_result ON ocr_result.copy_id = copy.id
  LEFT JOIN desk_place place ON place.copy_id = copy.id AND place.until > $3
  LEFT JOIN "user" person ON person.id = place.user_id
  WHERE copy.exam_id = $1
    AND ((copy.student_id IS NULL AND copy.status IN ('STAGING', 'READY')) OR copy.id = CAST($2 AS TEXT))
  ORDER BY coalesce(ocr_result.confidence, -1) DESC, copy.anonymous_id, copy.id)"};
constexpr Statement kForget{"identity_desk.forget", "DELETE FROM desk_place WHERE until <= $1"};
constexpr Statement kLeave{"identity_desk.leave", "DELETE FROM desk_place WHERE desk = $1 AND user_id = $2"};
// The engines let a conflict with a place taken meanwhile run again (storage/README.md), so nothing is left undone
// here.
constexpr Statement kTake{"identity_desk.take", R"(
  INSERT INTO desk_place (copy_id, desk, user_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING)"};
constexpr Statement kCounts{"identity_desk.counts", R"(
  SELECT CAST(coalesce(sum(CASE WHEN student_id IS NULL AND status IN ('STAGING', 'READY') THEN 1 ELSE 0 END), 0) AS BIGINT),
    CAST(coalesce(sum(CASE WHEN student_id IS NULL THEN 0 ELSE 1 END), 0) AS BIGINT),
    CAST(coalesce(sum(CASE WHEN status = 'QUARANTINE' THEN 1 ELSE 0 END), 0) AS BIGINT)
  FROM copy WHERE exam_id = $1)"};
constexpr Statement kPeople{"identity_desk.people", R"(
  SELECT person.id, person.username, person.first_name, person.last_name, coalesce(done.number, 0),
    CASE WHEN here.user_id IS NULL THEN 0 ELSE 1 END
  FROM "user" person
  LEFT JOIN (SELECT decided_by, count(*) AS number FROM copy JOIN ocr_result ON ocr_result.copy_id = copy.id
    WHERE copy.exam_id = $1 AND copy.student_id IS NOT NULL GROUP BY decided_by) done ON done.decided_by = person.id
  LEFT JOIN (SELECT DISTINCT desk_place.user_id FROM desk_place JOIN copy ON copy.id = desk_place.copy_id
    WHERE copy.exam_id = $1 AND desk_place.until > $2) here ON here.user_id = person.id
  WHERE done.decided_by IS NOT NULL OR here.user_id IS NOT NULL
  ORDER BY person.username)"};
constexpr Statement kReadings{"identity_desk.readings", R"(
  SELECT header_reading.reading FROM face JOIN header_reading ON header_reading.face_id = face.id
  WHERE face.booklet_id = $1 AND face.header_file IS NOT NULL ORDER BY face.booklet_position, header_reading.engine)"};

/// A copy in the desk's order.
struct Turn {
  CopyId copy;
  std::string status;
  std::optional<StudentId> student;
  std::optional<std::string> desk;  // that has it
  DeskPerson holder;

  bool is_open() const { return !student && (status == "STAGING" || status == "READY"); }
  bool is_free_for(const std::string& who) const { return is_open() && (!desk || *desk == who); }
};

std::vector<Turn> order_of(Transaction& t, const ExamId& exam, const std::optional<CopyId>& besides, UtcTime now) {
  std::vector<Turn> order;
  for (const Row& row : t.rows(kOrder, exam, besides, now)) {
    Turn turn{row.get<CopyId>(0),
              row.get<std::string>(1),
              row.get<std::optional<StudentId>>(2),
              row.get<std::optional<std::string>>(3),
              {}};
    if (turn.desk)
      turn.holder = {row.get<UserId>(4),
                     display_name(row.get<std::string>(5), row.get<std::string>(6), row.get<std::string>(7)), 0, true};
    order.push_back(std::move(turn));
  }
  return order;
}

Result<CopyId> place_to_stay(Transaction& t, const std::vector<Turn>& order, const DeskWish& wish) {
  const auto turn = std::ranges::find_if(order, [&](const Turn& one) { return one.copy == wish.copy; });
  if (turn == order.end()) return refuse(ErrorKind::not_found, "copy.not_found", "There is no such copy.");
  if (turn->is_free_for(wish.desk)) return turn->copy;
  if (turn->student) return refuse_identified(t, turn->copy, *turn->student);
  if (turn->is_open())
    return refuse(ErrorKind::conflict, "identification.at_another_desk",
                  fmt::format("{} has this copy at the desk.", turn->holder.name));
  if (turn->status == "QUARANTINE")
    return refuse(ErrorKind::conflict, "identification.set_apart", "This copy has been put in quarantine.");
  return refuse(ErrorKind::conflict, "copy.in_marking", "The copy is being marked or has been marked.");
}

// The nearest free one, all the way round; the copy shown before comes last.
std::optional<CopyId> place_beside(const std::vector<Turn>& order, const DeskWish& wish) {
  const auto size = static_cast<std::ptrdiff_t>(order.size());
  const std::ptrdiff_t step = wish.move == DeskMove::back ? -1 : 1;
  const auto shown = std::ranges::find_if(order, [&](const Turn& one) { return one.copy == wish.copy; });
  std::ptrdiff_t at = shown == order.end() ? (step > 0 ? -1 : size) : shown - order.begin();
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    at = (at + step + size) % size;
    const Turn& turn = order[static_cast<std::size_t>(at)];
    if (turn.is_free_for(wish.desk)) return turn.copy;
  }
  return std::nullopt;
}

DeskProgress progress_of(Transaction& t, const ExamId& exam, UtcTime now) {
  const auto counts = t.row(kCounts, exam);
  DeskProgress progress{counts->get<std::int64_t>(0), counts->get<std::int64_t>(1), counts->get<std::int64_t>(2), {}};
  for (const Row& row : t.rows(kPeople, exam, now))
    progress.people.push_back({row.get<UserId>(0),
                               display_name(row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3)),
                               row.get<std::int64_t>(4), row.get<bool>(5)});
  return progress;
}

// Readings are of the whole header picture; the one that is stored for people has half its width (header_reader.cpp).
std::vector<HeaderField> fields_of(Transaction& t, const BookletId& booklet) {
  std::vector<HeaderField> fields;
  for (const Row& row : t.rows(kReadings, booklet)) {
    const auto header = identification::header_of_json(boost::json::parse(row.get<std::string>(0)));
    if (!header || !header->understood) continue;
    for (std::size_t i = 0; i < header->fields.size(); ++i) {
      const imaging::PixelRect& box = header->fields[i];
      fields.push_back({std::string(ocr::to_string(header->reading.fields[i].kind)), box.x / 2.0, box.y / 2.0,
                        box.width / 2.0, box.height / 2.0});
    }
    break;
  }
  return fields;
}

Result<DeskPlace> sit_down(Transaction& t, const Office& office, const ExamId& exam, const DeskWish& wish) {
  if (!t.row(kExam, exam)) return refuse(ErrorKind::not_found, "exam.not_found", "There is no such exam.");
  const UtcTime now = office.queue.clock().now();
  t.execute(kForget, now);
  const auto order = order_of(t, exam, wish.copy, now);
  std::optional<CopyId> taken;
  if (wish.move == DeskMove::stay) {
    const auto stays = place_to_stay(t, order, wish);
    if (!stays) return tl::unexpected(stays.error());
    taken = *stays;
  } else {
    taken = place_beside(order, wish);
  }
  t.execute(kLeave, wish.desk, *office.actor.user);
  DeskPlace place;
  place.until = now + kDeskPlace;
  if (taken) {
    t.execute(kTake, *taken, wish.desk, *office.actor.user, place.until);
    place.copy = std::move(with_readings(t, {*taken}).front());
    if (const auto& booklet = place.copy->copy.header_booklet) place.fields = fields_of(t, *booklet);
  }
  place.progress = progress_of(t, exam, now);
  return place;
}

}  // namespace

Result<DeskPlace> take_place(const Office& office, const ExamId& exam, const DeskWish& wish) {
  return office.database.write([&](Transaction& t) { return sit_down(t, office, exam, wish); });
}

void leave_desk(const Office& office, const std::string& desk) {
  office.database.write([&](Transaction& t) { t.execute(kLeave, desk, *office.actor.user); });
}

DeskPage list_desk(Transaction& transaction, const ExamId& exam, int page_size, std::int64_t offset, UtcTime now) {
  const auto order = order_of(transaction, exam, std::nullopt, now);
  DeskPage page{{}, static_cast<std::int64_t>(order.size())};
  std::vector<CopyId> ids;
  std::vector<std::optional<DeskPerson>> holders;
  for (std::int64_t i = offset; i < std::min<std::int64_t>(offset + page_size, page.count); ++i) {
    const Turn& turn = order[static_cast<std::size_t>(i)];
    ids.push_back(turn.copy);
    holders.push_back(turn.desk ? std::optional(turn.holder) : std::nullopt);
  }
  auto copies = with_readings(transaction, ids);
  for (std::size_t i = 0; i < copies.size(); ++i) page.entries.push_back({std::move(copies[i]), std::move(holders[i])});
  return page;
}

}  // namespace korrigo::copies
