#include "pdf/overlay.h"

#include <fcntl.h>
#include <cerrno>
#include <qpdf/QPDFExc.hh>
#include <system_error>

#include "pdf/lay_over.h"
#include "pdf/source_wire.h"

namespace korrigo::pdf {
namespace {

using sandbox::Message;
using sandbox::WireReader;
using sandbox::WireWriter;

constexpr std::string_view kOverlayService = "pdf-overlay";
enum class Call : std::uint8_t { open, write };

void put(WireWriter& wire, const Note& note) {
  wire.put(note.page);
  wire.put(note.kind);
  for (const double value : {note.x, note.y, note.width, note.height}) wire.put(value);
  for (const double value : note.colour) wire.put(value);
  wire.put(note.id);
  wire.put(note.contents);
  wire.put(static_cast<std::uint32_t>(note.strokes.size()));
  for (const auto& stroke : note.strokes) {
    wire.put(static_cast<std::uint32_t>(stroke.size()));
    for (const auto& [x, y] : stroke) {
      wire.put(x);
      wire.put(y);
    }
  }
}

Note get_note(WireReader& wire) {
  Note note;
  note.page = wire.get<int>();
  note.kind = wire.get<NoteKind>();
  for (double* value : {&note.x, &note.y, &note.width, &note.height}) *value = wire.get<double>();
  for (double& value : note.colour) value = wire.get<double>();
  note.id = wire.text();
  note.contents = wire.text();
  const auto strokes = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < strokes && wire.ok(); ++i) {
    auto& stroke = note.strokes.emplace_back();
    const auto points = wire.get<std::uint32_t>();
    for (std::uint32_t point = 0; point < points && wire.ok(); ++point) {
      const double x = wire.get<double>();
      stroke.push_back({x, wire.get<double>()});
    }
  }
  return note;
}

void put(WireWriter& wire, const Overlay& overlay) {
  wire.put(overlay.pages);
  wire.put(static_cast<std::uint32_t>(overlay.over.size()));
  for (const int page : overlay.over) wire.put(page);
  wire.put(static_cast<std::uint32_t>(overlay.notes.size()));
  for (const Note& note : overlay.notes) put(wire, note);
  wire.put(overlay.title);
  wire.put(overlay.language);
}

Overlay get_overlay(WireReader& wire) {
  Overlay overlay;
  overlay.pages = wire.text();
  const auto over = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < over && wire.ok(); ++i) overlay.over.push_back(wire.get<int>());
  const auto notes = wire.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < notes && wire.ok(); ++i) overlay.notes.push_back(get_note(wire));
  overlay.title = wire.text();
  overlay.language = wire.text();
  return overlay;
}

class OverlayService : public sandbox::Service {
 public:
  Message answer(Message request) override {
    WireReader wire(request.bytes);
    WireWriter body;
    Result<void> done;
    try {
      const int fd = request.fds.empty() ? -1 : request.fds.front().get();
      done = wire.get<Call>() == Call::open ? open(fd, body) : write(wire, fd);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      done = refuse(ErrorKind::malformed, "overlay.damaged", "The PDF of the copy is damaged.", error.what());
    }
    WireWriter head;
    head.put(std::uint8_t{done.has_value()});
    if (!done) korrigo::pdf::put(head, done.error());
    auto bytes = head.take();
    const auto rest = body.take();
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return {std::move(bytes), {}};
  }

 private:
  Result<void> open(int fd, WireWriter& body) {
    pdf_.emplace(fd);
    const auto sizes = pdf_->sizes();
    body.put(static_cast<std::uint32_t>(sizes.size()));
    for (const PageSize& size : sizes) {
      body.put(size.width);
      body.put(size.height);
    }
    return {};
  }

  Result<void> write(WireReader& wire, int fd) {
    const Overlay overlay = get_overlay(wire);
    if (!wire.ok() || !pdf_) throw std::runtime_error("short request");
    pdf_->lay_over(overlay);
    try {
      errno = 0;
      pdf_->write(fd);
    } catch (const QPDFExc&) {
      throw;
    } catch (const std::runtime_error& error) {
      return refuse(ErrorKind::too_busy, std::string(kWriteFailed), error.what(), std::to_string(errno));
    }
    pdf_.reset();
    return {};
  }

  std::optional<OverlaidPdf> pdf_;
};

const sandbox::Registration registration(kOverlayService, []() -> std::unique_ptr<sandbox::Service> {
  return std::make_unique<OverlayService>();
});

// What follows the answer's head.
Result<std::vector<std::byte>> body_of(Result<Message> answer) {
  if (!answer) return tl::unexpected(answer.error());
  WireReader wire(answer->bytes);
  if (wire.get<std::uint8_t>() != 1) return tl::unexpected(get_error(wire));
  answer->bytes.erase(answer->bytes.begin());
  return std::move(answer->bytes);
}

}  // namespace

Result<std::vector<PageSize>> Overlayer::open(const std::filesystem::path& base) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(base, error))
    return refuse(ErrorKind::not_found, "overlay.missing", "The PDF of the copy is not there.");
  if (!child_ || !child_->alive()) child_.emplace(kOverlayService, sandbox::Limits());
  WireWriter wire;
  wire.put(Call::open);
  Message request{wire.take(), {}};
  request.fds.push_back(open_for_reading(base));
  const auto body = body_of(child_->call(request));
  if (!body) return tl::unexpected(body.error());
  WireReader reader(*body);
  std::vector<PageSize> sizes;
  const auto count = reader.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    const double width = reader.get<double>();
    sizes.push_back({width, reader.get<double>()});
  }
  return sizes;
}

Result<void> Overlayer::write(const Overlay& overlay, const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644));
  if (!fd) throw std::system_error(errno, std::generic_category(), "cannot create " + path.string());
  WireWriter wire;
  wire.put(Call::write);
  put(wire, overlay);
  Message request{wire.take(), {}};
  request.fds.push_back(std::move(fd));
  const auto body = body_of(child_->call(request));
  if (body) return {};
  if (body.error().code != kWriteFailed) return tl::unexpected(body.error());
  const int cause = std::atoi(body.error().detail.c_str());
  throw std::system_error(cause != 0 ? cause : EIO, std::generic_category(), "cannot write " + path.string());
}

}  // namespace korrigo::pdf
