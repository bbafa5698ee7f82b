#include "pdf/render.h"

#include <fmt/format.h>
#include <unistd.h>
#include <charconv>

#include "imaging/encoded_image.h"
#include "imaging/geometry.h"

namespace korrigo::pdf {
namespace {

using imaging::GrayImage;

// "P5 width height 255" and one white space, then the pixels. Nothing else is accepted.
std::optional<GrayImage> parse_pgm(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with("P5")) return std::nullopt;
  std::array<int, 3> numbers{};
  std::size_t at = 2;
  for (int& number : numbers) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
  }
  ++at;
  const auto [width, height, top] = numbers;
  if (width < 1 || height < 1 || width > imaging::kMaxImageSide || height > imaging::kMaxImageSide || top != 255)
    return std::nullopt;
  const std::size_t size = static_cast<std::size_t>(width) * height;
  if (text.size() < at + size) return std::nullopt;
  const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data()) + at;
  return GrayImage(width, height, std::vector<std::uint8_t>(first, first + size));
}

}  // namespace

Result<GrayImage> render_page(int fd, int page, double dpi, int width, int height,
                              std::optional<imaging::PixelRect> part, const sandbox::Limits& limits) {
  std::vector<std::string> argv = {"pdftoppm", "-gray",
                                   "-cropbox", "-singlefile",
                                   "-f",       std::to_string(page + 1),
                                   "-l",       std::to_string(page + 1),
                                   "-r",       fmt::format("{:.4f}", dpi)};
  if (part)
    for (const auto& [flag, value] :
         {std::pair{"-x", part->x}, {"-y", part->y}, {"-W", part->width}, {"-H", part->height}}) {
      argv.emplace_back(flag);
      argv.push_back(std::to_string(value));
    }
  argv.emplace_back("/dev/stdin");
  auto output = sandbox::run_program(argv, fd, limits, static_cast<std::size_t>(imaging::kMaxImagePixels) + 64);
  if (!output) return tl::unexpected(output.error());
  auto picture = parse_pgm(output->standard_output);
  if (!picture)
    return refuse(ErrorKind::malformed, "render.output", "poppler drew no picture of it", output->standard_error);
  // Poppler rounds page sizes its own way, by a pixel.
  if (picture->width() == width && picture->height() == height) return std::move(*picture);
  return imaging::cropped(*picture, {0, 0, width, height});
}

}  // namespace korrigo::pdf
