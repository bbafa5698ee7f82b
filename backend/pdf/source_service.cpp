#include "pdf/source_service.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include "imaging/decode.h"
#include "imaging/geometry.h"
#include "pdf/assemble.h"
#include "pdf/source_wire.h"

namespace korrigo::pdf {
namespace {

using sandbox::Message;
using sandbox::WireReader;
using sandbox::WireWriter;

tl::unexpected<Error> damaged(std::string detail) {
  return refuse(ErrorKind::malformed, "source.damaged", "is damaged or incomplete; scan or export it again",
                std::move(detail));
}

bool begins_like_pdf(int fd) {
  std::array<char, 1024> start{};
  const ssize_t got = ::pread(fd, start.data(), start.size(), 0);
  return got > 0 &&
         std::string_view(start.data(), static_cast<std::size_t>(got)).find("%PDF-") != std::string_view::npos;
}

Result<std::unique_ptr<QPDF>> parse(int fd) {
  auto pdf = std::make_unique<QPDF>();
  pdf->setSuppressWarnings(true);
  std::FILE* file = ::fdopen(::dup(fd), "rb");
  if (file == nullptr) return damaged("descriptor");
  try {
    pdf->processFile("source", file, true);
  } catch (const QPDFExc& error) {
    if (error.getErrorCode() == qpdf_e_password)
      return refuse(ErrorKind::invalid_input, "source.encrypted", "is protected by a password; save it without one");
    return damaged(error.what());
  }
  // A cross-reference table that had to be rebuilt may have lost pages without a trace.
  for (const QPDFExc& warning : pdf->getWarnings()) return damaged(warning.what());
  return pdf;
}

PageFacts facts_of(const QPDFPageObjectHelper& page) {
  try {
    return page_facts(page);
  } catch (const std::exception&) {
    PageFacts facts;
    facts.info.dpi = 300;
    facts.info.problem = "its description is damaged";
    return facts;
  }
}

}  // namespace

Message SourceService::answer(Message request) {
  WireReader wire(request.bytes);
  WireWriter body;
  Result<void> done;
  const auto kind = wire.get<Request>();
  try {
    const int fd = request.fds.empty() ? -1 : request.fds.front().get();
    switch (kind) {
      case Request::open:
        done = open(wire, fd, body);
        break;
      case Request::gray:
        done = gray(wire, body);
        break;
      case Request::write:
        done = write(wire, fd, body);
        break;
    }
  } catch (const QPDFExc& error) {
    done = refuse(ErrorKind::malformed, "side.unreadable", "it is damaged", error.what());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::runtime_error& error) {
    done = refuse(ErrorKind::malformed, "side.unreadable", "it is damaged", error.what());
  } catch (const std::logic_error& error) {
    done = refuse(ErrorKind::malformed, "side.unreadable", "it is damaged", error.what());
  }
  if (done) {
    WireWriter good;
    auto bytes = body.take();
    bytes.insert(bytes.begin(), std::byte{1});
    return {std::move(bytes), {}};
  }
  WireWriter bad;
  bad.put(std::uint8_t{0});
  put(bad, done.error());
  return {bad.take(), {}};
}

Result<void> SourceService::open(WireReader& wire, int fd, WireWriter& answer) {
  const int max_pages = wire.get<int>();
  if (!begins_like_pdf(fd)) return refuse(ErrorKind::malformed, "source.not_pdf", "is not a PDF");
  auto pdf = parse(fd);
  if (!pdf) return tl::unexpected(pdf.error());
  Source source;
  source.pdf = std::move(*pdf);
  try {
    source.pages = QPDFPageDocumentHelper(*source.pdf).getAllPages();
  } catch (const std::exception& error) {
    return damaged(error.what());
  }
  if (source.pages.empty()) return refuse(ErrorKind::malformed, "source.empty", "has no page");
  if (static_cast<int>(source.pages.size()) > max_pages)
    return refuse(ErrorKind::too_large, "source.too_many_pages",
                  fmt::format("has {} pages; at most {} are read", source.pages.size(), max_pages));
  answer.put(static_cast<std::uint32_t>(source.pages.size()));
  for (const QPDFPageObjectHelper& page : source.pages) {
    source.facts.push_back(facts_of(page));
    put(answer, source.facts.back().info);
  }
  sources_.push_back(std::move(source));
  return {};
}

Result<const imaging::EncodedImage*> SourceService::picture_of(int source, int side) {
  if (cached_source_ == source && cached_side_ == side) return &cached_;
  cached_source_ = -1;
  Source& from = sources_.at(static_cast<std::size_t>(source));
  auto image = encoded_image(*from.pdf, from.facts.at(static_cast<std::size_t>(side)).image);
  if (!image)
    return refuse(ErrorKind::malformed, "side.unreadable",
                  "its picture is of an unknown kind, or of another size than the page says");
  cached_ = std::move(*image);
  cached_source_ = source;
  cached_side_ = side;
  return &cached_;
}

Result<void> SourceService::gray(WireReader& wire, WireWriter& answer) {
  const int source = wire.get<int>();
  const int side = wire.get<int>();
  const int reduce = wire.get<int>();
  const imaging::PixelRect part = get_rect(wire);
  const PageFacts& facts = sources_.at(static_cast<std::size_t>(source)).facts.at(static_cast<std::size_t>(side));
  const auto image = picture_of(source, side);
  if (!image) return tl::unexpected(image.error());
  auto decoded = imaging::decode_gray(**image, {reduce, facts.placement.to_stored(part)});
  if (!decoded) return tl::unexpected(decoded.error());
  const imaging::GrayImage upright =
      facts.placement.turn == 0 ? std::move(decoded->image) : imaging::rotated(decoded->image, facts.placement.turn);
  answer.put(decoded->damaged);
  answer.put(upright.width());
  answer.put(upright.height());
  answer.put(std::as_bytes(upright.pixels()));
  return {};
}

Result<void> SourceService::write(WireReader& wire, int fd, WireWriter& answer) {
  const auto count = wire.get<std::uint32_t>();
  Assembly assembly;
  for (std::uint32_t i = 0; i < count; ++i) {
    const PagePart part = get_part(wire);
    const auto rendered = wire.bytes();
    if (!wire.ok()) throw std::runtime_error("short request");
    Source& source = sources_.at(static_cast<std::size_t>(part.source));
    const auto side = static_cast<std::size_t>(part.side);
    const auto added = assembly.add({source.pdf.get(), source.pages.at(side), &source.facts.at(side)}, part, rendered);
    if (!added) {
      Error error = added.error();
      error.detail = fmt::format("{} {}: {}", part.source, part.side, error.detail);
      return tl::unexpected(error);
    }
  }
  try {
    errno = 0;
    assembly.write(fd);
  } catch (const QPDFExc&) {
    throw;
  } catch (const std::runtime_error& error) {
    return refuse(ErrorKind::too_busy, std::string(kWriteFailed), error.what(), std::to_string(errno));
  }
  answer.put(static_cast<int>(count));
  return {};
}

}  // namespace korrigo::pdf
