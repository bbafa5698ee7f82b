/// Marks as files that spreadsheets open.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "publication/results.h"

namespace korrigo::publication {

/// One record of semicolon-separated values, with its CRLF; a cell is quoted where it has to be.
std::string csv_record(const std::vector<std::string>& cells);

/// Text that a spreadsheet takes for a formula gets an apostrophe in front.
std::string without_formula(std::string text);

/// UTF-8 with a byte order mark: student, copy, total, and the points of every question.
std::string marks_csv(const exams::GradingStructure& structure, const std::vector<ResultRow>& rows);

/// The same table as a workbook. Throws std::system_error.
void write_marks_xlsx(const exams::GradingStructure& structure, const std::vector<ResultRow>& rows,
                      const std::filesystem::path& path);

/// Part of a file name: white space and what file systems or shells take for their own become '_', 50 characters at
/// most.
std::string file_name_part(std::string_view text);

}  // namespace korrigo::publication
