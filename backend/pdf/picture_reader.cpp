#include "pdf/picture_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "imaging/decode.h"
#include "pdf/source_wire.h"

namespace korrigo::pdf {
namespace {

using imaging::GrayImage;
using sandbox::Message;
using sandbox::WireReader;
using sandbox::WireWriter;

constexpr std::string_view kPictureService = "picture";
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

std::vector<std::byte> contents_of(int fd) {
  std::vector<std::byte> bytes;
  std::size_t size = 0;
  for (;;) {
    bytes.resize(size + (std::size_t{1} << 16));
    const ssize_t got = ::pread(fd, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
    if (got <= 0 || size > kMaxBytes) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

class PictureService : public sandbox::Service {
 public:
  Message answer(Message request) override {
    WireWriter wire;
    const auto picture = request.fds.empty()
                             ? refuse(ErrorKind::malformed, "image.damaged", "The picture cannot be read.")
                             : imaging::decode_picture_file(contents_of(request.fds.front().get()));
    wire.put(std::uint8_t{picture.has_value()});
    if (!picture) {
      put(wire, picture.error());
      return {wire.take(), {}};
    }
    wire.put(picture->width());
    wire.put(picture->height());
    wire.put(std::as_bytes(picture->pixels()));
    return {wire.take(), {}};
  }
};

const sandbox::Registration registration(kPictureService, []() -> std::unique_ptr<sandbox::Service> {
  return std::make_unique<PictureService>();
});

tl::unexpected<Error> refusal(const std::filesystem::path& path, const Error& error) {
  const std::string name = path.filename().string();
  if (error.kind == ErrorKind::too_large)
    return refuse(ErrorKind::too_large, "picture.too_large", fmt::format("{} is too large to be read.", name),
                  error.detail);
  return refuse(ErrorKind::malformed, "picture.damaged", fmt::format("{} is no picture that can be read.", name),
                error.detail);
}

}  // namespace

Result<GrayImage> PictureReader::read(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || ::access(path.c_str(), R_OK) != 0)
    return refuse(ErrorKind::not_found, "picture.missing",
                  fmt::format("{} does not exist, is not a file, or may not be read.", path.string()));
  if (!child_ || !child_->alive()) child_.emplace(kPictureService, sandbox::Limits());
  Message request;
  request.fds.push_back(open_for_reading(path));
  auto answer = child_->call(request);
  if (!answer) return refusal(path, answer.error());
  WireReader wire(answer->bytes);
  if (wire.get<std::uint8_t>() != 1) return refusal(path, get_error(wire));
  const int width = wire.get<int>();
  const int height = wire.get<int>();
  const auto pixels = wire.bytes();
  if (!wire.ok() || width <= 0 || height <= 0 || pixels.size() != static_cast<std::size_t>(width) * height)
    return refusal(path, {ErrorKind::malformed, "image.damaged", "", ""});
  const auto* first = reinterpret_cast<const std::uint8_t*>(pixels.data());
  return GrayImage(width, height, std::vector<std::uint8_t>(first, first + pixels.size()));
}

}  // namespace korrigo::pdf
