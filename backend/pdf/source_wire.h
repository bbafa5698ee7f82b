/// The messages between SourceReader and its child: one place for both ends, so that they cannot drift apart.
#pragma once

#include "pdf/source_reader.h"
#include "sandbox/wire.h"

namespace korrigo::pdf {

enum class Request : std::uint8_t { open, gray, write };

inline void put(sandbox::WireWriter& wire, const imaging::PixelRect& rect) {
  for (const int value : {rect.x, rect.y, rect.width, rect.height}) wire.put(value);
}

inline imaging::PixelRect get_rect(sandbox::WireReader& wire) {
  imaging::PixelRect rect;
  for (int* value : {&rect.x, &rect.y, &rect.width, &rect.height}) *value = wire.get<int>();
  return rect;
}

inline void put(sandbox::WireWriter& wire, const Error& error) {
  wire.put(error.kind);
  wire.put(error.code);
  wire.put(error.message);
  wire.put(error.detail);
}

inline Error get_error(sandbox::WireReader& wire) {
  Error error;
  error.kind = wire.get<ErrorKind>();
  error.code = wire.text();
  error.message = wire.text();
  error.detail = wire.text();
  return error;
}

inline void put(sandbox::WireWriter& wire, const SideInfo& info) {
  wire.put(info.width);
  wire.put(info.height);
  wire.put(info.dpi);
  wire.put(info.width_points);
  wire.put(info.height_points);
  wire.put(info.plain_picture);
  wire.put(info.encoding);
  wire.put(info.problem);
}

inline SideInfo get_side_info(sandbox::WireReader& wire) {
  SideInfo info;
  info.width = wire.get<int>();
  info.height = wire.get<int>();
  info.dpi = wire.get<double>();
  info.width_points = wire.get<double>();
  info.height_points = wire.get<double>();
  info.plain_picture = wire.get<std::uint8_t>() != 0;
  info.encoding = wire.text();
  info.problem = wire.text();
  return info;
}

inline void put(sandbox::WireWriter& wire, const PagePart& part) {
  wire.put(part.source);
  wire.put(part.side);
  put(wire, part.part);
  wire.put(part.rotation);
  wire.put(part.isolate);
  wire.put(part.strip_metadata);
  wire.put(static_cast<std::uint32_t>(part.wipe.size()));
  for (const imaging::PixelRect& rect : part.wipe) put(wire, rect);
}

inline PagePart get_part(sandbox::WireReader& wire) {
  PagePart part;
  part.source = wire.get<int>();
  part.side = wire.get<int>();
  part.part = get_rect(wire);
  part.rotation = wire.get<int>();
  part.isolate = wire.get<std::uint8_t>() != 0;
  part.strip_metadata = wire.get<std::uint8_t>() != 0;
  const auto count = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && wire.ok(); ++i) part.wipe.push_back(get_rect(wire));
  return part;
}

inline constexpr std::string_view kSourceService = "pdf-source";
/// Code of the refusal when the disk, not the source, is at fault; its detail is the errno.
inline constexpr std::string_view kWriteFailed = "write.failed";

}  // namespace korrigo::pdf
