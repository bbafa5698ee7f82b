#include "scans/scan_wire.h"

namespace korrigo::scans {

using imaging::GrayImage;
using imaging::PixelRect;
using sandbox::WireReader;
using sandbox::WireWriter;

void put(WireWriter& wire, const PixelRect& rect) {
  for (const int value : {rect.x, rect.y, rect.width, rect.height}) wire.put(value);
}

void put(WireWriter& wire, const GrayImage& image) {
  wire.put(image.width());
  wire.put(image.height());
  wire.put(std::as_bytes(image.pixels()));
}

void put(WireWriter& wire, const std::vector<std::string>& texts) {
  wire.put(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) wire.put(text);
}

void put(WireWriter& wire, const Face& face) {
  wire.put(face.source);
  wire.put(face.side);
  wire.put(face.half);
  put(wire, face.part);
  wire.put(face.rotation);
  wire.put(face.skew_degrees);
  wire.put(face.blank);
  wire.put(face.header);
  wire.put(face.header_score);
  wire.put(face.form);
  put(wire, face.flags);
}

void put(WireWriter& wire, const HeaderPrint& print) {
  put(wire, print.pattern);
  wire.put(print.x);
  wire.put(print.y);
  wire.put(print.members);
  wire.put(print.distinctness);
}

PixelRect get_rect(WireReader& wire) {
  PixelRect rect;
  for (int* value : {&rect.x, &rect.y, &rect.width, &rect.height}) *value = wire.get<int>();
  return rect;
}

GrayImage get_image(WireReader& wire) {
  const int width = wire.get<int>();
  const int height = wire.get<int>();
  const auto bytes = wire.bytes();
  if (!wire.ok() || width < 0 || height < 0 || bytes.size() != static_cast<std::size_t>(width) * height) return {};
  const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {width, height, std::vector<std::uint8_t>(first, first + bytes.size())};
}

std::vector<std::string> get_texts(WireReader& wire) {
  std::vector<std::string> texts;
  const auto count = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && wire.ok(); ++i) texts.push_back(wire.text());
  return texts;
}

Face get_face(WireReader& wire) {
  Face face;
  face.source = wire.get<int>();
  face.side = wire.get<int>();
  face.half = wire.get<Half>();
  face.part = get_rect(wire);
  face.rotation = wire.get<int>();
  face.skew_degrees = wire.get<double>();
  face.blank = wire.get<bool>();
  face.header = wire.get<bool>();
  face.header_score = wire.get<double>();
  face.form = wire.get<int>();
  face.flags = get_texts(wire);
  return face;
}

HeaderPrint get_header_print(WireReader& wire) {
  HeaderPrint print;
  print.pattern = get_image(wire);
  print.x = wire.get<int>();
  print.y = wire.get<int>();
  print.members = wire.get<int>();
  print.distinctness = wire.get<double>();
  return print;
}

}  // namespace korrigo::scans
