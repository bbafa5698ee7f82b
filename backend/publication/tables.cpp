#include "publication/tables.h"

#include <xlsxwriter.h>
#include <cerrno>
#include <memory>
#include <system_error>
#include <variant>

#include "base/text.h"
#include "publication/french.h"

namespace korrigo::publication {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kLongestNamePart = 50;

using Cell = std::variant<std::monostate, std::string, std::int64_t>;  // nothing, text, hundredths
using Record = std::vector<Cell>;

Record heading_of(const std::vector<std::string>& questions) {
  Record heading;
  for (const char* name : {"NOM", "PRENOM", "DATE_NAISSANCE", "CLASSE", "GROUPE", "NUMERO_ETUDIANT", "PRESENCE",
                           "ANONYMAT", "STATUT", "TOTAL", "MAXIMUM"})
    heading.emplace_back(std::string(name));
  for (const std::string& question : questions) heading.emplace_back(question);
  heading.emplace_back(std::string("APPRECIATION"));
  return heading;
}

Cell points_cell(std::optional<std::int64_t> points) {
  return points ? Cell(*points) : Cell();
}

Record record_of(const ResultRow& row, const std::vector<std::string>& questions) {
  Record record;
  for (const std::string& text : {row.last_name, row.first_name, row.date_naissance, row.class_name, row.groupe,
                                  row.numero_etudiant, row.presence, row.anonymous_id, row.status})
    record.emplace_back(text);
  record.push_back(points_cell(row.total));
  record.push_back(points_cell(row.maximum));
  for (const std::string& question : questions) {
    const auto score = row.scores.find(question);
    record.push_back(score == row.scores.end() ? Cell() : Cell(score->second));
  }
  record.emplace_back(row.appreciation);
  return record;
}

std::string csv_text(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return without_formula(*text);
  if (const auto* points = std::get_if<std::int64_t>(&cell)) return french_decimal(*points, 2);
  return "";
}

std::string csv_text(const Record& record) {
  std::vector<std::string> cells;
  for (const Cell& cell : record) cells.push_back(csv_text(cell));
  return csv_record(cells);
}

void write_record(lxw_worksheet* sheet, lxw_row_t at, const Record& record, lxw_format* format) {
  lxw_col_t column = 0;
  for (const Cell& cell : record) {
    if (const auto* text = std::get_if<std::string>(&cell))
      worksheet_write_string(sheet, at, column, text->c_str(), format);
    else if (const auto* points = std::get_if<std::int64_t>(&cell))
      worksheet_write_number(sheet, at, column, static_cast<double>(*points) / 100, format);
    ++column;
  }
}

}  // namespace

std::string csv_record(const std::vector<std::string>& cells) {
  std::string record;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) record += ';';
    if (cells[i].find_first_of(";\"\r\n") == std::string::npos) {
      record += cells[i];
      continue;
    }
    record += '"';
    for (const char c : cells[i]) record += c == '"' ? std::string(2, c) : std::string(1, c);
    record += '"';
  }
  return record + "\r\n";
}

std::string without_formula(std::string text) {
  const bool is_one = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  return is_one ? "'" + text : text;
}

std::string marks_csv(const exams::GradingStructure& structure, const std::vector<ResultRow>& rows) {
  const auto questions = questions_of(structure, rows);
  std::string table(kByteOrderMark);
  table += csv_text(heading_of(questions));
  for (const ResultRow& row : rows) table += csv_text(record_of(row, questions));
  return table;
}

void write_marks_xlsx(const exams::GradingStructure& structure, const std::vector<ResultRow>& rows,
                      const std::filesystem::path& path) {
  const auto questions = questions_of(structure, rows);
  const std::string folder = path.parent_path().string();
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = const_cast<char*>(folder.c_str());
  lxw_workbook* book = workbook_new_opt(path.c_str(), &options);
  if (book == nullptr) throw std::system_error(errno, std::generic_category(), "cannot write " + path.string());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "Notes");
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  worksheet_freeze_panes(sheet, 1, 0);
  write_record(sheet, 0, heading_of(questions), bold);
  lxw_row_t at = 0;
  for (const ResultRow& row : rows) write_record(sheet, ++at, record_of(row, questions), nullptr);
  if (workbook_close(book) != LXW_NO_ERROR)
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), "cannot write " + path.string());
}

std::string file_name_part(std::string_view text) {
  std::string part;
  std::size_t characters = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && ++characters > kLongestNamePart) break;
    const bool odd = static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
                     std::string_view("/\\:*?\"'<>|;&$`!#%").find(c) != std::string_view::npos;
    part += odd ? '_' : c;
  }
  return part.empty() ? "examen" : part;
}

}  // namespace korrigo::publication
