/// Which stored file shows what, and to whom.
#pragma once

#include <string>

#include "base/result.h"
#include "copies/office.h"
#include "storage/database.h"

namespace korrigo::copies {

enum class PictureSize { preview, thumbnail };

/// Who looks: the office sees what was scanned; the corrector of a copy,
/// or of an exercise of it, sees it without what tells whose it is.
struct Viewer {
  UserId user;
  bool is_office = false;
};

/// Refuses with not_found "copy.not_found", forbidden "auth.forbidden" (another corrector's copy).
Result<void> may_see(storage::Transaction& transaction, const CopyId& copy, const Viewer& viewer);

struct PdfFile {
  std::string key;
  std::string anonymous_id;
};
/// Refuses as may_see(), and with not_found "copy.no_pdf" while there is none.
Result<PdfFile> pdf_of_copy(storage::Transaction& transaction, const CopyId& copy, const Viewer& viewer);

/// Somebody of the office has read, with the name, a copy that is being marked or was: UNMASK in its history and in the
/// audit log. Before that nobody is told anything.
void note_unmasking(const Office& office, const CopyId& copy);

/// The key of the picture of a page, from 1. A corrector gets one only where the masked files are made. Refuses as
/// may_see(), and with not_found "page.not_found".
Result<std::string> picture_of_page(storage::Transaction& transaction, const CopyId& copy, std::int64_t page,
                                    PictureSize size, const Viewer& viewer);

/// For the office. Refuses with not_found "booklet.not_found", "booklet.no_header".
Result<std::string> picture_of_header(storage::Transaction& transaction, const BookletId& booklet);
/// For the office. Refuses with not_found "face.not_found".
Result<std::string> picture_of_face(storage::Transaction& transaction, const FaceId& face, PictureSize size);

}  // namespace korrigo::copies
