/// Values of this module as bytes between workers of the same program (sandbox/wire.h).
#pragma once

#include "sandbox/wire.h"
#include "scans/batch.h"
#include "scans/header_print.h"

namespace korrigo::scans {

void put(sandbox::WireWriter& wire, const imaging::PixelRect& rect);
void put(sandbox::WireWriter& wire, const imaging::GrayImage& image);
void put(sandbox::WireWriter& wire, const std::vector<std::string>& texts);
void put(sandbox::WireWriter& wire, const Face& face);
void put(sandbox::WireWriter& wire, const HeaderPrint& print);
imaging::PixelRect get_rect(sandbox::WireReader& wire);
imaging::GrayImage get_image(sandbox::WireReader& wire);
std::vector<std::string> get_texts(sandbox::WireReader& wire);
Face get_face(sandbox::WireReader& wire);
HeaderPrint get_header_print(sandbox::WireReader& wire);

}  // namespace korrigo::scans
