/// The single likeliest one-to-one assignment of a connected component.
#pragma once

#include "identification/assignment.h"

namespace korrigo::identification {

/// Student of each copy, or nobody; students are numbered 0..students-1.
std::vector<std::optional<std::size_t>> likeliest_assignment(const Claims& claims, std::size_t students);

}  // namespace korrigo::identification
