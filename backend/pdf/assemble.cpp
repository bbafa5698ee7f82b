#include "pdf/assemble.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <set>

#include "imaging/decode.h"
#include "imaging/geometry.h"
#include "imaging/jpeg.h"

namespace korrigo::pdf {
namespace {

using imaging::Encoding;
using imaging::GrayImage;
using imaging::PixelRect;

constexpr int kRebuiltQuality = 92;  // of pictures that were lossy and cannot be edited without decoding

void wipe(GrayImage& image, const std::vector<PixelRect>& rects) {
  const std::uint8_t paper = imaging::paper_tone(image);
  for (const PixelRect& rect : rects) {
    const PixelRect inside = rect.intersected(image.bounds());
    for (int y = inside.y; y < inside.bottom(); ++y) std::fill_n(image.row(y) + inside.x, inside.width, paper);
  }
}

std::string packed_bits(const GrayImage& image) {
  std::string bytes;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); x += 8) {
      unsigned byte = 0;
      for (int i = 0; i < 8; ++i) byte = byte << 1 | (x + i >= image.width() || image.at(x + i, y) >= 128 ? 1u : 0u);
      bytes.push_back(static_cast<char>(byte));
    }
  return bytes;
}

std::string key_of(const SourcePage& from, const PagePart& part) {
  std::string key = fmt::format("{} {} {}", static_cast<const void*>(from.owner), part.side, part.strip_metadata);
  for (const PixelRect& r : part.wipe) key += fmt::format(" w{},{},{},{}", r.x, r.y, r.width, r.height);
  if (part.isolate) key += fmt::format(" i{},{},{},{}", part.part.x, part.part.y, part.part.width, part.part.height);
  return key;
}

// Keys of an image dictionary that decide its pixels; everything else (XMP, private data, alternates) stays behind.
void keep_only_pixels(QPDFObjectHandle dictionary) {
  static const std::set<std::string> kKept = {
      "/Type",   "/Subtype",     "/Width",     "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/DecodeParms",
      "/Decode", "/Interpolate", "/ImageMask", "/Length", "/Intent"};
  for (const std::string& key : dictionary.getKeys())
    if (!kKept.contains(key)) dictionary.removeKey(key);
}

}  // namespace

Assembly::Assembly() {
  result_.emptyPDF();
  result_.setSuppressWarnings(true);  // they would go to the terminal
}

QPDFObjectHandle Assembly::image_object(std::span<const std::byte> bytes, int width, int height, int bits,
                                        const char* filter) {
  QPDFObjectHandle stream =
      QPDFObjectHandle::newStream(&result_, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  QPDFObjectHandle dictionary = stream.getDict();
  dictionary.replaceKey("/Type", QPDFObjectHandle::newName("/XObject"));
  dictionary.replaceKey("/Subtype", QPDFObjectHandle::newName("/Image"));
  dictionary.replaceKey("/Width", QPDFObjectHandle::newInteger(width));
  dictionary.replaceKey("/Height", QPDFObjectHandle::newInteger(height));
  dictionary.replaceKey("/BitsPerComponent", QPDFObjectHandle::newInteger(bits));
  dictionary.replaceKey("/ColorSpace", QPDFObjectHandle::newName("/DeviceGray"));
  if (filter != nullptr) dictionary.replaceKey("/Filter", QPDFObjectHandle::newName(filter));
  return stream;
}

Result<Assembly::Stored> Assembly::rebuilt_picture(const SourcePage& from, const PagePart& part,
                                                   const PixelRect& stored_part) {
  const auto unreadable = [](const std::string& detail) {
    return refuse(ErrorKind::malformed, "side.unreadable", "its picture is damaged", detail);
  };
  auto source = encoded_image(*from.owner, from.facts->image);
  if (!source) return unreadable("filters");
  std::vector<PixelRect> wipes;
  for (const PixelRect& rect : part.wipe) wipes.push_back(from.facts->placement.to_stored(rect));
  const PixelRect whole{0, 0, from.facts->placement.stored_width, from.facts->placement.stored_height};
  const PixelRect kept = part.isolate ? stored_part.intersected(whole) : whole;

  if (source->encoding == Encoding::jpeg) {
    auto edited = imaging::edit_jpeg(source->bytes, {part.isolate ? kept : PixelRect{}, wipes});
    if (edited) {
      QPDFObjectHandle object = image_object(edited->bytes, edited->kept.width, edited->kept.height, 8, "/DCTDecode");
      QPDFObjectHandle space = result_.copyForeignObject(
          from.owner->makeIndirectObject(QPDFObjectHandle(from.facts->image).getDict().getKey("/ColorSpace")));
      if (!space.isNull()) object.getDict().replaceKey("/ColorSpace", space);
      QPDFObjectHandle decode = QPDFObjectHandle(from.facts->image).getDict().getKey("/Decode");
      if (decode.isArray()) object.getDict().replaceKey("/Decode", decode.shallowCopy());
      return Stored{object, edited->kept};
    }
  }
  auto decoded = imaging::decode_gray(*source);
  if (!decoded) return tl::unexpected(decoded.error());
  GrayImage picture = std::move(decoded->image);
  source->bytes.clear();
  wipe(picture, wipes);
  if (part.isolate) picture = imaging::cropped(picture, kept);
  const bool two_tone =
      source->encoding == Encoding::ccitt || source->encoding == Encoding::jbig2 || source->bits_per_component == 1;
  const bool lossy = source->encoding == Encoding::jpeg || source->encoding == Encoding::jpeg2000;
  if (lossy && !two_tone)
    return Stored{image_object(imaging::encode_jpeg(picture, kRebuiltQuality), picture.width(), picture.height(), 8,
                               "/DCTDecode"),
                  kept};
  // Left uncompressed here; the writer deflates it.
  const std::string bits =
      two_tone ? packed_bits(picture)
               : std::string(reinterpret_cast<const char*>(picture.pixels().data()), picture.pixels().size());
  return Stored{
      image_object(std::as_bytes(std::span(bits)), picture.width(), picture.height(), two_tone ? 1 : 8, nullptr), kept};
}

Result<Assembly::Stored> Assembly::stored_picture(const SourcePage& from, const PagePart& part) {
  const std::string key = key_of(from, part);
  if (const auto found = made_.find(key); found != made_.end()) return found->second;
  const Placement& placement = from.facts->placement;
  Stored stored;
  if (part.isolate || !part.wipe.empty()) {
    auto rebuilt = rebuilt_picture(from, part, placement.to_stored(part.part));
    if (!rebuilt) return rebuilt;
    stored = *rebuilt;
  } else {
    stored.object = result_.copyForeignObject(from.facts->image);
    stored.shows = {0, 0, placement.stored_width, placement.stored_height};
    keep_only_pixels(stored.object.getDict());
    QPDFObjectHandle filter = stored.object.getDict().getKey("/Filter");
    if (part.strip_metadata && filter.isNameAndEquals("/DCTDecode")) {
      const auto raw = QPDFObjectHandle(from.facts->image).getRawStreamData();
      const auto stripped = imaging::strip_jpeg_metadata(std::as_bytes(std::span(raw->getBuffer(), raw->getSize())));
      if (!stripped) return rebuilt_picture(from, part, placement.to_stored(part.part));
      stored.object.replaceStreamData(std::string(reinterpret_cast<const char*>(stripped->data()), stripped->size()),
                                      filter, stored.object.getDict().getKey("/DecodeParms"));
    }
  }
  made_.emplace(key, stored);
  return stored;
}

void Assembly::add_page(const QPDFObjectHandle& object, const std::string& content, double width, double height,
                        int rotation) {
  QPDFObjectHandle page = QPDFObjectHandle::newDictionary();
  page.replaceKey("/Type", QPDFObjectHandle::newName("/Page"));
  page.replaceKey("/MediaBox", QPDFObjectHandle::newFromRectangle({0, 0, width, height}));
  if (rotation != 0) page.replaceKey("/Rotate", QPDFObjectHandle::newInteger(rotation));
  QPDFObjectHandle names = QPDFObjectHandle::newDictionary();
  names.replaceKey("/Im0", object);
  QPDFObjectHandle resources = QPDFObjectHandle::newDictionary();
  resources.replaceKey("/XObject", names);
  page.replaceKey("/Resources", resources);
  const std::string clipped = fmt::format("q 0 0 {:.4f} {:.4f} re W n\n{}\nQ\n", width, height, content);
  page.replaceKey("/Contents", QPDFObjectHandle::newStream(&result_, clipped));
  QPDFPageDocumentHelper(result_).addPage(QPDFPageObjectHelper(result_.makeIndirectObject(page)), false);
}

Result<void> Assembly::add(const SourcePage& from, const PagePart& part, std::span<const std::byte> rendered) {
  const SideInfo& info = from.facts->info;
  const double point = 72 / info.dpi;  // one pixel of the side across
  const double point_down = info.height_points / info.height;
  const double width = part.part.width * point;
  const double height = part.part.height * point_down;
  if (!rendered.empty()) {
    QPDFObjectHandle object = image_object(rendered, part.part.width, part.part.height, 8, "/DCTDecode");
    add_page(object, fmt::format("{:.4f} 0 0 {:.4f} 0 0 cm /Im0 Do", width, height), width, height, part.rotation);
    return {};
  }
  if (!info.plain_picture) {
    const std::string key = key_of(from, part);
    if (!made_.contains(key))
      made_[key].object = result_.copyForeignObject(QPDFPageObjectHelper(from.page).getFormXObjectForPage(true));
    QPDFObjectHandle form = made_[key].object;
    const double left = -part.part.x * point;
    const double bottom = part.part.bottom() * point_down - info.height_points;
    QPDFPageObjectHelper form_helper(form);
    const std::string content = form_helper.placeFormXObject(
        form, "/Im0", {left, bottom, left + info.width_points, bottom + info.height_points}, false);
    add_page(form, content, width, height, part.rotation);
    return {};
  }
  auto stored = stored_picture(from, part);
  if (!stored) return tl::unexpected(stored.error());
  // The page lies as the stored picture does; /Rotate turns both upright.
  const PixelRect shown = from.facts->placement.to_stored(part.part);
  const bool lying = from.facts->placement.turn % 180 != 0;
  const double px = lying ? point_down : point;
  const double py = lying ? point : point_down;
  const double page_width = shown.width * px;
  const double page_height = shown.height * py;
  const double left = (stored->shows.x - shown.x) * px;
  const double bottom = (shown.bottom() - stored->shows.bottom()) * py;
  add_page(stored->object,
           fmt::format("{:.4f} 0 0 {:.4f} {:.4f} {:.4f} cm /Im0 Do", stored->shows.width * px,
                       stored->shows.height * py, left, bottom),
           page_width, page_height, (from.facts->placement.turn + part.rotation) % 360);
  return {};
}

void Assembly::write(int fd) {
  std::FILE* file = ::fdopen(::dup(fd), "wb");
  if (file == nullptr) throw std::runtime_error("the output descriptor cannot be written");
  QPDFWriter writer(result_);
  writer.setOutputFile("copy", file, true);
  writer.setDeterministicID(true);
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.setStreamDataMode(qpdf_s_compress);
  writer.setRecompressFlate(false);
  writer.setDecodeLevel(qpdf_dl_none);
  writer.write();
}

}  // namespace korrigo::pdf
