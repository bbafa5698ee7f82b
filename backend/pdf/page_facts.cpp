#include "pdf/page_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>

#include "imaging/decode.h"
#include "pdf/page_content.h"

namespace korrigo::pdf {
namespace {

using imaging::ColourSpace;
using imaging::EncodedImage;
using imaging::Encoding;
using imaging::PixelRect;
using Rectangle = QPDFObjectHandle::Rectangle;

constexpr double kRenderDpi = 300;
constexpr double kMinPoints = 3;
constexpr double kMaxPoints = 14'400 * 4;

Rectangle sorted(const Rectangle& r) {
  return {std::min(r.llx, r.urx), std::min(r.lly, r.ury), std::max(r.llx, r.urx), std::max(r.lly, r.ury)};
}

Rectangle visible_box(QPDFPageObjectHelper& page) {
  Rectangle media = sorted(page.getMediaBox().getArrayAsRectangle());
  const Rectangle crop = sorted(page.getCropBox().getArrayAsRectangle());
  const Rectangle both{std::max(media.llx, crop.llx), std::max(media.lly, crop.lly), std::min(media.urx, crop.urx),
                       std::min(media.ury, crop.ury)};
  return both.urx > both.llx && both.ury > both.lly ? both : media;
}

int rotation_of(QPDFPageObjectHelper& page) {
  QPDFObjectHandle rotate = page.getAttribute("/Rotate", false);
  if (!rotate.isInteger()) return 0;
  const int degrees = static_cast<int>(rotate.getIntValue() % 360);
  return degrees % 90 == 0 ? (degrees + 360) % 360 : 0;
}

double user_unit(QPDFPageObjectHelper& page) {
  QPDFObjectHandle unit = page.getAttribute("/UserUnit", false);
  return unit.isNumber() && unit.getNumericValue() > 0 ? std::clamp(unit.getNumericValue(), 0.01, 1000.0) : 1.0;
}

// Links and pop-ups draw nothing on the page.
bool has_drawn_annotations(QPDFPageObjectHelper& page) {
  QPDFObjectHandle annotations = page.getAttribute("/Annots", false);
  if (!annotations.isArray()) return false;
  for (int i = 0; i < annotations.getArrayNItems(); ++i) {
    QPDFObjectHandle annotation = annotations.getArrayItem(i);
    if (!annotation.isDictionary()) continue;
    QPDFObjectHandle subtype = annotation.getKey("/Subtype");
    if (!subtype.isNameAndEquals("/Link") && !subtype.isNameAndEquals("/Popup") && annotation.hasKey("/AP"))
      return true;
  }
  return false;
}

// The clockwise turn from the stored picture to default user space, when the picture stands square and unmirrored.
std::optional<int> turn_of(const QPDFMatrix& m) {
  if (m.a * m.d - m.b * m.c <= 0) return std::nullopt;
  const double across = std::hypot(m.a, m.b);
  const double along = std::hypot(m.c, m.d);
  if (across < 1e-6 || along < 1e-6) return std::nullopt;
  constexpr double kSquare = 0.002;  // radians
  const double angle = std::atan2(m.b, m.a);
  const double quarter = std::round(angle / (M_PI / 2));
  if (std::abs(angle - quarter * M_PI / 2) > kSquare) return std::nullopt;
  if (std::abs(m.a * m.c + m.b * m.d) > kSquare * across * along) return std::nullopt;
  return (static_cast<int>(-quarter) * 90 + 720) % 360;
}

bool fills(const QPDFMatrix& matrix, const Rectangle& box) {
  const Rectangle placed = sorted(matrix.transformRectangle(Rectangle(0, 0, 1, 1)));
  const double slack_x = 0.01 * (box.urx - box.llx);
  const double slack_y = 0.01 * (box.ury - box.lly);
  return std::abs(placed.llx - box.llx) <= slack_x && std::abs(placed.urx - box.urx) <= slack_x &&
         std::abs(placed.lly - box.lly) <= slack_y && std::abs(placed.ury - box.ury) <= slack_y;
}

std::vector<std::string> filters_of(QPDFObjectHandle dictionary) {
  std::vector<std::string> names;
  QPDFObjectHandle filter = dictionary.getKey("/Filter");
  if (filter.isName()) names.push_back(filter.getName());
  if (filter.isArray())
    for (int i = 0; i < filter.getArrayNItems(); ++i)
      if (filter.getArrayItem(i).isName()) names.push_back(filter.getArrayItem(i).getName());
  return names;
}

QPDFObjectHandle last_parameters(QPDFObjectHandle dictionary) {
  QPDFObjectHandle parameters = dictionary.getKey("/DecodeParms");
  if (parameters.isArray() && parameters.getArrayNItems() > 0)
    parameters = parameters.getArrayItem(parameters.getArrayNItems() - 1);
  return parameters;
}

std::optional<Encoding> encoding_of(const std::vector<std::string>& filters) {
  static const std::map<std::string, Encoding> kCodecs = {{"/DCTDecode", Encoding::jpeg},
                                                          {"/JPXDecode", Encoding::jpeg2000},
                                                          {"/CCITTFaxDecode", Encoding::ccitt},
                                                          {"/JBIG2Decode", Encoding::jbig2}};
  static const std::array kPlain = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode",
                                    "/ASCIIHexDecode"};
  Encoding encoding = Encoding::raw;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const auto codec = kCodecs.find(filters[i]);
    if (codec != kCodecs.end()) {
      if (i + 1 != filters.size()) return std::nullopt;
      encoding = codec->second;
    } else if (std::find(kPlain.begin(), kPlain.end(), filters[i]) == kPlain.end()) {
      return std::nullopt;
    }
  }
  return encoding;
}

std::vector<std::byte> bytes_of(const std::shared_ptr<Buffer>& buffer) {
  const auto* first = reinterpret_cast<const std::byte*>(buffer->getBuffer());
  return {first, first + buffer->getSize()};
}

// The stream without the filters that stand before the picture's own codec.
std::vector<std::byte> unwrapped(QPDF& owner, QPDFObjectHandle image, const std::vector<std::string>& filters,
                                 Encoding encoding) {
  if (encoding == Encoding::raw) return bytes_of(image.getStreamData(qpdf_dl_specialized));
  if (filters.size() == 1) return bytes_of(image.getRawStreamData());
  QPDFObjectHandle outer = QPDFObjectHandle::newStream(&owner, image.getRawStreamData());
  QPDFObjectHandle names = QPDFObjectHandle::newArray();
  for (std::size_t i = 0; i + 1 < filters.size(); ++i) names.appendItem(QPDFObjectHandle::newName(filters[i]));
  outer.getDict().replaceKey("/Filter", names);
  return bytes_of(outer.getStreamData(qpdf_dl_specialized));
}

// Viewers disagree on what such a page shows (stretched, or rows of a wrong length), so nobody can say where on it
// something was read or must be wiped.
bool contradicts_its_dictionary(const EncodedImage& image) {
  const auto stated = imaging::stated_bounds(image);
  return stated && (stated->width != image.width || stated->height != image.height);
}

std::optional<ColourSpace> simple_space(const std::string& name) {
  if (name == "/DeviceGray" || name == "/CalGray" || name == "/G") return ColourSpace::gray;
  if (name == "/DeviceRGB" || name == "/CalRGB" || name == "/RGB") return ColourSpace::rgb;
  if (name == "/DeviceCMYK" || name == "/CMYK") return ColourSpace::cmyk;
  return std::nullopt;
}

std::optional<ColourSpace> space_of(QPDFObjectHandle space) {
  if (space.isName()) return simple_space(space.getName());
  if (!space.isArray() || space.getArrayNItems() < 2 || !space.getArrayItem(0).isName()) return std::nullopt;
  const std::string family = space.getArrayItem(0).getName();
  if (family == "/ICCBased" && space.getArrayItem(1).isStream()) {
    QPDFObjectHandle n = space.getArrayItem(1).getDict().getKey("/N");
    const int components = n.isInteger() ? n.getIntValueAsInt() : 0;
    return components == 1   ? ColourSpace::gray
           : components == 3 ? ColourSpace::rgb
           : components == 4 ? ColourSpace::cmyk
                             : std::optional<ColourSpace>();
  }
  if (family == "/Indexed" || family == "/I") return ColourSpace::indexed;
  return simple_space(family);
}

bool read_palette(QPDFObjectHandle space, EncodedImage& image) {
  if (space.getArrayNItems() < 4) return false;
  const auto base = space_of(space.getArrayItem(1));
  const int count =
      space.getArrayItem(2).isInteger() ? std::clamp(space.getArrayItem(2).getIntValueAsInt(), 0, 255) + 1 : 0;
  QPDFObjectHandle lookup = space.getArrayItem(3);
  std::string table;
  if (lookup.isString()) table = lookup.getStringValue();
  if (lookup.isStream()) {
    const auto buffer = lookup.getStreamData(qpdf_dl_specialized);
    table.assign(reinterpret_cast<const char*>(buffer->getBuffer()), std::min<std::size_t>(buffer->getSize(), 4096));
  }
  const std::size_t width = base == ColourSpace::gray ? 1 : base == ColourSpace::rgb ? 3 : 0;
  if (width == 0) return false;
  for (int i = 0; i < count; ++i) {
    std::array<std::uint8_t, 3> colour{};
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t at = static_cast<std::size_t>(i) * width + (width == 3 ? c : 0);
      if (at < table.size()) colour[c] = static_cast<std::uint8_t>(table[at]);
    }
    image.palette.push_back(colour);
  }
  return true;
}

bool read_colours(QPDFObjectHandle dictionary, EncodedImage& image) {
  QPDFObjectHandle mask = dictionary.getKey("/ImageMask");
  const bool is_mask = mask.isBool() && mask.getBoolValue();
  QPDFObjectHandle bits = dictionary.getKey("/BitsPerComponent");
  image.bits_per_component = is_mask ? 1 : bits.isInteger() ? bits.getIntValueAsInt() : 8;
  QPDFObjectHandle decode = dictionary.getKey("/Decode");
  if (decode.isArray() && decode.getArrayNItems() >= 2 && decode.getArrayItem(0).isNumber() &&
      decode.getArrayItem(1).isNumber())
    image.inverted = decode.getArrayItem(0).getNumericValue() > decode.getArrayItem(1).getNumericValue();
  if (is_mask || image.encoding == Encoding::jpeg || image.encoding == Encoding::jpeg2000) return true;
  QPDFObjectHandle space = dictionary.getKey("/ColorSpace");
  const auto kind = space_of(space);
  if (!kind) return false;
  image.colour_space = *kind;
  return *kind != ColourSpace::indexed || read_palette(space, image);
}

void read_ccitt(QPDFObjectHandle parameters, EncodedImage& image) {
  if (!parameters.isDictionary()) return;
  const auto truth = [&](const char* key) {
    return parameters.getKey(key).isBool() && parameters.getKey(key).getBoolValue();
  };
  if (parameters.getKey("/K").isInteger()) image.ccitt_k = parameters.getKey("/K").getIntValueAsInt();
  image.ccitt_black_is_1 = truth("/BlackIs1");
  image.ccitt_byte_aligned = truth("/EncodedByteAlign");
}

int dimension(QPDFObjectHandle value) {
  return value.isInteger() ? std::clamp(value.getIntValueAsInt(), 0, imaging::kMaxImageSide + 1) : 0;
}

bool within_limits(int width, int height) {
  return width > 0 && height > 0 && width <= imaging::kMaxImageSide && height <= imaging::kMaxImageSide &&
         static_cast<long long>(width) * height <= imaging::kMaxImagePixels;
}

// Fills in what a plain picture says; false when the page is something else.
bool as_plain_picture(QPDFPageObjectHelper& page, const Rectangle& box, int rotation, PageFacts& facts) {
  if (has_drawn_annotations(page)) return false;
  const auto picture = only_picture(page, box);
  if (!picture || !fills(picture->matrix, box)) return false;
  const auto turn = turn_of(picture->matrix);
  QPDFObjectHandle image = page.getAttribute("/Resources", false).getKeyIfDict("/XObject").getKeyIfDict(picture->name);
  if (!turn || !image.isStream()) return false;
  QPDFObjectHandle dictionary = image.getDict();
  if (!dictionary.getKey("/Subtype").isNameAndEquals("/Image")) return false;
  for (const char* key : {"/SMask", "/Mask", "/OC", "/SMaskInData"})
    if (dictionary.hasKey(key) && !(dictionary.getKey(key).isInteger() && dictionary.getKey(key).getIntValue() == 0))
      return false;
  const bool is_mask = dictionary.getKey("/ImageMask").isBool() && dictionary.getKey("/ImageMask").getBoolValue();
  if (is_mask && picture->coloured) return false;
  const auto encoding = encoding_of(filters_of(dictionary));
  if (!encoding) return false;
  EncodedImage probe;
  probe.encoding = *encoding;
  if (!read_colours(dictionary, probe)) return false;

  facts.placement = {dimension(dictionary.getKey("/Width")), dimension(dictionary.getKey("/Height")),
                     (*turn + rotation) % 360};
  if (!within_limits(facts.placement.stored_width, facts.placement.stored_height)) return false;
  facts.image = image;
  facts.info.encoding = std::string(imaging::to_string(*encoding));
  const bool lying = facts.placement.turn % 180 != 0;
  facts.info.width = lying ? facts.placement.stored_height : facts.placement.stored_width;
  facts.info.height = lying ? facts.placement.stored_width : facts.placement.stored_height;
  facts.info.dpi = facts.info.width * 72.0 / facts.info.width_points;
  facts.info.plain_picture = true;
  return true;
}

}  // namespace

PixelRect Placement::to_stored(const PixelRect& r) const {
  switch (turn) {
    case 90:
      return {r.y, stored_height - r.right(), r.height, r.width};
    case 180:
      return {stored_width - r.right(), stored_height - r.bottom(), r.width, r.height};
    case 270:
      return {stored_width - r.bottom(), r.x, r.height, r.width};
    default:
      return r;
  }
}

PageFacts page_facts(QPDFPageObjectHelper page) {
  PageFacts facts;
  const Rectangle box = visible_box(page);
  const int rotation = rotation_of(page);
  const double unit = user_unit(page);
  facts.info.width_points = (box.urx - box.llx) * unit;
  facts.info.height_points = (box.ury - box.lly) * unit;
  if (rotation % 180 != 0) std::swap(facts.info.width_points, facts.info.height_points);
  const auto sane = [](double points) { return points >= kMinPoints && points <= kMaxPoints; };
  if (!sane(facts.info.width_points) || !sane(facts.info.height_points)) {
    facts.info.problem = "its size is not that of a page";
    facts.info.dpi = kRenderDpi;
    return facts;
  }
  if (as_plain_picture(page, box, rotation, facts)) return facts;
  facts.info.encoding = "page";
  facts.info.plain_picture = false;
  double dpi = kRenderDpi;
  const double largest = std::max(facts.info.width_points, facts.info.height_points) / 72;
  dpi = std::min(dpi, 8000 / largest);
  facts.info.dpi = dpi;
  facts.info.width = std::max(1, static_cast<int>(std::ceil(facts.info.width_points / 72 * dpi)));
  facts.info.height = std::max(1, static_cast<int>(std::ceil(facts.info.height_points / 72 * dpi)));
  return facts;
}

std::optional<EncodedImage> encoded_image(QPDF& owner, QPDFObjectHandle image) {
  QPDFObjectHandle dictionary = image.getDict();
  const auto filters = filters_of(dictionary);
  const auto encoding = encoding_of(filters);
  if (!encoding) return std::nullopt;
  EncodedImage result;
  result.encoding = *encoding;
  result.width = dimension(dictionary.getKey("/Width"));
  result.height = dimension(dictionary.getKey("/Height"));
  if (!within_limits(result.width, result.height) || !read_colours(dictionary, result)) return std::nullopt;
  QPDFObjectHandle parameters = last_parameters(dictionary);
  if (*encoding == Encoding::ccitt) read_ccitt(parameters, result);
  if (*encoding == Encoding::jbig2 && parameters.isDictionary() && parameters.getKey("/JBIG2Globals").isStream())
    result.jbig2_globals = bytes_of(parameters.getKey("/JBIG2Globals").getStreamData(qpdf_dl_specialized));
  result.bytes = unwrapped(owner, image, filters, *encoding);
  if (contradicts_its_dictionary(result)) return std::nullopt;
  return result;
}

}  // namespace korrigo::pdf
