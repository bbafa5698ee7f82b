/// Which way up every side stands.
#pragma once

#include <optional>
#include <vector>

#include "scans/batch.h"

namespace korrigo::scans {

/// Marks headers (at most one on a side) and sets rotation and header fields of every face whose header tells them.
void mark_headers(std::vector<SurveyedSide>& sides);

bool has_header(const SurveyedSide& side);

/// The half that the header's face holds once its side stands upright.
Imposition imposition_of(const std::vector<SurveyedSide>& sides);

/// Turns the sides without header. The writing of the backs of leaves (standing.h) gives together the rule for the
/// batch, which blank and doubtful backs follow; such fronts lie as the sides with headers do. A side that clearly
/// stands against that is turned for itself and flagged, unless the rule is forced, which binds every back; with
/// `singly` false it is only flagged. Returns the rule: 0 or 180.
int turn_versos(std::vector<SurveyedSide>& sides, std::optional<int> forced, bool singly = true);

}  // namespace korrigo::scans
