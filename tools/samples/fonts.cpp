#include "samples/fonts.h"

#include <cairo-ft.h>
#include <fmt/format.h>
#include <ft2build.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include FT_FREETYPE_H

namespace korrigo::samples {
namespace {

namespace fs = std::filesystem;

constexpr std::array kHands = {"patrick-hand",
                               "kalam",
                               "caveat",
                               "architects-daughter",
                               "indie-flower",
                               "shadows-into-light",
                               "gloria-hallelujah",
                               "coming-soon",
                               "nanum-pen-script",
                               "reenie-beanie",
                               "schoolbell",
                               "handlee",
                               "gochi-hand",
                               "just-another-hand",
                               "short-stack",
                               "delius",
                               "neucha",
                               "itim",
                               "sriracha",
                               "pangolin",
                               "sue-ellen-francisco",
                               "annie-use-your-telescope"};
constexpr std::array kPrints = {"open-sans", "pt-serif", "roboto-mono"};

fs::path font_file(const fs::path& folder, const char* family) {
  return folder / "@fontsource" / family / "files" / fmt::format("{}-latin-400-normal.woff2", family);
}

std::vector<fs::path> folders() {
  std::vector<fs::path> all;
  if (const char* named = std::getenv("KORRIGO_FONTS")) all.emplace_back(named);
  all.emplace_back(KORRIGO_FONT_FOLDER);
  all.emplace_back("/usr/share/korrigo/fonts");
  return all;
}

}  // namespace

struct FontSet::State {
  FT_Library library = nullptr;
  std::vector<FT_Face> faces;
  std::vector<cairo_font_face_t*> hands;
  std::vector<cairo_font_face_t*> prints;

  State() {
    if (FT_Init_FreeType(&library) != 0) throw std::runtime_error("FreeType does not start");
  }
  ~State() {
    for (auto* face : hands) cairo_font_face_destroy(face);
    for (auto* face : prints) cairo_font_face_destroy(face);
    for (FT_Face face : faces) FT_Done_Face(face);
    FT_Done_FreeType(library);
  }
  cairo_font_face_t* open(const fs::path& file) {
    FT_Face face = nullptr;
    if (FT_New_Face(library, file.c_str(), 0, &face) != 0)
      throw std::runtime_error("FreeType cannot read " + file.string());
    faces.push_back(face);
    return cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
  }
};

FontSet::FontSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
FontSet::FontSet(FontSet&&) noexcept = default;
FontSet::~FontSet() = default;

Result<FontSet> FontSet::load() {
  for (const fs::path& folder : folders()) {
    if (!fs::exists(font_file(folder, kHands.back()))) continue;
    auto state = std::make_unique<State>();
    for (const char* family : kHands) state->hands.push_back(state->open(font_file(folder, family)));
    for (const char* family : kPrints) state->prints.push_back(state->open(font_file(folder, family)));
    return FontSet(std::move(state));
  }
  return refuse(
      ErrorKind::not_found, "samples.fonts",
      "The handwriting fonts for samples are not installed; run `npm ci --prefix tools/fonts` or set KORRIGO_FONTS.");
}

std::size_t FontSet::hand_count() const {
  return state_->hands.size();
}
cairo_font_face_t* FontSet::hand(std::size_t index) const {
  return state_->hands.at(index);
}
std::size_t FontSet::print_count() const {
  return state_->prints.size();
}
cairo_font_face_t* FontSet::print(std::size_t index) const {
  return state_->prints.at(index);
}

}  // namespace korrigo::samples
