#include "samples/options.h"

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace korrigo::samples {
namespace {

const std::map<std::string, Imposition> kImpositions = {{"booklet", Imposition::booklet}, {"plain", Imposition::plain}};
const std::map<std::string, PageFormat> kFormats = {
    {"a3", PageFormat::a3}, {"a4", PageFormat::a4}, {"mixed", PageFormat::mixed}};
const std::map<std::string, HeaderLayout> kLayouts = {
    {"boxes", HeaderLayout::boxes}, {"boxes-gaps", HeaderLayout::boxes_gaps}, {"ticks", HeaderLayout::ticks},
    {"above", HeaderLayout::above}, {"framed", HeaderLayout::framed},         {"line", HeaderLayout::plain_line},
    {"cmen", HeaderLayout::cmen}};
const std::map<std::string, SideEncoding> kEncodings = {
    {"jpeg", SideEncoding::jpeg},         {"ccitt", SideEncoding::ccitt}, {"jbig2", SideEncoding::jbig2},
    {"jpeg2000", SideEncoding::jpeg2000}, {"flate", SideEncoding::flate}, {"mixed", SideEncoding::mixed}};

// A word of the command line that stands for a value; help lists the words.
template <class T>
void add_choice(CLI::App& command, const std::string& name, T& value, const std::map<std::string, T>& words,
                const std::string& help) {
  std::vector<std::string> names;
  for (const auto& [word, meaning] : words) names.push_back(word);
  command
      .add_option_function<std::string>(
          name, [&value, &words](const std::string& word) { value = words.at(word); }, help)
      ->check(CLI::IsMember(names));
}

void add_count(CLI::App& command, const std::string& name, int& value, const std::string& help) {
  command.add_option(name, value, help)->check(CLI::Range(0, 10'000))->capture_default_str();
}

}  // namespace

void add_options(CLI::App& command, Options& options) {
  command.add_option("--seed", options.seed, "Another seed, another batch")->capture_default_str();
  command.add_option("--copies", options.copies, "Sheets of four pages in the stack")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command.add_option("--students", options.students, "On the roster")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command.add_option("--dpi", options.dpi, "Of the scanner")->check(CLI::Range(100, 600))->capture_default_str();
  add_choice(command, "--format", options.format, kFormats, "Size of the sides (a3)");
  add_choice(command, "--imposition", options.imposition, kImpositions, "How pages lie on an A3 sheet (booklet)");
  command.add_option("--verso-rotation", options.verso_rotation, "How versos come out of the scanner")
      ->check(CLI::IsMember({0, 180}))
      ->capture_default_str();
  add_choice(command, "--layout", options.layout, kLayouts, "The printed header (boxes)");
  add_choice(command, "--encoding", options.encoding, kEncodings, "Of the image streams (jpeg)");
  command.add_flag("--colour", options.colour, "Scan in colour");
  command.add_option("--max-skew", options.max_skew_degrees, "Degrees")
      ->check(CLI::Range(0.0, 4.0))
      ->capture_default_str();
  command.add_flag("--printed", options.printed_subject, "Questions printed on every page");
  add_count(command, "--blank", options.blank_faces, "Faces left blank");
  add_count(command, "--missing", options.missing_sheets, "Second sheets that were lost");
  add_count(command, "--doubled", options.doubled_sheets, "Sheets scanned twice");
  add_count(command, "--several", options.students_with_several_sheets, "Students who wrote two sheets");
  add_count(command, "--absent", options.absent_students, "Students without copy");
  add_count(command, "--unknown", options.unknown_students, "Copies of people who are not on the roster");
  command.add_flag("--twins", options.twins_and_namesakes, "Twins and namesakes in the roster");
  add_count(command, "--swapped", options.swapped_sheets, "Neighbours exchanged in the stack");
  add_count(command, "--rotated", options.rotated_sides, "Sides that were fed upside down");
  add_count(command, "--empty-fields", options.empty_fields, "Headers with a field left empty");
  command.add_flag("--corrupt", options.corrupt_page, "One page whose picture is damaged");
}

}  // namespace korrigo::samples
