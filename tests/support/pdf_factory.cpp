#include "support/pdf_factory.h"

#include <fmt/format.h>

#include "base/random.h"
#include "imaging/jpeg.h"

namespace korrigo::testing_support {

PicturePage jpeg_page(const imaging::GrayImage& picture, int rotate) {
  const auto bytes = imaging::encode_jpeg(picture, 85);
  PicturePage page;
  page.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  page.filter = "/DCTDecode";
  page.width = picture.width();
  page.height = picture.height();
  page.rotate = rotate;
  return page;
}

std::string make_pdf(const std::vector<PicturePage>& pages) {
  std::string out = "%PDF-1.5\n";
  std::vector<std::size_t> offsets;
  const auto object = [&](const std::string& body) {
    offsets.push_back(out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", offsets.size(), body);
  };
  std::string kids;
  for (std::size_t i = 0; i < pages.size(); ++i) kids += fmt::format("{} 0 R ", 3 + 3 * i);
  object("<< /Type /Catalog /Pages 2 0 R >>");
  object(fmt::format("<< /Type /Pages /Kids [{}] /Count {} >>", kids, pages.size()));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const PicturePage& page = pages[i];
    const double width = page.width * 72 / page.dpi;
    const double height = page.height * 72 / page.dpi;
    object(
        fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.3f} {:.3f}] /Rotate {} /Contents {} 0 R /Resources "
                    "<< /XObject << /Im0 {} 0 R >> >> >>",
                    width, height, page.rotate, 4 + 3 * i, 5 + 3 * i));
    const std::string content =
        page.content.empty() ? fmt::format("q {:.3f} 0 0 {:.3f} 0 0 cm /Im0 Do Q", width, height) : page.content;
    object(fmt::format("<< /Length {} >>\nstream\n{}\nendstream", content.size(), content));
    object(
        fmt::format("<< /Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent {} /ColorSpace {} {} {} "
                    "/Length {} >>\nstream\n{}\nendstream",
                    page.width, page.height, page.bits, page.colour_space,
                    page.filter.empty() ? "" : "/Filter " + page.filter, page.extra, page.bytes.size(), page.bytes));
  }
  const std::size_t table = out.size();
  out += fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets.size() + 1);
  for (const std::size_t offset : offsets) out += fmt::format("{:010} 00000 n \n", offset);
  out += fmt::format("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", offsets.size() + 1, table);
  return out;
}

imaging::GrayImage strokes(int width, int height, unsigned seed) {
  Random random(seed);
  imaging::GrayImage image(width, height, 245);
  const int count = width * height / 900;
  for (int i = 0; i < count; ++i) {
    int x = random.integer(0, width - 1);
    int y = random.integer(0, height - 1);
    const int dx = random.integer(-1, 1);
    const int dy = random.integer(-1, 1);
    for (int step = random.integer(4, 24); step > 0; --step, x += dx, y += dy)
      for (int v = y; v < y + 3; ++v)
        for (int u = x; u < x + 3; ++u)
          if (u >= 0 && v >= 0 && u < width && v < height) image.row(v)[u] = 40;
  }
  return image;
}

}  // namespace korrigo::testing_support
