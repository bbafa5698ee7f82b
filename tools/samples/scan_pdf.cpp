#include "samples/scan_pdf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <cerrno>
#include <system_error>

namespace korrigo::samples {
namespace {

// Objects 1 and 2 are the catalogue and the page tree; every page takes three from 3 on.
constexpr std::size_t kFirstPage = 3;
constexpr std::size_t kPerPage = 3;

}  // namespace

ScanPdf::ScanPdf(const std::filesystem::path& path)
    : path_(path), file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
  if (!file_) throw std::system_error(errno, std::generic_category(), path.string());
  write("%PDF-1.5\n%\xE2\xE3\xCF\xD3\n");
}

void ScanPdf::write(std::string_view text) {
  write_all(file_.get(), std::as_bytes(std::span(text)), path_);
  written_ += text.size();
}

void ScanPdf::begin(std::size_t number) {
  if (offsets_.size() <= number) offsets_.resize(number + 1);
  offsets_[number] = written_;
  write(fmt::format("{} 0 obj\n", number));
}

void ScanPdf::add_page(const ImageStream& stream, int width, int height, double width_mm, double height_mm) {
  const double points_wide = width_mm / 25.4 * 72;
  const double points_high = height_mm / 25.4 * 72;
  const std::size_t page = kFirstPage + kPerPage * pages_++;
  begin(page);
  write(
      fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.2f} {:.2f}] /Contents {} 0 R "
                  "/Resources << /XObject << /Im0 {} 0 R >> >> >>\nendobj\n",
                  points_wide, points_high, page + 1, page + 2));
  const std::string content = fmt::format("q {:.2f} 0 0 {:.2f} 0 0 cm /Im0 Do Q", points_wide, points_high);
  begin(page + 1);
  write(fmt::format("<< /Length {} >>\nstream\n{}\nendstream\nendobj\n", content.size(), content));
  begin(page + 2);
  write(fmt::format("<< /Type /XObject /Subtype /Image /Width {} /Height {} {}/Length {} >>\nstream\n", width, height,
                    stream.dictionary, stream.bytes.size()));
  write({reinterpret_cast<const char*>(stream.bytes.data()), stream.bytes.size()});
  write("\nendstream\nendobj\n");
}

void ScanPdf::finish() {
  begin(1);
  write("<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
  begin(2);
  std::string kids;
  for (std::size_t i = 0; i < pages_; ++i) kids += fmt::format("{} 0 R ", kFirstPage + kPerPage * i);
  write(fmt::format("<< /Type /Pages /Count {} /Kids [{}] >>\nendobj\n", pages_, kids));
  const std::size_t table = written_;
  std::string references = fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets_.size());
  for (std::size_t i = 1; i < offsets_.size(); ++i) references += fmt::format("{:010} 00000 n \n", offsets_[i]);
  write(references);
  write(fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", offsets_.size(), table));
}

}  // namespace korrigo::samples
