#include "pdf/lay_over.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>
#include <qpdf/QPDFMatrix.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <stdexcept>

namespace korrigo::pdf {
namespace {

using Rectangle = QPDFObjectHandle::Rectangle;

constexpr int kPrintedLocked = 4 | 128 | 512;

int rotation_of(QPDFPageObjectHelper page) {
  QPDFObjectHandle rotate = page.getAttribute("/Rotate", false);
  const int degrees = rotate.isInteger() ? rotate.getIntValueAsInt() % 360 : 0;
  return (degrees + 360) % 360 / 90 * 90;
}

Rectangle box_of(QPDFPageObjectHelper page) {
  return page.getCropBox(false).getArrayAsRectangle();
}

PageSize size_of(const QPDFPageObjectHelper& page) {
  const Rectangle box = box_of(page);
  const PageSize upright{box.urx - box.llx, box.ury - box.lly};
  return rotation_of(page) % 180 == 0 ? upright : PageSize{upright.height, upright.width};
}

// From the page as shown (points, origin at its bottom left) to its own space.
QPDFMatrix to_page(const QPDFPageObjectHelper& page) {
  const Rectangle box = box_of(page);
  switch (rotation_of(page)) {
    case 90:
      return {0, 1, -1, 0, box.urx, box.lly};
    case 180:
      return {-1, 0, 0, -1, box.urx, box.ury};
    case 270:
      return {0, -1, 1, 0, box.llx, box.ury};
    default:
      return {1, 0, 0, 1, box.llx, box.lly};
  }
}

QPDFObjectHandle numbers(std::initializer_list<double> values) {
  QPDFObjectHandle array = QPDFObjectHandle::newArray();
  for (const double value : values) array.appendItem(QPDFObjectHandle::newReal(value, 3));
  return array;
}

const char* subtype_of(NoteKind kind) {
  switch (kind) {
    case NoteKind::highlight:
      return "/Highlight";
    case NoteKind::ink:
      return "/Ink";
    case NoteKind::stamp:
      return "/Stamp";
    case NoteKind::square:
      break;
  }
  return "/Square";
}

// Points of a note, from the top left of the page as shown, in the page's space.
class OnPage {
 public:
  explicit OnPage(const QPDFPageObjectHelper& page) : matrix_(to_page(page)), height_(size_of(page).height) {}
  std::array<double, 2> at(double x, double y) const {
    std::array<double, 2> point{};
    matrix_.transform(x, height_ - y, point[0], point[1]);
    return point;
  }

 private:
  QPDFMatrix matrix_;
  double height_;
};

QPDFObjectHandle ink_list(const OnPage& on_page, const Note& note) {
  QPDFObjectHandle list = QPDFObjectHandle::newArray();
  for (const auto& stroke : note.strokes) {
    QPDFObjectHandle points = QPDFObjectHandle::newArray();
    for (const auto& [x, y] : stroke)
      for (const double value : on_page.at(x, y)) points.appendItem(QPDFObjectHandle::newReal(value, 2));
    list.appendItem(points);
  }
  return list;
}

}  // namespace

OverlaidPdf::OverlaidPdf(int fd) : pdf_(std::make_unique<QPDF>()) {
  pdf_->setSuppressWarnings(true);
  std::FILE* file = ::fdopen(::dup(fd), "rb");
  if (file == nullptr) throw std::runtime_error("descriptor");
  pdf_->processFile("base", file, true);
  pages_ = QPDFPageDocumentHelper(*pdf_).getAllPages();
}

std::vector<PageSize> OverlaidPdf::sizes() {
  std::vector<PageSize> all;
  for (const QPDFPageObjectHelper& page : pages_) all.push_back(size_of(page));
  return all;
}

void OverlaidPdf::draw(std::size_t at, QPDFPageObjectHelper drawing) {
  QPDFPageObjectHelper page = pages_.at(at);
  QPDFObjectHandle form = pdf_->copyForeignObject(drawing.getFormXObjectForPage(false));
  QPDFObjectHandle resources = page.getAttribute("/Resources", true);
  resources.mergeResources(QPDFObjectHandle::parse("<< /XObject << >> >>"));
  int suffix = 0;
  const std::string name = resources.getUniqueResourceName("/Marks", suffix);
  resources.getKey("/XObject").replaceKey(name, form);
  page.addPageContents(
      QPDFObjectHandle::newStream(pdf_.get(), fmt::format("\nq {} cm {} Do Q\n", to_page(page).unparse(), name)),
      false);
}

QPDFObjectHandle OverlaidPdf::blank_appearance() {
  if (!appearance_.isInitialized() || appearance_.isNull()) {
    // Draws nothing; viewers complain about a compressed stream without a byte.
    appearance_ = QPDFObjectHandle::newStream(pdf_.get(), "q Q\n");
    QPDFObjectHandle dictionary = appearance_.getDict();
    dictionary.replaceKey("/Type", QPDFObjectHandle::newName("/XObject"));
    dictionary.replaceKey("/Subtype", QPDFObjectHandle::newName("/Form"));
    dictionary.replaceKey("/BBox", QPDFObjectHandle::newFromRectangle({0, 0, 1, 1}));
  }
  return appearance_;
}

void OverlaidPdf::add_note(const Note& note) {
  QPDFPageObjectHelper page = pages_.at(static_cast<std::size_t>(note.page));
  const OnPage on_page(page);
  const auto [left, top] = on_page.at(note.x, note.y);
  const auto [right, bottom] = on_page.at(note.x + note.width, note.y + note.height);
  QPDFObjectHandle annotation = QPDFObjectHandle::newDictionary();
  annotation.replaceKey("/Type", QPDFObjectHandle::newName("/Annot"));
  annotation.replaceKey("/Subtype", QPDFObjectHandle::newName(subtype_of(note.kind)));
  annotation.replaceKey(
      "/Rect", numbers({std::min(left, right), std::min(top, bottom), std::max(left, right), std::max(top, bottom)}));
  annotation.replaceKey("/Contents", QPDFObjectHandle::newUnicodeString(note.contents));
  annotation.replaceKey("/NM", QPDFObjectHandle::newUnicodeString(note.id));
  annotation.replaceKey("/C", numbers({note.colour[0], note.colour[1], note.colour[2]}));
  annotation.replaceKey("/F", QPDFObjectHandle::newInteger(kPrintedLocked));
  annotation.replaceKey("/P", page.getObjectHandle());
  QPDFObjectHandle appearances = QPDFObjectHandle::newDictionary();
  appearances.replaceKey("/N", blank_appearance());
  annotation.replaceKey("/AP", appearances);
  if (note.kind == NoteKind::highlight) {
    const auto [x2, y2] = on_page.at(note.x + note.width, note.y);
    const auto [x3, y3] = on_page.at(note.x, note.y + note.height);
    annotation.replaceKey("/QuadPoints", numbers({left, top, x2, y2, x3, y3, right, bottom}));
  }
  if (note.kind == NoteKind::ink) annotation.replaceKey("/InkList", ink_list(on_page, note));
  QPDFObjectHandle all = page.getObjectHandle().getKey("/Annots");
  if (!all.isArray()) {
    all = QPDFObjectHandle::newArray();
    page.getObjectHandle().replaceKey("/Annots", all);
  }
  all.appendItem(pdf_->makeIndirectObject(annotation));
}

void OverlaidPdf::lay_over(const Overlay& overlay) {
  drawings_ = std::make_unique<QPDF>();
  drawings_->setSuppressWarnings(true);
  drawings_->processMemoryFile("drawings", overlay.pages.data(), overlay.pages.size());
  const auto drawn = QPDFPageDocumentHelper(*drawings_).getAllPages();
  for (std::size_t i = 0; i < overlay.over.size(); ++i) draw(static_cast<std::size_t>(overlay.over[i]), drawn.at(i));
  for (const Note& note : overlay.notes) add_note(note);
  for (std::size_t i = overlay.over.size(); i < drawn.size(); ++i)
    QPDFPageDocumentHelper(*pdf_).addPage(drawn[i], false);
  QPDFObjectHandle information = QPDFObjectHandle::newDictionary();
  information.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(overlay.title));
  pdf_->getTrailer().replaceKey("/Info", pdf_->makeIndirectObject(information));
  pdf_->getRoot().replaceKey("/Lang", QPDFObjectHandle::newString(overlay.language));
}

void OverlaidPdf::write(int fd) {
  std::FILE* file = ::fdopen(::dup(fd), "wb");
  if (file == nullptr) throw std::runtime_error("the output descriptor cannot be written");
  QPDFWriter writer(*pdf_);
  writer.setOutputFile("final", file, true);
  writer.setDeterministicID(true);
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.setStreamDataMode(qpdf_s_compress);
  writer.setRecompressFlate(false);
  writer.setDecodeLevel(qpdf_dl_none);
  writer.write();
}

}  // namespace korrigo::pdf
