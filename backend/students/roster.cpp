#include "students/roster.h"

#include <fmt/format.h>
#include <utf8proc.h>
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "base/text.h"
#include "students/columns.h"
#include "students/csv.h"
#include "students/decode.h"
#include "students/names.h"
#include "students/wording.h"

namespace korrigo::students {
namespace {

constexpr std::size_t kMaxCellBytes = 600;  // any name of 100 letters fits, however its accents are written
// Normalising is quadratic in the marks that follow one another; no alphabet puts more than four on a letter.
constexpr std::size_t kMaxMarksTogether = 8;
// classe: VARCHAR(50) in the reference's schema.
constexpr std::size_t kMaxLabelCharacters = 50;
constexpr int kFirstBirthYear = 1900;
constexpr std::size_t kFaultsListed = 20;

Date today() {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
          static_cast<int>(static_cast<unsigned>(day.day()))};
}

bool piles_up_marks(std::string_view text) {
  std::size_t marks = 0;
  for (const char32_t point : code_points(text)) {
    marks = utf8proc_get_property(static_cast<utf8proc_int32_t>(point))->combining_class != 0 ? marks + 1 : 0;
    if (marks > kMaxMarksTogether) return true;
  }
  return false;
}

/// Checks the lines of one roster against its columns and gathers students and faults.
class LineReader {
 public:
  LineReader(Columns columns, std::vector<RosterFault>& faults) : columns_(std::move(columns)), faults_(faults) {}

  /// The student of a line, or nothing when it has a fault or its roster lacks a required column.
  std::optional<RosterStudent> read(const CsvRecord& record);

 private:
  bool has_the_cells(const CsvRecord& record);
  /// The tidied text of a cell; nothing when there is no such column or its cell is faulty.
  std::optional<std::string> text_of(const CsvRecord& record, Field field);
  std::optional<std::string> required_text_of(const CsvRecord& record, Field field, std::string_view what);
  std::string label_of(const CsvRecord& record, Field field);
  void read_name(const CsvRecord& record, RosterStudent& student);
  void check_name(Field column, std::string_view what, std::string_view name);
  void read_email(const CsvRecord& record, RosterStudent& student);
  void read_birth_date(const CsvRecord& record, RosterStudent& student);
  void fault(Field field, std::string message) {
    faults_.push_back({line_, columns_.heading(field), std::move(message)});
  }
  void fault(std::string message) { faults_.push_back({line_, "", std::move(message)}); }

  Columns columns_;
  std::vector<RosterFault>& faults_;
  const Date today_ = today();
  int line_ = 0;
  std::map<std::string, int> lines_of_emails_;
};

std::optional<RosterStudent> LineReader::read(const CsvRecord& record) {
  line_ = record.line;
  const std::size_t faults_before = faults_.size();
  if (!has_the_cells(record)) return std::nullopt;
  RosterStudent student;
  student.line = record.line;
  read_name(record, student);
  read_email(record, student);
  read_birth_date(record, student);
  student.classe = label_of(record, Field::classe);
  student.numero_etudiant = label_of(record, Field::numero_etudiant);
  student.groupe = label_of(record, Field::groupe);
  if (faults_.size() > faults_before || !columns_.complete()) return std::nullopt;
  return student;
}

bool LineReader::has_the_cells(const CsvRecord& record) {
  const std::size_t expected = columns_.headings.size();
  if (record.open_quote_line != 0) {
    line_ = record.open_quote_line;
    fault("A quotation mark opened in this line is never closed; nothing was read from here on.");
  } else if (record.text_after_quote) {
    fault("A cell goes on behind its closing quotation mark; inside a quoted cell, write quotation marks twice.");
  } else if (record.cell_count < columns_.needed() || !record.blank_from(expected)) {
    fault(fmt::format("The line has {} {} where the header row has {}.", record.cell_count,
                      record.cell_count == 1 ? "cell" : "cells", expected));
  } else {
    return true;
  }
  return false;
}

std::optional<std::string> LineReader::text_of(const CsvRecord& record, Field field) {
  if (!columns_.has(field)) return std::nullopt;
  const std::string& cell = record.cells[columns_.at(field)];
  if (cell.size() > kMaxCellBytes) {
    fault(field, fmt::format("The cell has {} bytes; {} at most are accepted.", cell.size(), kMaxCellBytes));
    return std::nullopt;
  }
  if (piles_up_marks(cell)) {
    fault(field, fmt::format("The cell has more than {} accents on one letter.", kMaxMarksTogether));
    return std::nullopt;
  }
  return normalise(cell);
}

std::optional<std::string> LineReader::required_text_of(const CsvRecord& record, Field field, std::string_view what) {
  auto text = text_of(record, field);
  if (!text || !text->empty()) return text;
  fault(field, fmt::format("The {} is missing.", what));
  return std::nullopt;
}

std::string LineReader::label_of(const CsvRecord& record, Field field) {
  auto text = text_of(record, field);
  if (!text) return {};
  const std::vector<char32_t> points = code_points(*text);
  if (points.size() > kMaxLabelCharacters)
    fault(field, fmt::format("{} has {} characters; {} at most are accepted.", cited(*text), points.size(),
                             kMaxLabelCharacters));
  const auto hidden = std::find_if_not(points.begin(), points.end(), is_visible);
  if (hidden != points.end()) fault(field, fmt::format("{} holds {}.", cited(*text), shown(*hidden)));
  return std::move(*text);
}

void LineReader::read_name(const CsvRecord& record, RosterStudent& student) {
  if (columns_.name_in_one_cell()) {
    const auto cell = required_text_of(record, Field::full_name, "name");
    if (!cell) return;
    auto name = split_full_name(*cell);
    if (!name) return fault(Field::full_name, std::move(name.error()));
    student.nom = std::move(name->nom);
    student.prenom = std::move(name->prenom);
    check_name(Field::full_name, "last name", student.nom);
    check_name(Field::full_name, "first name", student.prenom);
    return;
  }
  if (const auto nom = required_text_of(record, Field::nom, "last name")) {
    student.nom = *nom;
    check_name(Field::nom, "last name", *nom);
  }
  if (const auto prenom = required_text_of(record, Field::prenom, "first name")) {
    student.prenom = *prenom;
    check_name(Field::prenom, "first name", *prenom);
  }
}

void LineReader::check_name(Field column, std::string_view what, std::string_view name) {
  if (const auto why = fault_of_name(name)) fault(column, fmt::format("The {} {} {}.", what, cited(name), *why));
}

void LineReader::read_email(const CsvRecord& record, RosterStudent& student) {
  const auto text = required_text_of(record, Field::email, "e-mail address");
  if (!text) return;
  if (auto why = fault_of_email(*text)) return fault(Field::email, std::move(*why));
  student.email = lower(*text);
  const auto [earlier, is_new] = lines_of_emails_.emplace(student.email, line_);
  if (!is_new)
    fault(Field::email, fmt::format("Lines {} and {} have the same e-mail address, {}.", earlier->second, line_,
                                    cited(student.email)));
}

void LineReader::read_birth_date(const CsvRecord& record, RosterStudent& student) {
  const auto text = required_text_of(record, Field::date_naissance, "birth date");
  if (!text) return;
  const auto date = Date::parse(*text);
  if (!date)
    return fault(Field::date_naissance,
                 fmt::format("{} is not an existing date written DD/MM/YYYY, YYYY-MM-DD or DD-MM-YYYY.", cited(*text)));
  if (*date > today_) fault(Field::date_naissance, fmt::format("The birth date {} is in the future.", cited(*text)));
  if (date->year < kFirstBirthYear)
    fault(Field::date_naissance, fmt::format("The birth date {} is before {}.", cited(*text), kFirstBirthYear));
  student.date_naissance = *date;
}

std::string listed(const RosterFault& fault) {
  std::string place;
  if (fault.line > 0) place = fmt::format("Line {}", fault.line);
  if (!fault.column.empty()) place += fmt::format(", column {}", shortened(fault.column));
  return place.empty() ? fault.message : place + ": " + fault.message;
}

}  // namespace

RosterReading read_roster(std::string_view csv, const RosterLimits& limits) {
  RosterReading reading;
  const auto text = decode_roster(csv, limits.max_bytes);
  if (!text) {
    reading.faults.push_back(text.error());
    return reading;
  }
  const auto header = find_header(*text, reading.faults);
  if (!header) return reading;
  LineReader lines(header->columns, reading.faults);
  CsvReader reader(*text, header->delimiter);
  CsvRecord record;
  std::size_t read = 0;
  while (reader.next(record)) {
    if (record.line <= header->line || record.blank()) continue;
    if (read++ == limits.max_students) {
      reading.faults.push_back(
          {record.line, "",
           fmt::format("The roster has more than {} students; nothing was read from here on.", limits.max_students)});
      break;
    }
    if (auto student = lines.read(record)) reading.roster.students.push_back(std::move(*student));
  }
  return reading;
}

Result<Roster> parse_roster(std::string_view csv, const RosterLimits& limits) {
  RosterReading reading = read_roster(csv, limits);
  if (reading.faults.empty()) return std::move(reading.roster);
  const std::size_t count = reading.faults.size();
  std::string message = count == 1 ? "The roster has a fault." : fmt::format("The roster has {} faults.", count);
  for (std::size_t i = 0; i < std::min(count, kFaultsListed); ++i) message += "\n" + listed(reading.faults[i]);
  if (count > kFaultsListed) message += fmt::format("\nand {} more.", count - kFaultsListed);
  return refuse(ErrorKind::invalid_input, "roster.faulty", std::move(message));
}

}  // namespace korrigo::students
