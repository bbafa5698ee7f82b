#include "app/embedded_pages.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include "http/static_files.h"

// Laid out by tools/embed_pages.py.
struct KorrigoPage {
  const char* name;
  std::uint64_t name_size;
  const char* bytes;
  std::uint64_t size;
};
extern "C" const KorrigoPage korrigo_pages[];
extern "C" const std::uint64_t korrigo_page_count;

namespace korrigo::app {
namespace {

constexpr std::string_view kNoPages =
    "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Korrigo</title></head><body><h1>Korrigo</h1>"
    "<p>Ce programme a été construit sans ses pages web ; l’API répond. Construisez-les avec <code>./dev "
    "run</code>.</p>"
    "<p lang=\"en\">This program was built without its web pages; the API answers. Build them with "
    "<code>./dev run</code>.</p></body></html>";

}  // namespace

bool has_pages() {
  return korrigo_page_count > 0;
}

http::Handler pages() {
  if (!has_pages()) return http::static_files({{"index.html", kNoPages}});
  std::vector<http::EmbeddedFile> files;
  for (std::uint64_t i = 0; i < korrigo_page_count; ++i) {
    const KorrigoPage& page = korrigo_pages[i];
    files.push_back({{page.name, page.name_size}, {page.bytes, page.size}});
  }
  return http::static_files(files);
}

}  // namespace korrigo::app
