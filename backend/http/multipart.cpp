#include "http/multipart.h"

#include <cstring>

#include "base/files.h"
#include "base/text.h"
#include "http/part_header.h"

namespace korrigo::http {
namespace {

constexpr std::size_t kMaxPreamble = 4 * 1024;
constexpr std::size_t kMaxPadding = 1024;  // after a delimiter
constexpr std::size_t kMaxPartHeader = 8 * 1024;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeaderEnd = "\r\n\r\n";

std::size_t find_in(std::string_view text, std::string_view sought) {
  const void* found = ::memmem(text.data(), text.size(), sought.data(), sought.size());
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : std::string_view::npos;
}

/// How many bytes at the end of `text` could be the beginning of `delimiter`.
std::size_t possible_beginning(std::string_view text, std::string_view delimiter) {
  const std::size_t longest = std::min(text.size(), delimiter.size() - 1);
  for (std::size_t length = longest; length > 0; --length) {
    if (text[text.size() - length] == delimiter[0] && delimiter.starts_with(text.substr(text.size() - length))) {
      return length;
    }
  }
  return 0;
}

}  // namespace

MultipartParser::MultipartParser(std::string boundary, FormBody limits, std::filesystem::path folder)
    : delimiter_("\r\n--" + std::move(boundary)),
      limits_(std::move(limits)),
      folder_(std::move(folder)),
      buffer_(kLineEnd) {}  // the first delimiter may stand at the very beginning, without its line end

Result<void> MultipartParser::fail(ErrorKind kind, std::string code, std::string field) {
  Error error{kind, std::move(code), {}, {}, std::move(field)};
  refused_ = error;
  state_ = State::failed;
  buffer_.clear();
  current_.reset();
  files_.clear();
  return tl::unexpected(std::move(error));
}

Result<void> MultipartParser::feed(std::string_view bytes) {
  if (refused_) return tl::unexpected(*refused_);
  buffer_ += bytes;
  for (;;) {
    const Result<bool> moved = step();
    if (!moved) return tl::unexpected(moved.error());
    if (!*moved) return {};
  }
}

Result<void> MultipartParser::finish() {
  if (refused_) return tl::unexpected(*refused_);
  if (state_ == State::preamble) return fail(ErrorKind::malformed, "form.no_part");
  if (state_ != State::epilogue) return fail(ErrorKind::malformed, "form.truncated");
  return {};
}

Result<bool> MultipartParser::step() {
  switch (state_) {
    case State::preamble:
      return skip_preamble();
    case State::after_delimiter:
      return read_delimiter_end();
    case State::headers:
      return read_headers();
    case State::content:
      return read_content();
    case State::epilogue:
      buffer_.clear();
      return false;
    case State::failed:
      break;
  }
  return tl::unexpected(*refused_);
}

Result<bool> MultipartParser::skip_preamble() {
  const std::size_t at = find_in(buffer_, delimiter_);
  if (std::min(at, buffer_.size()) > kMaxPreamble) {
    return fail(ErrorKind::malformed, "form.no_part").map([] { return false; });
  }
  if (at == std::string_view::npos) return false;
  buffer_.erase(0, at + delimiter_.size());
  state_ = State::after_delimiter;
  return true;
}

Result<bool> MultipartParser::read_delimiter_end() {
  if (buffer_.size() < 2) return false;
  if (buffer_.starts_with("--")) {
    state_ = State::epilogue;
    return true;
  }
  const std::size_t end = std::min(buffer_.find_first_not_of(" \t"), buffer_.size());
  if (end <= kMaxPadding) {
    if (end + 2 > buffer_.size()) return false;
    if (buffer_.compare(end, 2, kLineEnd) == 0) {
      // The line end stays: with it, a part without any header still ends its header by an empty line.
      buffer_.erase(0, end);
      state_ = State::headers;
      return true;
    }
  }
  return fail(ErrorKind::malformed, "form.delimiter").map([] { return false; });
}

Result<bool> MultipartParser::read_headers() {
  const std::size_t end = find_in(std::string_view(buffer_).substr(0, kMaxPartHeader), kHeaderEnd);
  if (end == std::string_view::npos) {
    if (buffer_.size() >= kMaxPartHeader) {
      return fail(ErrorKind::malformed, "form.part_header").map([] { return false; });
    }
    return false;
  }
  const std::string block = end == 0 ? std::string{} : buffer_.substr(2, end - 2);
  buffer_.erase(0, end + kHeaderEnd.size());
  if (const Result<void> begun = begin_part(block); !begun) return tl::unexpected(begun.error());
  state_ = State::content;
  return true;
}

Result<bool> MultipartParser::read_content() {
  const std::size_t at = find_in(buffer_, delimiter_);
  const bool whole = at != std::string_view::npos;
  const std::size_t length = whole ? at : buffer_.size() - possible_beginning(buffer_, delimiter_);
  if (const Result<void> added = add_content(std::string_view(buffer_).substr(0, length)); !added) {
    return tl::unexpected(added.error());
  }
  buffer_.erase(0, whole ? at + delimiter_.size() : length);
  if (!whole) return false;
  if (const Result<void> ended = end_part(); !ended) return tl::unexpected(ended.error());
  state_ = State::after_delimiter;
  return true;
}

Result<void> MultipartParser::begin_part(std::string_view header_block) {
  if (++parts_ > limits_.max_parts) return fail(ErrorKind::too_large, "form.too_many_parts");
  Result<PartHeader> header = parse_part_header(header_block);
  if (!header) return fail(header.error().kind, header.error().code);
  part_ = std::move(*header);
  text_.clear();
  if (part_.filename) {
    current_.emplace();
    current_->field = part_.name;
    current_->filename = harmless_filename(*part_.filename);
    current_->content_type = part_.content_type;
    current_->file = TempFile::make(folder_);
  }
  return {};
}

Result<void> MultipartParser::add_content(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (current_) {
    if (current_->size + bytes.size() > file_limit(part_.name)) {
      return fail(ErrorKind::too_large, "form.file_too_large", part_.name);
    }
    write_all(current_->file.fd(), std::as_bytes(std::span(bytes)), current_->file.path());
    current_->size += bytes.size();
    return {};
  }
  if (text_.size() + bytes.size() > limits_.max_field_bytes) {
    return fail(ErrorKind::too_large, "form.field_too_large", part_.name);
  }
  text_ += bytes;
  return {};
}

Result<void> MultipartParser::end_part() {
  if (!current_) {
    if (!is_utf8(text_)) return fail(ErrorKind::malformed, "form.field_text", part_.name);
    fields_.emplace_back(part_.name, std::exchange(text_, {}));
    return {};
  }
  current_->file.close();
  // A form whose file was not chosen sends an empty one without name.
  const bool chosen = current_->size > 0 || !part_.filename->empty();
  if (chosen) files_.push_back(std::move(*current_));
  current_.reset();
  return {};
}

std::uint64_t MultipartParser::file_limit(std::string_view field) const {
  for (const auto& [name, limit] : limits_.field_limits) {
    if (name == field) return limit;
  }
  return limits_.max_file_bytes;
}

}  // namespace korrigo::http
