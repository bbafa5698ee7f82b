/// Comma-separated values as RFC 4180 has them, from untrusted text, one record at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace korrigo::students {

struct CsvRecord {
  static constexpr std::size_t kMaxCells = 300;  // kept; further ones are only counted

  int line = 0;                    // where it starts, from 1; a quoted cell may run over several lines
  std::vector<std::string> cells;  // quotes removed; not trimmed
  std::size_t cell_count = 0;      // in the file
  int open_quote_line = 0;         // of a quotation mark that is never closed, which ends the file; else 0
  bool text_after_quote = false;   // a cell goes on behind its closing quotation mark

  bool blank() const;                         // no cell holds more than white space
  bool blank_from(std::size_t column) const;  // the same for the cells from `column` on
};

/// Linear in the text, whatever it holds. Lines end with LF, CRLF or CR. A quotation mark opens a cell only as its
/// first character; elsewhere it is itself.
class CsvReader {
 public:
  /// `text` must outlive the reader; `first_line` is the number of its first line.
  explicit CsvReader(std::string_view text, char delimiter, int first_line = 1)
      : text_(text), delimiter_(delimiter), line_(first_line) {}

  /// False at the end of the text. Empty lines are records of one empty cell.
  bool next(CsvRecord& record);

 private:
  std::string read_cell(CsvRecord& record);
  void read_quoted(std::string& cell, CsvRecord& record);
  void read_plain(std::string& cell);
  bool take_line_end();

  std::string_view text_;
  char delimiter_;
  int line_;
  std::size_t at_ = 0;
};

}  // namespace korrigo::students
