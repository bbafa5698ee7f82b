/// libjpeg, opened safely. It reports errors by a function that must not return: here that jumps back to guarded();
/// what it warned about is kept. Private to the JPEG sources.
#pragma once

// jpeglib.h needs both before it.
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

#include <csetjmp>
#include <span>
#include <string>

#include "imaging/refusals.h"

namespace korrigo::imaging::jpeg {

inline constexpr int kMaxScans = 100;  // of a progressive stream; writers use about ten
inline constexpr long kMaxMemory =
    700L << 20;  // of libjpeg's own arrays (coefficients of a progressive or edited stream)

/// The library's manager with our state behind it; every libjpeg object gets its own.
struct Errors {
  jpeg_error_mgr manager = {};  // first: libjpeg hands back a pointer to it
  std::jmp_buf back = {};
  int fatal_code = 0;  // libjpeg's message code; 0 while nothing was fatal
  char fatal_text[JMSG_LENGTH_MAX] = {};

  // Warnings, by what they mean.
  bool data_ended = false;      // the entropy data of a scan ended before its last block
  bool file_ended = false;      // no end marker
  bool other_damage = false;    // a bad code, a lost restart marker
  bool ended_for_good = false;  // data_ended, and no later part of the file can fill the gap
  unsigned ended_row = 0;       // row of MCUs where the data of the first scan ended for good

  Errors();
  Errors(const Errors&) = delete;
};

/// Runs `work`, which calls libjpeg and holds nothing with a destructor, since an error leaves it by longjmp. False
/// after an error. Not inlined, so that the variables of its caller are never those of the function that setjmp returns
/// to twice.
template <class Work>
[[gnu::noinline]] bool guarded(Errors& errors, Work&& work) {
  if (setjmp(errors.back) != 0) return false;
  work();
  return true;
}

/// The refusal for a fatal error.
Error refusal(const Errors& errors);

/// A decompressor over bytes that outlive it.
class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;

  /// Reads up to the first scan and checks the limits.
  Result<void> open(std::span<const std::byte> bytes);

  jpeg_decompress_struct& in() { return in_; }
  Errors& errors() { return errors_; }
  /// Something of what was read so far was lost. (A single scan may lack its end marker without loss.)
  bool damaged();

 private:
  Errors errors_;
  jpeg_progress_mgr progress_ = {};
  jpeg_decompress_struct in_ = {};
};

}  // namespace korrigo::imaging::jpeg
