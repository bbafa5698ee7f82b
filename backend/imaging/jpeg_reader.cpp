#include "imaging/jpeg_reader.h"

// After jpeglib.h.
#include <jerror.h>

namespace korrigo::imaging::jpeg {

namespace {

Errors& errors_of(j_common_ptr info) {
  return *reinterpret_cast<Errors*>(info->err);
}

[[noreturn]] void on_error(j_common_ptr info) {
  Errors& errors = errors_of(info);
  errors.fatal_code = info->err->msg_code;
  info->err->format_message(info, errors.fatal_text);
  std::longjmp(errors.back, 1);
}

void note_end_of_data(j_common_ptr info, Errors& errors) {
  errors.data_ended = true;
  if (info->is_decompressor == 0 || errors.ended_for_good) return;
  const auto* in = reinterpret_cast<j_decompress_ptr>(info);
  const bool restart_follows = in->unread_marker >= JPEG_RST0 && in->unread_marker <= JPEG_RST0 + 7;
  // A later scan only refines what the first one gave.
  if (restart_follows || in->input_scan_number > 1) return;
  errors.ended_for_good = true;
  errors.ended_row = in->input_iMCU_row;
}

void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;  // traces
  ++info->err->num_warnings;
  Errors& errors = errors_of(info);
  switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
      note_end_of_data(info, errors);
      break;
    case JWRN_JPEG_EOF:
      errors.file_ended = true;
      break;
    case JWRN_EXTRANEOUS_DATA:  // padding before a marker: scanners do that
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA:
      break;
    default:
      errors.other_damage = true;
  }
}

void on_output(j_common_ptr) {}

void on_progress(j_common_ptr info) {
  auto* in = reinterpret_cast<j_decompress_ptr>(info);
  if (in->input_scan_number > kMaxScans) ERREXIT(in, JERR_BAD_PROGRESSION);
}

}  // namespace

Errors::Errors() {
  jpeg_std_error(&manager);
  manager.error_exit = on_error;
  manager.emit_message = on_message;
  manager.output_message = on_output;
}

Error refusal(const Errors& errors) {
  const bool memory = errors.fatal_code == JERR_NO_BACKING_STORE || errors.fatal_code == JERR_OUT_OF_MEMORY ||
                      errors.fatal_code == JERR_IMAGE_TOO_BIG || errors.fatal_code == JERR_WIDTH_OVERFLOW;
  if (memory) {
    return {ErrorKind::too_large, "image.too_large", "The image is too large to be read.", errors.fatal_text};
  }
  return damaged(errors.fatal_text);
}

Decompressor::Decompressor() {
  in_.err = &errors_.manager;
  progress_.progress_monitor = on_progress;
}

Decompressor::~Decompressor() {
  jpeg_destroy_decompress(&in_);
}

Result<void> Decompressor::open(std::span<const std::byte> bytes) {
  const bool ok = guarded(errors_, [&] {
    jpeg_create_decompress(&in_);
    in_.mem->max_memory_to_use = kMaxMemory;
    in_.progress = &progress_;
    jpeg_mem_src(&in_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&in_, TRUE);
  });
  if (!ok) return tl::unexpected(refusal(errors_));
  return check_size(in_.image_width, in_.image_height);
}

bool Decompressor::damaged() {
  return errors_.data_ended || errors_.other_damage || (errors_.file_ended && jpeg_has_multiple_scans(&in_) != FALSE);
}

}  // namespace korrigo::imaging::jpeg
