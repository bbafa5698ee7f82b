#include "publication/kinds.h"

#include "publication/export_job.h"
#include "publication/final_job.h"

namespace korrigo::publication {

void add_kinds(jobs::Kinds& kinds, jobs::Queue& queue, storage::Blobs& blobs) {
  add_final_pdf_kind(kinds, queue, blobs);
  add_export_kinds(kinds, blobs);
}

}  // namespace korrigo::publication
