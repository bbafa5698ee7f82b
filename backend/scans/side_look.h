/// One look at a side: everything that later steps of the intake need of it, so that sides can be looked at in any
/// order, by several workers, on several machines.
#pragma once

#include <span>
#include <vector>

#include "pdf/source_reader.h"
#include "scans/batch.h"
#include "scans/survey.h"

namespace korrigo::scans {

/// Pictures from which header prints are learned (survey.h).
struct FaceStrips {
  imaging::GrayImage top, bottom;
};

struct SideLook {
  SurveyedSide side;               // not yet matched against any print
  std::vector<FaceStrips> strips;  // one pair for each half
};

/// Decodes the side once, in the smallest scale that will do. A side that cannot be read has a problem and no halves.
SideLook look_at_side(pdf::SourceReader& reader, int source, int page, const SurveyOptions& options);

/// Looks as bytes, for another worker of the same program. decode_looks throws std::runtime_error for bytes that are
/// none of ours.
std::vector<std::byte> encode_looks(std::span<const SideLook> looks);
std::vector<SideLook> decode_looks(std::span<const std::byte> bytes);

}  // namespace korrigo::scans
