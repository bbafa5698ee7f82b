#include "pdf/source_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "imaging/geometry.h"
#include "imaging/jpeg.h"
#include "pdf/render.h"
#include "pdf/source_service.h"
#include "pdf/source_wire.h"

namespace korrigo::pdf {
namespace {

namespace fs = std::filesystem;
using imaging::GrayImage;
using imaging::PixelRect;
using sandbox::Message;
using sandbox::WireReader;
using sandbox::WireWriter;

const sandbox::Registration registration(kSourceService, []() -> std::unique_ptr<sandbox::Service> {
  return std::make_unique<SourceService>();
});

constexpr int kRenderedQuality = 90;

// The body of a good answer, or the child's refusal.
Result<Message> body_of(Result<Message> answer) {
  if (!answer) return answer;
  WireReader wire(answer->bytes);
  if (wire.get<std::uint8_t>() == 1) return answer;
  Error error = get_error(wire);
  if (!wire.ok()) return refuse(ErrorKind::malformed, "sandbox.crashed", "It cannot be read: the reader failed on it.");
  return tl::unexpected(std::move(error));
}

tl::unexpected<Error> file_refusal(const fs::path& path, Error error) {
  const std::string name = path.filename().string();
  if (error.code == "sandbox.crashed")
    error = {ErrorKind::malformed, "source.damaged", "is damaged; scan or export it again", error.detail};
  if (error.code.starts_with("sandbox."))
    error = {ErrorKind::too_large, "source.too_complex", "takes more time or memory to read than is allowed",
             error.detail};
  error.message = fmt::format("{} {}.", name, error.message);
  return tl::unexpected(std::move(error));
}

Result<void> check_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || ::access(path.c_str(), R_OK) != 0)
    return refuse(ErrorKind::not_found, "source.missing",
                  fmt::format("{} does not exist, is not a file, or may not be read.", path.string()));
  if (fs::file_size(path, error) == 0)
    return refuse(ErrorKind::malformed, "source.empty", fmt::format("{} is empty.", path.filename().string()));
  return {};
}

}  // namespace

struct SourceReader::State {
  using Sides = std::vector<std::vector<SideInfo>>;

  std::vector<fs::path> paths;
  ReadLimits limits;
  std::shared_ptr<const Sides> sides;
  std::optional<sandbox::Child> child;

  // Starts the child and has it open every file; the facts of the pages come back.
  Result<Sides> start() {
    child.emplace(kSourceService, limits.child);
    Sides all;
    for (const fs::path& path : paths) {
      WireWriter wire;
      wire.put(Request::open);
      wire.put(limits.max_pages);
      Message request{wire.take(), {}};
      // Each child has its own open file: descriptors that share one would share its position.
      request.fds.push_back(open_for_reading(path));
      auto answer = body_of(child->call(request));
      if (!answer) {
        child.reset();
        return file_refusal(path, answer.error());
      }
      WireReader facts(answer->bytes);
      facts.get<std::uint8_t>();
      const auto count = facts.get<std::uint32_t>();
      std::vector<SideInfo> infos;
      for (std::uint32_t i = 0; i < count && facts.ok(); ++i) {
        infos.push_back(get_side_info(facts));
        if (!infos.back().problem.empty())
          infos.back().problem = sentence(path, static_cast<int>(i), infos.back().problem);
      }
      if (!facts.ok()) return file_refusal(path, {ErrorKind::malformed, "source.damaged", "is damaged", ""});
      all.push_back(std::move(infos));
    }
    return all;
  }

  Result<void> ensure_child() {
    if (child && child->alive()) return {};
    auto started = start();
    if (!started) return tl::unexpected(started.error());
    return {};
  }

  static std::string sentence(const fs::path& path, int side, std::string_view what) {
    return fmt::format("Page {} of {} cannot be read: {}.", side + 1, path.filename().string(), what);
  }

  tl::unexpected<Error> side_refusal(int source, int side, const Error& error) const {
    const bool large = error.kind == ErrorKind::too_large;
    std::string why = error.message;
    if (error.code == "sandbox.crashed") why = "its picture is damaged";
    if (error.code == "sandbox.time") why = "it takes more time than is allowed";
    if (error.code == "sandbox.memory") why = "it takes more memory than is allowed";
    while (!why.empty() && why.back() == '.') why.pop_back();
    return refuse(error.kind == ErrorKind::not_found ? error.kind
                  : large                            ? ErrorKind::too_large
                                                     : ErrorKind::malformed,
                  error.kind == ErrorKind::not_found ? error.code
                  : large                            ? "side.too_large"
                                                     : "side.unreadable",
                  sentence(paths[static_cast<std::size_t>(source)], side, why), error.code + " " + error.detail);
  }

  const SideInfo& info(int source, int side) const {
    return sides->at(static_cast<std::size_t>(source)).at(static_cast<std::size_t>(side));
  }

  Result<Picture> rendered(int source, int side, int reduce, const PixelRect& part) const {
    const SideInfo& page = info(source, side);
    const UniqueFd fd = open_for_reading(paths[static_cast<std::size_t>(source)]);
    const bool whole = part.width == page.width && part.height == page.height;
    const auto up = [&](int value) { return (value + reduce - 1) / reduce; };
    const PixelRect shown{part.x / reduce, part.y / reduce, up(part.width), up(part.height)};
    auto picture = render_page(fd.get(), side, page.dpi / reduce, shown.width, shown.height,
                               whole ? std::nullopt : std::optional(shown), limits.child);
    if (!picture) return side_refusal(source, side, picture.error());
    return Picture{std::move(*picture), false};
  }

  // What a part of a page that is no plain picture looks like, as a JPEG, when it may not be taken over as it is.
  Result<std::vector<std::byte>> redrawn(const PagePart& part) const {
    if (info(part.source, part.side).plain_picture || (!part.isolate && part.wipe.empty()))
      return std::vector<std::byte>();
    auto picture = rendered(part.source, part.side, 1, part.part);
    if (!picture) return tl::unexpected(picture.error());
    const std::uint8_t paper = imaging::paper_tone(picture->image);
    for (PixelRect rect : part.wipe) {
      rect.x -= part.part.x;
      rect.y -= part.part.y;
      rect = rect.intersected(picture->image.bounds());
      for (int y = rect.y; y < rect.bottom(); ++y) std::fill_n(picture->image.row(y) + rect.x, rect.width, paper);
    }
    return imaging::encode_jpeg(picture->image, kRenderedQuality);
  }
};

SourceReader::SourceReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SourceReader::SourceReader(SourceReader&&) noexcept = default;
SourceReader& SourceReader::operator=(SourceReader&&) noexcept = default;
SourceReader::~SourceReader() = default;

Result<SourceReader> SourceReader::open(const std::vector<fs::path>& paths, const ReadLimits& limits) {
  for (const fs::path& path : paths)
    if (const auto usable = check_file(path); !usable) return tl::unexpected(usable.error());
  auto state = std::make_unique<State>();
  state->paths = paths;
  state->limits = limits;
  auto sides = state->start();
  if (!sides) return tl::unexpected(sides.error());
  state->sides = std::make_shared<const State::Sides>(std::move(*sides));
  return SourceReader(std::move(state));
}

SourceReader SourceReader::clone() const {
  auto state = std::make_unique<State>();
  state->paths = state_->paths;
  state->limits = state_->limits;
  state->sides = state_->sides;
  return SourceReader(std::move(state));
}

int SourceReader::source_count() const {
  return static_cast<int>(state_->sides->size());
}

int SourceReader::side_count(int source) const {
  return static_cast<int>(state_->sides->at(static_cast<std::size_t>(source)).size());
}

const SideInfo& SourceReader::side(int source, int side) const {
  return state_->info(source, side);
}

Result<SourceReader::Picture> SourceReader::gray(int source, int side, int reduce, std::optional<PixelRect> part) {
  const SideInfo& info = state_->info(source, side);
  if (!info.problem.empty()) return refuse(ErrorKind::malformed, "side.unreadable", info.problem);
  const PixelRect whole{0, 0, info.width, info.height};
  const PixelRect wanted = part ? part->intersected(whole) : whole;
  if (!info.plain_picture) return state_->rendered(source, side, reduce, wanted);
  if (const auto ready = state_->ensure_child(); !ready) return tl::unexpected(ready.error());
  WireWriter wire;
  wire.put(Request::gray);
  wire.put(source);
  wire.put(side);
  wire.put(reduce);
  put(wire, wanted);
  auto answer = body_of(state_->child->call({wire.take(), {}}));
  if (!answer) return state_->side_refusal(source, side, answer.error());
  WireReader reader(answer->bytes);
  reader.get<std::uint8_t>();
  Picture picture;
  picture.damaged = reader.get<std::uint8_t>() != 0;
  const int width = reader.get<int>();
  const int height = reader.get<int>();
  const auto pixels = reader.bytes();
  if (!reader.ok() || width < 1 || height < 1 || width > imaging::kMaxImageSide || height > imaging::kMaxImageSide ||
      pixels.size() != static_cast<std::size_t>(width) * height)
    return state_->side_refusal(source, side, {ErrorKind::malformed, "side.unreadable", "its picture is damaged", ""});
  const auto* first = reinterpret_cast<const std::uint8_t*>(pixels.data());
  picture.image = GrayImage(width, height, std::vector<std::uint8_t>(first, first + pixels.size()));
  return picture;
}

Result<WrittenPdf> SourceReader::write_pdf(const fs::path& path, const std::vector<PagePart>& parts) {
  WireWriter wire;
  wire.put(Request::write);
  wire.put(static_cast<std::uint32_t>(parts.size()));
  for (const PagePart& part : parts) {
    const auto redrawn = state_->redrawn(part);
    if (!redrawn) return tl::unexpected(redrawn.error());
    put(wire, part);
    wire.put(std::span<const std::byte>(*redrawn));
  }
  if (const auto ready = state_->ensure_child(); !ready) return tl::unexpected(ready.error());

  std::string temporary = path.string() + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) throw std::system_error(errno, std::generic_category(), "cannot create " + path.string());
  ::fchmod(fd.get(), 0644);
  Message request{wire.take(), {}};
  request.fds.push_back(std::move(fd));
  auto answer = body_of(state_->child->call(request));
  if (!answer) {
    ::unlink(temporary.c_str());
    if (answer.error().code == kWriteFailed) {
      const int cause = std::atoi(answer.error().detail.c_str());
      throw std::system_error(cause != 0 ? cause : EIO, std::generic_category(), "cannot write " + path.string());
    }
    // "source side: detail" of the part at fault stands in front.
    int source = parts.front().source;
    int side = parts.front().side;
    std::sscanf(answer.error().detail.c_str(), "%d %d", &source, &side);
    if (source < 0 || source >= source_count()) source = parts.front().source;
    return state_->side_refusal(source, side, answer.error());
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    ::unlink(temporary.c_str());
    throw std::system_error(errno, std::generic_category(), "cannot write " + path.string());
  }
  return WrittenPdf{static_cast<int>(parts.size()), {}};
}

}  // namespace korrigo::pdf
