#include "identification/header_wire.h"

#include <stdexcept>

#include "identification/registration.h"
#include "scans/scan_wire.h"

namespace korrigo::identification {
namespace {

using sandbox::WireReader;
using sandbox::WireWriter;
using scans::put;

constexpr std::uint32_t kVersion = 1;  // of what is written here; another one is not read

void put(WireWriter& wire, const std::vector<imaging::PixelRect>& rects) {
  wire.put(static_cast<std::uint32_t>(rects.size()));
  for (const auto& rect : rects) put(wire, rect);
}

std::vector<imaging::PixelRect> get_rects(WireReader& wire) {
  std::vector<imaging::PixelRect> rects;
  const auto count = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && wire.ok(); ++i) rects.push_back(scans::get_rect(wire));
  return rects;
}

void put(WireWriter& wire, const HeaderForm& form) {
  put(wire, form.print);
  wire.put(form.print_is_clean);
  wire.put(static_cast<std::uint32_t>(form.fields.size()));
  for (const FormField& field : form.fields) {
    wire.put(field.kind);
    put(wire, field.area);
    put(wire, field.boxes);
  }
  put(wire, form.extent);
  wire.put(form.origin);
}

HeaderForm get_form(WireReader& wire) {
  HeaderForm form;
  form.print = scans::get_image(wire);
  form.print_is_clean = wire.get<bool>();
  const auto fields = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < fields && wire.ok(); ++i) {
    FormField field;
    field.kind = wire.get<ocr::FieldKind>();
    field.area = scans::get_rect(wire);
    field.boxes = get_rects(wire);
    form.fields.push_back(std::move(field));
  }
  form.extent = scans::get_rect(wire);
  form.origin = wire.text();
  if (wire.ok() && form.print_is_clean) form.patches = std::make_shared<FormPatches>(form.print, form.extent);
  return form;
}

WireReader opened(std::span<const std::byte> bytes) {
  WireReader wire(bytes);
  if (wire.get<std::uint32_t>() != kVersion) throw std::runtime_error("forms of another version of this program");
  return wire;
}

void check(const WireReader& wire) {
  if (!wire.ok()) throw std::runtime_error("forms that this program did not write");
}

}  // namespace

std::vector<std::byte> encode_forms(const BatchForms& forms) {
  WireWriter wire;
  wire.put(kVersion);
  wire.put(forms.origin);
  wire.put(static_cast<std::uint32_t>(forms.learned.size()));
  for (const auto& [number, form] : forms.learned) {
    wire.put(number);
    put(wire, form);
  }
  wire.put(static_cast<std::uint32_t>(forms.print_bottoms.size()));
  for (const auto& [number, bottom] : forms.print_bottoms) {
    wire.put(number);
    wire.put(bottom);
  }
  return wire.take();
}

BatchForms decode_forms(std::span<const std::byte> bytes) {
  WireReader wire = opened(bytes);
  BatchForms forms;
  forms.origin = wire.text();
  const auto learned = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < learned && wire.ok(); ++i) {
    const int number = wire.get<int>();
    forms.learned[number] = get_form(wire);
  }
  const auto bottoms = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < bottoms && wire.ok(); ++i) {
    const int number = wire.get<int>();
    forms.print_bottoms[number] = wire.get<int>();
  }
  check(wire);
  return forms;
}

}  // namespace korrigo::identification
