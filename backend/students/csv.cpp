#include "students/csv.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace korrigo::students {

bool CsvRecord::blank() const {
  return blank_from(0);
}

bool CsvRecord::blank_from(std::size_t column) const {
  if (cell_count > kMaxCells) return false;
  return std::all_of(cells.begin() + static_cast<std::ptrdiff_t>(std::min(column, cells.size())), cells.end(),
                     [](const std::string& cell) { return trimmed(cell).empty(); });
}

bool CsvReader::next(CsvRecord& record) {
  if (at_ >= text_.size()) return false;
  record = CsvRecord();
  record.line = line_;
  for (;;) {
    std::string cell = read_cell(record);
    ++record.cell_count;
    if (record.cells.size() < CsvRecord::kMaxCells) record.cells.push_back(std::move(cell));
    if (at_ >= text_.size() || take_line_end()) return true;
    ++at_;  // the delimiter
  }
}

std::string CsvReader::read_cell(CsvRecord& record) {
  std::string cell;
  if (at_ < text_.size() && text_[at_] == '"') {
    read_quoted(cell, record);
    const std::size_t closed = cell.size();
    read_plain(cell);
    if (!trimmed(std::string_view(cell).substr(closed)).empty()) record.text_after_quote = true;
  } else {
    read_plain(cell);
  }
  return cell;
}

void CsvReader::read_quoted(std::string& cell, CsvRecord& record) {
  const int opened = line_;
  ++at_;
  while (at_ < text_.size()) {
    const std::size_t start = at_;
    at_ = std::min(text_.find_first_of("\"\r\n", at_), text_.size());
    cell += text_.substr(start, at_ - start);
    if (at_ >= text_.size()) break;
    if (text_[at_] != '"') {
      take_line_end();
      cell += '\n';
      continue;
    }
    ++at_;
    if (at_ >= text_.size() || text_[at_] != '"') return;
    cell += '"';
    ++at_;
  }
  record.open_quote_line = opened;
}

void CsvReader::read_plain(std::string& cell) {
  const std::array<char, 3> stops = {delimiter_, '\r', '\n'};
  const std::size_t start = at_;
  at_ = std::min(text_.find_first_of(std::string_view(stops.data(), stops.size()), at_), text_.size());
  cell += text_.substr(start, at_ - start);
}

bool CsvReader::take_line_end() {
  if (text_[at_] != '\r' && text_[at_] != '\n') return false;
  at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
  ++line_;
  return true;
}

}  // namespace korrigo::students
