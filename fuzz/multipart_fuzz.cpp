// Any bytes are a form or a refusal, the same whatever pieces they come in, and no file stays that nobody took.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.h"
#include "base/text.h"
#include "http/multipart.h"

namespace {

using namespace korrigo;
using namespace korrigo::http;

void require(bool promise) {
  if (!promise) std::abort();
}

const FormBody kLimits{
    .max_bytes = 1 << 16, .max_file_bytes = 300, .field_limits = {{"f", 20}}, .max_field_bytes = 100, .max_parts = 4};

struct Reading {
  std::string refused;
  std::string content;  // names, fields and files, one after the other
};

Reading read_form(std::string_view body, std::size_t step, const std::filesystem::path& folder) {
  MultipartParser parser("B", kLimits, folder);
  for (std::size_t at = 0; at < body.size(); at += step) {
    if (const auto fed = parser.feed(body.substr(at, step)); !fed) return {fed.error().code, {}};
  }
  if (const auto finished = parser.finish(); !finished) return {finished.error().code, {}};
  Reading reading;
  for (const auto& [name, value] : parser.take_fields()) {
    require(!name.empty() && is_utf8(value) && value.size() <= kLimits.max_field_bytes);
    reading.content += name + '=' + value + '\n';
  }
  for (const UploadedFile& file : parser.take_files()) {
    require(!file.filename.empty() && is_utf8(file.filename) && file.filename.size() <= 200);
    require(file.filename.find_first_of(std::string_view("/\\\0\r\n", 5)) == std::string::npos);
    require(file.size == std::filesystem::file_size(file.file.path()) && file.size <= kLimits.max_file_bytes);
    reading.content += file.field + '@' + file.filename + ' ' + read_file(file.file.path()) + '\n';
  }
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TempFolder folder("/dev/shm");
  if (size == 0) return 0;
  const std::size_t step = data[0] % 32 + 1;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Reading whole = read_form(body, body.size() + 1, folder.path());
  const Reading pieces = read_form(body, step, folder.path());
  // A body with two faults may show the later one first when more of it is seen at once.
  require(whole.refused.empty() == pieces.refused.empty());
  require(whole.content == pieces.content);
  require(std::filesystem::is_empty(folder.path()));

  const std::string text(body);
  multipart_boundary(text);
  require(!harmless_filename(text).empty());
  return 0;
}
