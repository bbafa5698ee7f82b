/// From opened sources to booklets: looks at every side once, learns the header print, and arranges the batch.
#pragma once

#include <functional>
#include <string_view>

#include "base/parallel.h"
#include "pdf/source_reader.h"
#include "scans/batch.h"
#include "scans/side_look.h"
#include "scans/strip_file.h"

namespace korrigo::scans {

/// Whether a printed header can be read at the top of the face, taken as standing the way its rotation says. Called
/// from any worker thread, several at a time, with the worker's number.
using HeaderReader = std::function<bool(int worker, const Face& face)>;

struct IntakeOptions {
  SurveyOptions survey;
  ArrangeOptions arrange;
  int jobs = 2;  // threads
  /// Asked face by face when too few headers are there to learn their print from, and the batch is small. May be empty.
  HeaderReader reads_header = {};
};

/// Called from any worker thread, one call at a time; done rises to total.
using Progress = std::function<void(std::string_view stage, std::size_t done, std::size_t total)>;

struct Intake {
  Batch batch;
  std::vector<HeaderPrint> prints;
};

/// All sides of a batch as they were looked at, in scanner order. About 20 KB of memory for each; strips wait in a
/// temporary file.
class LookedAtSides {
 public:
  explicit LookedAtSides(std::size_t sides) : sides_(sides) {}
  /// `index` in scanner order over all sources. Threads may put different sides at a time.
  void put(std::size_t index, SideLook look);

 private:
  friend Intake arrange_sides(LookedAtSides&& sides, const IntakeOptions& options, const Cancel& cancel);
  struct Slots {
    StripFile::Slot top, bottom;
    bool blank = false;
  };
  struct Entry {
    SurveyedSide side;
    std::vector<Slots> strips;  // one for each half
  };
  std::vector<imaging::GrayImage> sample() const;
  void match(Entry& entry, const std::vector<HeaderPrint>& prints) const;
  void match_all(const std::vector<HeaderPrint>& prints, int jobs, const Cancel& cancel);
  bool drop_inner_prints(std::vector<HeaderPrint>& prints, const IntakeOptions& options, const Cancel& cancel);
  void read_headers(const IntakeOptions& options, const Cancel& cancel);
  bool show_same(std::size_t one, std::size_t other, bool turned) const;
  SameWriting same_writing() const;

  std::vector<Entry> sides_;
  StripFile file_;
};

/// Learns the header prints and arranges the batch. Every side must have been put. Throws Cancelled.
Intake arrange_sides(LookedAtSides&& sides, const IntakeOptions& options, const Cancel& cancel);

/// Both steps, with one reader for each job. An unreadable side costs that side. Throws Cancelled and
/// std::system_error.
Intake take_in(const std::vector<pdf::SourceReader*>& readers, const IntakeOptions& options, const Cancel& cancel,
               const Progress& progress);

}  // namespace korrigo::scans
