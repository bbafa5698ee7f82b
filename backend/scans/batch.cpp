#include "scans/batch.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>

#include "scans/doubles.h"
#include "scans/orientation.h"
#include "scans/sheets.h"

namespace korrigo::scans {
namespace {

// Sheets from one header to the next: what belongs to one booklet if every sheet without header continues the one
// before.
struct Run {
  std::vector<const Sheet*> sheets;
};

int face_count(const Run& run) {
  int count = 0;
  for (const Sheet* sheet : run.sheets) count += face_count(*sheet);
  return count;
}

class Arrangement {
 public:
  Arrangement(std::vector<SurveyedSide> sides, const ArrangeOptions& options, const BatchEvidence& evidence)
      : sides_(std::move(sides)), options_(options), evidence_(evidence) {}

  Batch arrange() {
    mark_headers(sides_);
    batch_.imposition = options_.imposition.value_or(imposition_of(sides_));
    batch_.verso_rotation = turn_versos(sides_, options_.verso_rotation, !evidence_.printed_pages);
    list_unreadable();
    sheets_ = pair_sides(sides_);
    drop_doubles();
    cut_runs();
    learn_lengths();
    for (const Run& run : runs_) place(run);
    for (Booklet& booklet : batch_.booklets) judge_length(booklet);
    if (batch_.booklets.empty())
      batch_.warnings.emplace_back("No printed header was recognised in this batch, so no copy begins anywhere.");
    return std::move(batch_);
  }

 private:
  void list_unreadable() {
    for (const SurveyedSide& side : sides_) {
      if (side.problem.empty()) continue;
      UnplacedFace whole;
      whole.source = side.source;
      whole.side = side.side;
      whole.reason = side.problem;
      batch_.unplaced.push_back(std::move(whole));
    }
  }

  void leave_out(const Sheet& sheet, const std::string& reason) {
    for (const SurveyedSide* side : sheet.sides)
      for (const auto& half : side->halves) batch_.unplaced.push_back({half.face, reason});
  }

  void drop_doubles();

  void cut_runs() {
    bool owner_lost = false;
    for (const Sheet& sheet : sheets_) {
      if (sheet.sides.size() == 1 && sheet.sides.front()->halves.empty()) continue;
      if (sheet.header_side_lost) {
        leave_out(sheet, "The other side of this sheet, which carries the header, cannot be read; attach it by hand.");
        owner_lost = true;
        continue;
      }
      if (sheet.header) {
        runs_.emplace_back();
        owner_lost = false;
      }
      if (owner_lost) {
        leave_out(sheet, "A sheet before this one, which may carry its header, cannot be read; attach it by hand.");
        continue;
      }
      if (runs_.empty()) {
        leave_out(sheet, "No header comes before this face; attach it by hand.");
        continue;
      }
      runs_.back().sheets.push_back(&sheet);
    }
  }

  void learn_lengths() {
    for (const Run& run : runs_) ++lengths_[face_count(run)];
    int most = 0;
    for (const auto& [length, count] : lengths_)
      if (count > most) {
        most = count;
        batch_.pages_per_booklet = length;
      }
    if (options_.pages_per_booklet) batch_.pages_per_booklet = *options_.pages_per_booklet;
  }

  // A length that several booklets of the batch have is how this exam was written, not an accident.
  bool is_habit(int length) const {
    if (options_.pages_per_booklet) return length <= *options_.pages_per_booklet;
    const auto found = lengths_.find(length);
    const int enough = std::max(3, static_cast<int>(runs_.size()) / 20);
    return length <= batch_.pages_per_booklet || (found != lengths_.end() && found->second >= enough);
  }

  void place(const Run& run) {
    Booklet booklet;
    const int whole = face_count(run);
    for (const Sheet* sheet : run.sheets) {
      const int length = static_cast<int>(booklet.faces.size()) + face_count(*sheet);
      const bool a3 = sheet->sides.front()->is_a3();
      if (a3 && !sheet->header && !is_habit(whole) && !is_habit(length)) {
        leave_out(
            *sheet,
            "A loose sheet: it carries no header and the copy before it is complete without it; attach it by hand.");
        continue;
      }
      for (Face& face : faces_in_order(*sheet, batch_.imposition)) booklet.faces.push_back(std::move(face));
      if (!sheet->warning.empty()) booklet.warnings.push_back(sheet->warning);
    }
    if (!booklet.faces.empty()) batch_.booklets.push_back(std::move(booklet));
  }

  void judge_length(Booklet& booklet) const {
    const int length = static_cast<int>(booklet.faces.size());
    booklet.overlong = length > batch_.pages_per_booklet && !is_habit(length);
    if (length != batch_.pages_per_booklet)
      booklet.warnings.push_back(
          fmt::format("{} faces where a copy of this batch usually has {}.", length, batch_.pages_per_booklet));
  }

  std::vector<SurveyedSide> sides_;
  const ArrangeOptions& options_;
  const BatchEvidence& evidence_;
  std::vector<Sheet> sheets_;
  std::vector<Run> runs_;
  std::map<int, int> lengths_;
  Batch batch_;
};

void Arrangement::drop_doubles() {
  const auto doubles = find_doubles(sheets_, evidence_.same);
  std::vector<Sheet> kept;
  for (std::size_t i = 0; i < sheets_.size(); ++i) {
    if (!doubles[i]) continue;
    const SurveyedSide& original = *sheets_[*doubles[i]].sides.front();
    leave_out(sheets_[i], fmt::format("Scanned twice: the same sheet as page {}{}.", original.side + 1,
                                      original.source == sheets_[i].sides.front()->source ? "" : " of another file"));
  }
  for (std::size_t i = 0; i < sheets_.size(); ++i)
    if (!doubles[i]) kept.push_back(std::move(sheets_[i]));
  sheets_ = std::move(kept);
}

}  // namespace

std::string_view to_string(Half half) {
  switch (half) {
    case Half::full:
      return "full";
    case Half::left:
      return "left";
    case Half::right:
      return "right";
  }
  return "full";
}

std::string_view to_string(Imposition imposition) {
  return imposition == Imposition::booklet ? "booklet" : "plain";
}

Batch arrange(std::vector<SurveyedSide> sides, const ArrangeOptions& options, const BatchEvidence& evidence) {
  return Arrangement(std::move(sides), options, evidence).arrange();
}

}  // namespace korrigo::scans
