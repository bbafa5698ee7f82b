/// A libjpeg compressor into memory. Private to the JPEG sources.
#pragma once

#include <span>
#include <vector>

#include "imaging/jpeg_reader.h"

namespace korrigo::imaging::jpeg {

class Compressor {
 public:
  /// `errors` outlives it, and may be shared with the decompressor whose coefficients are written.
  explicit Compressor(Errors& errors) { out_.err = &errors.manager; }
  ~Compressor();
  Compressor(const Compressor&) = delete;

  /// Call first, inside guarded().
  void open();
  /// What was written, after jpeg_finish_compress.
  std::vector<std::byte> take() const;

  jpeg_compress_struct& out() { return out_; }

 private:
  jpeg_compress_struct out_ = {};
  unsigned char* bytes_ = nullptr;  // malloc'ed by libjpeg
  unsigned long size_ = 0;
};

}  // namespace korrigo::imaging::jpeg
