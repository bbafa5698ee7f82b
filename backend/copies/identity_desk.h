/// The identification desk: several people go through the copies that are nobody's without meeting at one.
///
/// Each page of the desk (a `desk`, which names itself by a UUID) has one copy before it. A place is kept for
/// kDeskPlace and renewed while the copy is shown; then, or when the page leaves, the copy is free for others again. A
/// place keeps copies from being offered twice and nothing else: whoever identifies a copy does so by the rules of
/// identify.h.
#pragma once

#include <string>
#include <vector>

#include "copies/copy_list.h"
#include "copies/office.h"

namespace korrigo::copies {

inline constexpr std::chrono::seconds kDeskPlace{60};

struct DeskPerson {
  UserId id;
  std::string name;
  std::int64_t identified = 0;  // copies of the exam that are somebody's because this person said so
  bool is_here = false;
};
/// How far the exam is.
struct DeskProgress {
  std::int64_t left = 0;  // nobody's, and STAGING or READY: what the desk is for
  std::int64_t identified = 0;
  std::int64_t quarantined = 0;
  std::vector<DeskPerson> people;  // who identified or is here, by name
};

/// A field as it was found on the header's picture, in pixels of that picture.
struct HeaderField {
  std::string kind;  // "nom"
  double x = 0, y = 0, w = 0, h = 0;
};

struct DeskPlace {
  std::optional<UnidentifiedCopy> copy;  // nothing: no copy is free
  std::vector<HeaderField> fields;
  UtcTime until{};
  DeskProgress progress;
};

enum class DeskMove { stay, next, back };
struct DeskWish {
  std::string desk;
  DeskMove move = DeskMove::next;
  std::optional<CopyId> copy = {};  // which to stay at; or what next and back start from: the copy shown before
};
/// Takes the place that is wished for, and gives up what this desk had. Copies go round, the surest proposal first.
/// Staying is refused with not_found "copy.not_found", conflict "identification.already_identified", "copy.in_marking",
/// "identification.set_apart", "identification.at_another_desk". Anything with not_found "exam.not_found".
Result<DeskPlace> take_place(const Office& office, const ExamId& exam, const DeskWish& wish);
/// Nothing happens when it has none.
void leave_desk(const Office& office, const std::string& desk);

struct DeskEntry {
  UnidentifiedCopy copy;
  std::optional<DeskPerson> holder;
};
struct DeskPage {
  std::vector<DeskEntry> entries;
  std::int64_t count = 0;
};
/// What is left, in the desk's order.
DeskPage list_desk(storage::Transaction& transaction, const ExamId& exam, int page_size, std::int64_t offset,
                   UtcTime now);

}  // namespace korrigo::copies
