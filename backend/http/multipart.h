/// multipart/form-data (RFC 7578) as it comes in, files to disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/body.h"
#include "http/part_header.h"

namespace korrigo::http {

/// The boundary of "multipart/form-data; boundary=..."; nothing when the type is another or has no usable one.
std::optional<std::string> multipart_boundary(std::string_view content_type);

/// A client's file name made harmless: what follows the last slash or backslash, valid UTF-8, no control or invisible
/// character, no leading dot, at most 200 bytes; "file" when nothing is left.
std::string harmless_filename(std::string_view name);

/// Fed with the body in pieces of any size; holds at most one piece and the text fields in memory. The results are
/// complete only after finish(). Refuses with
///   malformed  "form.no_part", "form.delimiter", "form.part_header", "form.part_name", "form.field_text",
///   "form.truncated" too_large  "form.file_too_large", "form.field_too_large", "form.too_many_parts"; field is set
/// and stays refused. Throws std::system_error when the disk does not take the bytes. Files not taken over are removed
/// on destruction.
class MultipartParser {
 public:
  MultipartParser(std::string boundary, FormBody limits, std::filesystem::path folder);

  Result<void> feed(std::string_view bytes);
  /// The body has ended.
  Result<void> finish();

  std::vector<UploadedFile> take_files() { return std::move(files_); }
  Pairs take_fields() { return std::move(fields_); }

 private:
  enum class State { preamble, after_delimiter, headers, content, epilogue, failed };

  Result<void> fail(ErrorKind kind, std::string code, std::string field = {});
  Result<bool> step();  // whether it got further
  Result<bool> skip_preamble();
  Result<bool> read_delimiter_end();
  Result<bool> read_headers();
  Result<bool> read_content();
  Result<void> begin_part(std::string_view header_block);
  Result<void> add_content(std::string_view bytes);
  Result<void> end_part();
  std::uint64_t file_limit(std::string_view field) const;

  std::string delimiter_;  // CRLF--boundary
  FormBody limits_;
  std::filesystem::path folder_;
  State state_ = State::preamble;
  std::string buffer_;
  std::optional<Error> refused_;
  int parts_ = 0;
  PartHeader part_;
  std::string text_;
  std::optional<UploadedFile> current_;
  std::vector<UploadedFile> files_;
  Pairs fields_;
};

}  // namespace korrigo::http
