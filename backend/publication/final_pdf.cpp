#include "publication/final_pdf.h"

#include "publication/summary.h"

namespace korrigo::publication {

pdf::Overlay overlay_of(const FinalCopy& copy, const std::vector<pdf::PageSize>& pages, bool names_student) {
  pdf::Overlay overlay;
  Canvas canvas;
  AnnotationDrawing drawing(canvas);
  for (const grading::Annotation& annotation : copy.annotations) {
    const int page = annotation.page_index;
    if (page < 0 || page >= static_cast<int>(pages.size())) continue;
    const pdf::PageSize& size = pages[static_cast<std::size_t>(page)];
    if (overlay.over.empty() || overlay.over.back() != page) {
      overlay.over.push_back(page);
      canvas.begin_page(size.width, size.height);
    }
    drawing.draw(annotation, size);
  }
  overlay.notes = drawing.take_notes();
  const std::string owner = names_student && copy.student ? *copy.student : "Copie " + copy.anonymous_id;
  draw_summary(canvas, copy, owner, drawing.take_long_texts());
  overlay.pages = canvas.finish();
  overlay.title = copy.exam_name + " - " + copy.anonymous_id;
  return overlay;
}

Result<void> write_final_pdf(pdf::Overlayer& overlayer, const FinalCopy& copy, const std::filesystem::path& base,
                             bool names_student, const std::filesystem::path& path) {
  const auto pages = overlayer.open(base);
  if (!pages) return tl::unexpected(pages.error());
  return overlayer.write(overlay_of(copy, *pages, names_student), path);
}

}  // namespace korrigo::publication
