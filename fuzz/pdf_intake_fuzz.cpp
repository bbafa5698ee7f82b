// Any bytes, read as the sandbox child reads a source: every request has an answer, and the answers keep the promises
// of pdf/source_reader.h.
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <optional>

#include "pdf/source_service.h"
#include "pdf/source_wire.h"

namespace {

using namespace korrigo;
using sandbox::WireReader;
using sandbox::WireWriter;

constexpr int kSides = 3;
constexpr int kReduce = 8;
constexpr int kMaxPages = 20;
constexpr long long kMostPixels = 2'000'000;  // larger pictures take the time of a thousand small ones

void require(bool promise) {
  if (!promise) std::abort();
}

UniqueFd memory_file() {
  UniqueFd fd(::memfd_create("fuzz", MFD_CLOEXEC));
  require(static_cast<bool>(fd));
  return fd;
}

UniqueFd file_of(const std::uint8_t* data, std::size_t size) {
  UniqueFd fd = memory_file();
  require(::write(fd.get(), data, size) == static_cast<ssize_t>(size));
  return fd;
}

// The body of the answer; nothing when the request was refused.
std::optional<std::vector<std::byte>> answer_to(pdf::SourceService& service, WireWriter request, UniqueFd fd = {}) {
  sandbox::Message message{request.take(), {}};
  if (fd) message.fds.push_back(std::move(fd));
  std::vector<std::byte> bytes = service.answer(std::move(message)).bytes;
  WireReader wire(bytes);
  if (wire.get<std::uint8_t>() == 0) {
    const Error error = pdf::get_error(wire);
    require(wire.ok() && !error.code.empty() && !error.message.empty());
    return std::nullopt;
  }
  bytes.erase(bytes.begin());
  return bytes;
}

std::vector<pdf::SideInfo> opened(pdf::SourceService& service, UniqueFd fd) {
  WireWriter request;
  request.put(pdf::Request::open);
  request.put(kMaxPages);
  const auto body = answer_to(service, std::move(request), std::move(fd));
  std::vector<pdf::SideInfo> sides;
  if (!body) return sides;
  WireReader wire(*body);
  const auto count = wire.get<std::uint32_t>();
  require(count >= 1 && count <= kMaxPages);
  for (std::uint32_t i = 0; i < count; ++i) sides.push_back(pdf::get_side_info(wire));
  require(wire.ok());
  return sides;
}

bool is_small(const pdf::SideInfo& side) {
  return static_cast<long long>(side.width) * side.height <= kMostPixels;
}

void look_at(pdf::SourceService& service, int number, const pdf::SideInfo& side) {
  WireWriter request;
  request.put(pdf::Request::gray);
  request.put(0);
  request.put(number);
  request.put(kReduce);
  pdf::put(request, imaging::PixelRect{0, 0, side.width, side.height});
  const auto body = answer_to(service, std::move(request));
  if (!body) return;
  WireReader wire(*body);
  wire.get<std::uint8_t>();
  const int width = wire.get<int>();
  const int height = wire.get<int>();
  require(width == (side.width + kReduce - 1) / kReduce && height == (side.height + kReduce - 1) / kReduce);
  require(wire.bytes().size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) && wire.ok());
}

// The lower half of the side, its top wiped; a page that is no plain picture is taken over as it is.
void write_part(pdf::SourceService& service, int number, const pdf::SideInfo& side) {
  pdf::PagePart part;
  part.side = number;
  part.part = {0, side.height / 2, side.width, side.height - side.height / 2};
  part.rotation = 180;
  part.isolate = side.plain_picture;
  if (side.plain_picture) part.wipe = {{side.width / 8, side.height / 2, side.width / 2, side.height / 8}};
  WireWriter request;
  request.put(pdf::Request::write);
  request.put(std::uint32_t{1});
  pdf::put(request, part);
  request.put(std::span<const std::byte>());
  const auto body = answer_to(service, std::move(request), memory_file());
  require(!body || WireReader(*body).get<int>() == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    pdf::SourceService service;
    const std::vector<pdf::SideInfo> sides = opened(service, file_of(data, size));
    for (int number = 0; number < std::min(kSides, static_cast<int>(sides.size())); ++number) {
      const pdf::SideInfo& side = sides[static_cast<std::size_t>(number)];
      require(side.dpi > 0);
      if (!side.problem.empty()) continue;
      require(side.width > 0 && side.height > 0 && side.width_points > 0 && side.height_points > 0);
      if (side.plain_picture && !is_small(side)) continue;
      if (side.plain_picture) look_at(service, number, side);
      write_part(service, number, side);
    }
  } catch (const std::bad_alloc&) {
    // The child ends and its parent refuses with sandbox.memory.
  }
  return 0;
}
