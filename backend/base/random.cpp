#include "base/random.h"

#include <cmath>
#include <numbers>

namespace korrigo {

double Random::normal(double mean, double deviation) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
  return mean + deviation * radius * std::cos(2.0 * std::numbers::pi * unit());
}

}  // namespace korrigo
