/// Sheets that were scanned twice, told by their writing.
#pragma once

#include <optional>
#include <vector>

#include "scans/sheets.h"

namespace korrigo::scans {

/// Whether two sides show the same writing between their upper and lower ends, which headers and empty lines make
/// alike; told before anything is known of headers. Taken as fed the same way up.
bool shows_again(const SurveyedSide& side, const SurveyedSide& earlier);

/// For every sheet the index of the earlier one that it shows again; nothing for most. A first sheet counts as shown
/// again only when what follows it does not need it: pages without header must not fall to the copy before.
/// `same` as arrange() has it (batch.h).
std::vector<std::optional<std::size_t>> find_doubles(const std::vector<Sheet>& sheets, const SameWriting& same = {});

}  // namespace korrigo::scans
