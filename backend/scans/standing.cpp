#include "scans/standing.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace korrigo::scans {
namespace {

// Pixels at kStripDpi.
constexpr int kBand = 6;    // a line of writing is about twice as high
constexpr int kBorder = 6;  // 4 mm: shadows of the sheet's edges
constexpr std::uint8_t kInk = 100;
constexpr int kLeastInk = 24;  // columns with ink in a band of writing
constexpr int kLeastRuns = 4;  // words in a band of writing; the line of a sketch has one or two
constexpr std::size_t kLeastBands = 5;
constexpr double kEnoughBands = 16;  // fewer weigh less

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Typical distance from the typical value.
double spread(std::vector<double> values) {
  const double centre = median(values);
  for (double& value : values) value = std::abs(value - centre);
  return median(std::move(values));
}

int runs_in(const std::vector<bool>& inked) {
  int runs = 0;
  for (std::size_t x = 1; x < inked.size(); ++x) runs += inked[x] && !inked[x - 1];
  return runs;
}

// Where writing begins: ink in most of the columns of the next two centimetres. Specks and holes stand alone.
template <class Iterator>
Iterator first_writing(Iterator first, Iterator end) {
  constexpr int kWindow = 30;
  constexpr int kInked = 14;
  for (; end - first >= kWindow; ++first)
    if (*first && std::count(first, first + kWindow, true) >= kInked) return first;
  return end;
}

}  // namespace

double standing_of_writing(const imaging::GrayImage& ink) {
  std::vector<double> begins;
  std::vector<double> ends;
  std::vector<double> heights;  // of the written bands, as a share of the face
  std::vector<bool> inked(static_cast<std::size_t>(ink.width()));
  for (int top = kBorder; top + kBand <= ink.height() - kBorder; top += kBand) {
    for (int x = 0; x < ink.width(); ++x) {
      bool any = false;
      for (int y = top; y < top + kBand && !any; ++y) any = ink.at(x, y) >= kInk;
      inked[static_cast<std::size_t>(x)] = any && x >= kBorder && x < ink.width() - kBorder;
    }
    if (std::count(inked.begin(), inked.end(), true) < kLeastInk || runs_in(inked) < kLeastRuns) continue;
    const auto begin = first_writing(inked.begin(), inked.end());
    if (begin == inked.end()) continue;
    begins.push_back(static_cast<double>(begin - inked.begin()));
    ends.push_back(static_cast<double>(first_writing(inked.rbegin(), inked.rend()) - inked.rbegin()));
    heights.push_back((top + kBand / 2.0) / ink.height());
  }
  if (begins.size() < kLeastBands) return 0;
  const double margin = std::log((spread(ends) + 1.5) / (spread(begins) + 1.5));
  double middle = 0;
  for (const double height : heights) middle += height / static_cast<double>(heights.size());
  const double weight = std::sqrt(std::min(1.0, static_cast<double>(begins.size()) / kEnoughBands));
  return weight * (margin + 2 * (0.5 - middle));
}

}  // namespace korrigo::scans
