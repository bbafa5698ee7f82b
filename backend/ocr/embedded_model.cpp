#include "ocr/embedded_model.h"

// The assembler copies the file; a C++ array of it would take the compiler minutes.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "korrigo_letter_model:\n"
    ".incbin \"" KORRIGO_LETTER_MODEL
    "\"\n"
    "korrigo_letter_model_end:\n"
    ".popsection\n");

extern "C" {
extern const unsigned char begin_of_model[] __asm__("korrigo_letter_model");
extern const unsigned char end_of_model[] __asm__("korrigo_letter_model_end");
}

namespace korrigo::ocr {

std::span<const unsigned char> embedded_letter_model() {
  return {begin_of_model, end_of_model};
}

}  // namespace korrigo::ocr
