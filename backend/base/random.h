/// Deterministic randomness, passed in so that tests and the sample generator own it: the same seed gives the same
/// sequence on every machine and compiler (the standard's distributions do not promise that).
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace korrigo {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform over 0..2^64-1.
  std::uint64_t bits() { return engine_(); }
  /// Uniform in [0, 1).
  double unit() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  /// Uniform in [low, high).
  double between(double low, double high) { return low + (high - low) * unit(); }
  /// Uniform over low..high, both included. Requires low <= high.
  int integer(int low, int high) {
    return low + static_cast<int>(bits() % (static_cast<std::uint64_t>(high - low) + 1));
  }
  bool chance(double probability) { return unit() < probability; }
  /// Normal with the given mean and standard deviation (Box-Muller, one value per call).
  double normal(double mean, double deviation);
  /// A generator whose sequence does not depend on how much of this one is used afterwards.
  Random fork() { return Random(bits()); }

  template <class T>
  T& pick(std::span<T> choices) {
    return choices[static_cast<std::size_t>(integer(0, static_cast<int>(choices.size()) - 1))];
  }
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[bits() % i]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace korrigo
