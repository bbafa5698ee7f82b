#include "copies/scanned_copy.h"

#include <sodium.h>

#include "base/random.h"

namespace korrigo::copies {
namespace {

using identification::BatchHeader;
using identification::CopyEvidence;

constexpr double kMaybeSameStudent = 0.5;

CopyEvidence evidence_of(const ScannedCopy& copy, const std::vector<BatchHeader>& headers) {
  CopyEvidence evidence;
  for (const std::size_t header : copy.headers)
    if (headers[header].understood) evidence.readings.push_back(headers[header].reading);
  return evidence;
}

ScannedCopy copy_of(std::size_t booklet, const scans::Batch& batch, const std::vector<BatchHeader>& headers) {
  ScannedCopy copy;
  copy.booklets = {booklet};
  for (std::size_t i = 0; i < headers.size(); ++i)
    if (headers[i].booklet == booklet) copy.headers.push_back(i);
  copy.warnings = batch.booklets[booklet].warnings;
  return copy;
}

void join(ScannedCopy& copy, ScannedCopy further) {
  copy.booklets.insert(copy.booklets.end(), further.booklets.begin(), further.booklets.end());
  copy.headers.insert(copy.headers.end(), further.headers.begin(), further.headers.end());
  copy.warnings.insert(copy.warnings.end(), further.warnings.begin(), further.warnings.end());
}

std::vector<ScannedCopy> gather(const scans::Batch& batch, const std::vector<BatchHeader>& headers,
                                const students::Roster& roster) {
  std::vector<ScannedCopy> copies;
  for (std::size_t booklet = 0; booklet < batch.booklets.size(); ++booklet) {
    ScannedCopy next = copy_of(booklet, batch, headers);
    const CopyEvidence evidence = evidence_of(next, headers);
    if (!copies.empty() && !evidence.readings.empty()) {
      const CopyEvidence before = evidence_of(copies.back(), headers);
      const double same = before.readings.empty() ? 0 : identification::same_student(roster, before, evidence);
      if (same >= identification::kSameStudent) {
        join(copies.back(), std::move(next));
        continue;
      }
      if (same >= kMaybeSameStudent)
        next.warnings.emplace_back("May be a further sheet of the copy scanned before it.");
    }
    copies.push_back(std::move(next));
  }
  return copies;
}

// A booklet that may hold another student's pages has no owner until somebody has looked.
void doubt_overlong(ScannedCopy& copy, const scans::Batch& batch) {
  const bool overlong = std::any_of(copy.booklets.begin(), copy.booklets.end(),
                                    [&](std::size_t booklet) { return batch.booklets[booklet].overlong; });
  if (!overlong || copy.decision.mode != identification::Mode::automatic) return;
  copy.decision.mode = identification::Mode::semi_automatic;
  copy.decision.student.reset();
  copy.warnings.emplace_back("It may hold pages of two students.");
}

}  // namespace

std::vector<ScannedCopy> make_copies(const scans::Batch& batch, const std::vector<BatchHeader>& headers,
                                     const students::Roster& roster, const identification::Thresholds& thresholds,
                                     std::size_t first_number) {
  std::vector<ScannedCopy> copies = gather(batch, headers, roster);
  std::vector<CopyEvidence> evidence;
  for (ScannedCopy& copy : copies) {
    for (const std::size_t booklet : copy.booklets)
      copy.faces.insert(copy.faces.end(), batch.booklets[booklet].faces.begin(), batch.booklets[booklet].faces.end());
    evidence.push_back(evidence_of(copy, headers));
  }
  auto decisions = identification::decide(roster, evidence, thresholds);
  const auto ids = shuffled_anonymous_ids(copies.size(), first_number);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    ScannedCopy& copy = copies[i];
    copy.decision = std::move(decisions[i]);
    copy.anonymous_id = ids[i];
    copy.warnings.insert(copy.warnings.end(), copy.decision.warnings.begin(), copy.decision.warnings.end());
    doubt_overlong(copy, batch);
    if (evidence[i].readings.empty()) copy.warnings.emplace_back("No name field was recognised in its header.");
  }
  return copies;
}

std::vector<std::string> shuffled_anonymous_ids(std::size_t count, std::size_t first) {
  std::uint64_t seed = 0;
  randombytes_buf(&seed, sizeof seed);
  Random random(seed);
  const int digits = std::max<int>(3, static_cast<int>(std::to_string(first + count - 1).size()));
  std::vector<std::string> ids;
  for (std::size_t i = first; i < first + count; ++i) ids.push_back(fmt::format("A{:0{}}", i, digits));
  random.shuffle(std::span(ids));
  return ids;
}

}  // namespace korrigo::copies
