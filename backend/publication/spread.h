/// How marks spread, from how often each one occurs. Figures are exact up to their last division.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace korrigo::publication {

class Spread {
 public:
  /// Hundredths of a point, `times` times.
  void add(std::int64_t value, std::int64_t times = 1);

  std::int64_t count() const { return count_; }
  // Points. Nothing without values.
  std::optional<double> mean() const;
  /// Of the values themselves, not of a population that they would be a sample of: divided by their number.
  std::optional<double> deviation() const;
  /// Between two values in proportion: quantile(0.5) is the median, quantile(0.25) the first quartile.
  std::optional<double> quantile(double part) const;
  std::optional<std::int64_t> lowest() const;   // hundredths
  std::optional<std::int64_t> highest() const;  // hundredths
  /// In hundredths of a point, squared.
  double variance() const;

  struct Bar {
    std::int64_t from = 0, to = 0;  // hundredths; `to` belongs to the next bar, or to this one when it is the last
    std::int64_t count = 0;
  };
  /// From 0 to `maximum` in `bars` equal steps.
  std::vector<Bar> histogram(std::int64_t maximum, int bars) const;

 private:
  std::map<std::int64_t, std::int64_t> times_;
  std::int64_t count_ = 0, sum_ = 0, squares_ = 0;
};

}  // namespace korrigo::publication
