#include "imaging/jpeg_writer.h"

#include <cstdlib>

namespace korrigo::imaging::jpeg {

Compressor::~Compressor() {
  jpeg_destroy_compress(&out_);
  std::free(bytes_);
}

void Compressor::open() {
  jpeg_create_compress(&out_);
  out_.mem->max_memory_to_use = kMaxMemory;
  jpeg_mem_dest(&out_, &bytes_, &size_);
}

std::vector<std::byte> Compressor::take() const {
  const auto written = std::as_bytes(std::span(bytes_, size_));
  return {written.begin(), written.end()};
}

}  // namespace korrigo::imaging::jpeg
