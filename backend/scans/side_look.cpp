#include "scans/side_look.h"

#include <stdexcept>

#include "scans/scan_wire.h"

namespace korrigo::scans {
namespace {

constexpr double kLookDpi = 72;  // a side is looked at in the smallest decoded scale that is at least this

void put_look(sandbox::WireWriter& wire, const SideLook& look) {
  wire.put(look.side.source);
  wire.put(look.side.side);
  wire.put(look.side.problem);
  wire.put(static_cast<std::uint32_t>(look.side.halves.size()));
  for (std::size_t i = 0; i < look.side.halves.size(); ++i) {
    const SurveyedSide::Half& half = look.side.halves[i];
    put(wire, half.face);
    put(wire, half.thumb);
    wire.put(half.standing);
    put(wire, look.strips[i].top);
    put(wire, look.strips[i].bottom);
  }
}

SideLook get_look(sandbox::WireReader& wire) {
  SideLook look;
  look.side.source = wire.get<int>();
  look.side.side = wire.get<int>();
  look.side.problem = wire.text();
  const auto halves = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < halves && wire.ok(); ++i) {
    SurveyedSide::Half half;
    half.face = get_face(wire);
    half.thumb = get_image(wire);
    half.standing = wire.get<double>();
    look.side.halves.push_back(std::move(half));
    FaceStrips strips;
    strips.top = get_image(wire);
    strips.bottom = get_image(wire);
    look.strips.push_back(std::move(strips));
  }
  return look;
}

}  // namespace

SideLook look_at_side(pdf::SourceReader& reader, int source, int page, const SurveyOptions& options) {
  SideLook look;
  look.side.source = source;
  look.side.side = page;
  const pdf::SideInfo& info = reader.side(source, page);
  if (!info.problem.empty()) {
    look.side.problem = info.problem;
    return look;
  }
  int reduce = 8;
  while (reduce > 1 && info.dpi / reduce < kLookDpi) reduce /= 2;
  const auto picture = reader.gray(source, page, reduce);
  if (!picture) {
    look.side.problem = picture.error().message;
    return look;
  }
  for (FaceSurvey& survey : survey_side(picture->image, info.dpi / reduce, info.width, info.height, options)) {
    survey.face.source = source;
    survey.face.side = page;
    if (picture->damaged) survey.face.flags.emplace_back("damaged");
    look.strips.push_back({std::move(survey.top_strip), std::move(survey.bottom_strip)});
    look.side.halves.push_back({std::move(survey.face), {}, {}, std::move(survey.thumb), survey.standing});
  }
  return look;
}

std::vector<std::byte> encode_looks(std::span<const SideLook> looks) {
  sandbox::WireWriter wire;
  wire.put(static_cast<std::uint32_t>(looks.size()));
  for (const SideLook& look : looks) put_look(wire, look);
  return wire.take();
}

std::vector<SideLook> decode_looks(std::span<const std::byte> bytes) {
  sandbox::WireReader wire(bytes);
  std::vector<SideLook> looks;
  const auto count = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && wire.ok(); ++i) looks.push_back(get_look(wire));
  if (!wire.ok()) throw std::runtime_error("looks at sides that this program did not write");
  return looks;
}

}  // namespace korrigo::scans
