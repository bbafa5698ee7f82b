#include "samples/samples.h"

#include <fmt/format.h>
#include <thread>

#include "base/files.h"
#include "base/parallel.h"
#include "samples/scan_pdf.h"
#include "samples/side_picture.h"
#include "samples/truth.h"

namespace korrigo::samples {
namespace {

namespace fs = std::filesystem;

// Bytes that no decoder can begin with, in the place of a picture.
void damage(std::vector<std::byte>& stream, std::uint64_t seed) {
  Random random(seed);
  for (std::byte& byte : stream) byte = static_cast<std::byte>(random.bits());
}

struct Page {
  ImageStream stream;
  int width = 0, height = 0;
  double width_mm = 0, height_mm = 0;
};

Page page_of(const PlannedSide& side, const BatchPlan& plan, const Form& form, const FontSet& fonts,
             const Options& options) {
  const bool colour = options.colour && (side.encoding == SideEncoding::jpeg || side.encoding == SideEncoding::flate);
  const SidePicture picture = picture_of(side, plan, form, fonts, options.dpi, colour);
  Page page{encode(picture, side.encoding), picture.width, picture.height, picture.width_mm, picture.height_mm};
  if (side.corrupt) damage(page.stream.bytes, side.seed);
  return page;
}

void write_scan(const fs::path& path, const BatchPlan& plan, const Form& form, const std::vector<FontSet>& fonts,
                const Options& options) {
  ScanPdf pdf(path);
  const std::size_t block = fonts.size() * 2;  // pages in memory at a time
  for (std::size_t first = 0; first < plan.sides.size(); first += block) {
    std::vector<Page> pages(std::min(block, plan.sides.size() - first));
    for_each_parallel(static_cast<int>(fonts.size()), pages.size(), Cancel(), [&](int worker, std::size_t i) {
      pages[i] = page_of(plan.sides[first + i], plan, form, fonts[static_cast<std::size_t>(worker)], options);
    });
    for (const Page& page : pages) pdf.add_page(page.stream, page.width, page.height, page.width_mm, page.height_mm);
  }
  pdf.finish();
}

}  // namespace

Result<void> make(const fs::path& folder, const Options& options) {
  std::error_code error;
  if (fs::exists(folder, error) && (!fs::is_directory(folder, error) || !fs::is_empty(folder, error)))
    return refuse(ErrorKind::invalid_input, "samples.options",
                  fmt::format("{} already holds something; name a new or empty folder.", folder.string()));
  std::vector<FontSet> fonts;
  const unsigned workers = std::max(1U, std::thread::hardware_concurrency());
  while (fonts.size() < workers) {
    auto loaded = FontSet::load();
    if (!loaded) return tl::unexpected(loaded.error());
    fonts.push_back(std::move(*loaded));
  }
  Random random(options.seed);
  Random form_random = random.fork();
  const Form form = Form::invent(form_random, options.layout, fonts.front());
  const auto plan = plan_batch(options, fonts.front(), random);
  if (!plan) return tl::unexpected(plan.error());
  StagedFolder staged(folder);
  write_scan(staged.work() / "scan.pdf", *plan, form, fonts, options);
  write_file(staged.work() / "students.csv", roster_csv(*plan));
  write_file(staged.work() / "truth.json", truth_json(*plan, options));
  staged.publish();
  return {};
}

}  // namespace korrigo::samples
