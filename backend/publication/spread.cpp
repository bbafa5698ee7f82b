#include "publication/spread.h"

#include <algorithm>
#include <cmath>

namespace korrigo::publication {

void Spread::add(std::int64_t value, std::int64_t times) {
  times_[value] += times;
  count_ += times;
  sum_ += value * times;
  squares_ += value * value * times;
}

std::optional<double> Spread::mean() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(sum_) / static_cast<double>(count_) / 100;
}

double Spread::variance() const {
  if (count_ == 0) return 0;
  const auto n = static_cast<double>(count_);
  return static_cast<double>(count_ * squares_ - sum_ * sum_) / n / n;
}

std::optional<double> Spread::deviation() const {
  if (count_ == 0) return std::nullopt;
  return std::sqrt(std::max(0.0, variance())) / 100;
}

std::optional<double> Spread::quantile(double part) const {
  if (count_ == 0) return std::nullopt;
  const double place = part * static_cast<double>(count_ - 1);
  const auto below = static_cast<std::int64_t>(std::floor(place));
  const auto value_at = [&](std::int64_t rank) {
    std::int64_t passed = 0;
    for (const auto& [value, times] : times_)
      if ((passed += times) > rank) return static_cast<double>(value);
    return static_cast<double>(times_.rbegin()->first);
  };
  const double low = value_at(below);
  const double high = value_at(std::min(below + 1, count_ - 1));
  return (low + (high - low) * (place - static_cast<double>(below))) / 100;
}

std::optional<std::int64_t> Spread::lowest() const {
  return times_.empty() ? std::nullopt : std::optional(times_.begin()->first);
}

std::optional<std::int64_t> Spread::highest() const {
  return times_.empty() ? std::nullopt : std::optional(times_.rbegin()->first);
}

std::vector<Spread::Bar> Spread::histogram(std::int64_t maximum, int bars) const {
  std::vector<Bar> all;
  for (int i = 0; i < bars; ++i) all.push_back({maximum * i / bars, maximum * (i + 1) / bars, 0});
  if (all.empty()) return all;
  auto bar = all.begin();
  for (const auto& [value, times] : times_) {
    while (std::next(bar) != all.end() && value >= bar->to) ++bar;
    bar->count += times;
  }
  return all;
}

}  // namespace korrigo::publication
