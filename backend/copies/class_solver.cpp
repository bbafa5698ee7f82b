#include "copies/class_solver.h"

#include "copies/candidate_rows.h"
#include "copies/class_store.h"
#include "copies/copy_state.h"
#include "copies/identify_store.h"
#include "copies/staple_store.h"
#include "copies/undo_step.h"

namespace korrigo::copies {
namespace {

using identification::Decision;
using identification::Mode;
using storage::Transaction;

constexpr int kTries = 3;
constexpr std::string_view kMayBeTwo = "It may hold pages of two students.";
constexpr std::string_view kNothingRead = "No name field was recognised in its header.";

std::vector<Decision> decisions_of(const ExamClass& all) {
  std::vector<identification::CopyEvidence> evidence(all.copies.size());
  std::vector<identification::Confirmed> confirmed;
  for (std::size_t i = 0; i < all.copies.size(); ++i) {
    const ClassCopy& copy = all.copies[i];
    for (const auto& header : copy.headers)
      if (header.understood) evidence[i].readings.push_back(header.reading);
    if (!copy.student) continue;
    const auto found = std::find(all.roster.ids.begin(), all.roster.ids.end(), *copy.student);
    if (found == all.roster.ids.end())
      confirmed.push_back({i, std::nullopt});
    else
      confirmed.push_back({i, static_cast<std::size_t>(found - all.roster.ids.begin())});
  }
  return identification::decide(all.roster.roster, evidence, all.thresholds, confirmed);
}

struct Solution {
  std::vector<Decision> decisions;
  std::vector<std::string> candidates;  // of each that is nobody's, as stored
};

Solution solve(const ExamClass& all) {
  Solution solution{decisions_of(all), {}};
  solution.candidates.resize(all.copies.size());
  for (std::size_t i = 0; i < all.copies.size(); ++i) {
    if (all.copies[i].student) continue;
    std::vector<const identification::BatchHeader*> headers;
    for (const auto& header : all.copies[i].headers) headers.push_back(&header);
    solution.candidates[i] = candidate_rows(solution.decisions[i], headers, all.roster, true);
  }
  return solution;
}

// What people know better, or must look at first.
void doubt(const ClassCopy& copy, Decision& decision) {
  if (!copy.is_overlong && !copy.is_decided) return;
  if (decision.mode == Mode::automatic) decision.mode = Mode::semi_automatic;
  decision.student.reset();
}

// The copy's own warnings, with those of its decision in place of those of the last one.
std::vector<std::string> warnings_of(Transaction& t, const ClassCopy& copy, const Decision& decision) {
  const auto old = decision_warnings(t, copy.id);
  std::vector<std::string> warnings;
  for (const std::string& warning : copy.warnings)
    if (warning != kMayBeTwo && warning != kNothingRead && std::find(old.begin(), old.end(), warning) == old.end())
      warnings.push_back(warning);
  warnings.insert(warnings.end(), decision.warnings.begin(), decision.warnings.end());
  if (copy.is_overlong) warnings.emplace_back(kMayBeTwo);
  if (std::none_of(copy.headers.begin(), copy.headers.end(), [](const auto& header) { return header.understood; }))
    warnings.emplace_back(kNothingRead);
  return warnings;
}

bool may_link(const ClassCopy& copy, const SolveOptions& options) {
  if (copy.status != "STAGING" || copy.is_decided) return false;
  return options.following.has_value() || options.link == copy.id;
}

void link(Transaction& t, const ClassCopy& copy, StudentId student, const SolveOptions& options, UtcTime now) {
  const auto before = kept_rows(t, {{}, {copy.id}, {}});
  set_student(t, copy.id, student, now);
  const boost::json::object metadata{{"student_id", student.value}, {"by", "reading"}};
  const auto identified = take_step(t, copy.id, Step::validate, "IDENTIFY", std::nullopt, metadata, now);
  if (!identified) throw std::logic_error(identified.error().message);
  if (options.following) add_to_step(t, *options.following, copy.id, before);
}

// Nothing when the class has changed since it was solved.
std::optional<std::vector<CopyId>> write_solution(Transaction& t, const ExamId& exam, const ExamClass& all,
                                                  Solution solution, const SolveOptions& options, UtcTime now) {
  hold_owners(t, exam, now);
  if (class_stamp(t, exam) != all.stamp) return std::nullopt;
  const bool may_follow = !options.following || is_open(t, *options.following);
  std::vector<CopyId> linked;
  for (std::size_t i = 0; i < all.copies.size(); ++i) {
    const ClassCopy& copy = all.copies[i];
    if (copy.student) continue;
    if (copy.headers.empty()) {
      forget_decision(t, copy.id);
      continue;
    }
    Decision& decision = solution.decisions[i];
    doubt(copy, decision);
    put_decision(t, copy.id, decision_row(copy.headers, decision, solution.candidates[i]),
                 warnings_of(t, copy, decision), now);
    if (!decision.student || !may_follow || !may_link(copy, options)) continue;
    link(t, copy, all.roster.ids[*decision.student], options, now);
    linked.push_back(copy.id);
  }
  return linked;
}

}  // namespace

std::vector<CopyId> solve_exam(storage::Database& database, const Clock& clock, const ExamId& exam,
                               const SolveOptions& options) {
  for (int i = 0; i < kTries; ++i) {
    const ExamClass all = database.read([&](Transaction& t) { return load_class(t, exam); });
    if (std::all_of(all.copies.begin(), all.copies.end(), [](const ClassCopy& copy) { return copy.student; }))
      return {};
    const Solution solution = solve(all);
    auto linked =
        database.write([&](Transaction& t) { return write_solution(t, exam, all, solution, options, clock.now()); });
    if (linked) return std::move(*linked);
  }
  return {};
}

}  // namespace korrigo::copies
