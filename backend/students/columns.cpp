#include "students/columns.h"

#include <fmt/format.h>
#include <algorithm>
#include <span>

#include "base/text.h"
#include "students/csv.h"
#include "students/wording.h"

namespace korrigo::students {
namespace {

constexpr std::size_t kMaxHeadingBytes = 200;

// Headings by what is left of them as fold_name does it, without spaces: "Né(e) le" is NEELE.
constexpr std::string_view kNom[] = {"NOM",      "NOMDEFAMILLE", "NOMFAMILLE",     "LASTNAME",       "FAMILYNAME",
                                     "SURNAME",  "NAME",         "NOMELEVE",       "NOMDELELEVE",    "NOMETUDIANT",
                                     "NOMUSUEL", "NOMDUSAGE",    "NOMDELETUDIANT", "NOMPATRONYMIQUE"};
constexpr std::string_view kPrenom[] = {"PRENOM",         "PRENOMS",           "FIRSTNAME",      "GIVENNAME",
                                        "FORENAME",       "PRENOMELEVE",       "PRENOMDELELEVE", "PRENOMUSUEL",
                                        "PRENOMETUDIANT", "PRENOMDELETUDIANT", "PREMIERPRENOM"};
constexpr std::string_view kEmail[] = {"EMAIL",
                                       "EMAILS",
                                       "MAIL",
                                       "COURRIEL",
                                       "MEL",
                                       "ADRESSEEMAIL",
                                       "ADRESSEMAIL",
                                       "ADRESSEMEL",
                                       "ADRESSECOURRIEL",
                                       "ADRESSEELECTRONIQUE",
                                       "COURRIERELECTRONIQUE",
                                       "COURRIELELECTRONIQUE",
                                       "EMAILADDRESS",
                                       "MAILADDRESS",
                                       "EMAILELEVE",
                                       "MAILELEVE",
                                       "EMAILDELELEVE",
                                       "COURRIELELEVE",
                                       "COURRIELDELELEVE",
                                       "ADRESSEEMAILELEVE",
                                       "ADRESSEEMAILDELELEVE",
                                       "EMAILETUDIANT",
                                       "MAILETUDIANT",
                                       "EMAILDELETUDIANT",
                                       "COURRIELETUDIANT"};
constexpr std::string_view kBirth[] = {"DATENAISSANCE", "DATEDENAISSANCE", "DATENAISS", "DATEDENAISS", "NAISSANCE",
                                       "DDN",           "NEELE",           "NELE",      "BIRTHDATE",   "DATEOFBIRTH",
                                       "DOB",           "BIRTHDAY"};
constexpr std::string_view kClasse[] = {"CLASSE",      "CLASSES",       "CLASS",     "CLASSNAME",    "DIVISION",
                                        "CLASSEELEVE", "LIBELLECLASSE", "NOMCLASSE", "NOMDELACLASSE"};
constexpr std::string_view kNumero[] = {"NUMEROETUDIANT",    "NUMERODETUDIANT", "NUMEROELEVE",   "NUMERODELELEVE",
                                        "NUMETUDIANT",       "NUMELEVE",        "NETUDIANT",     "NELEVE",
                                        "NOETUDIANT",        "IDETUDIANT",      "IDELEVE",       "CODEETUDIANT",
                                        "NUMEROIDENTIFIANT", "MATRICULE",       "STUDENTNUMBER", "STUDENTID"};
constexpr std::string_view kGroupe[] = {"GROUPE",    "GROUPES",   "GROUP",      "GROUPS",
                                        "GROUPNAME", "NOMGROUPE", "NOMDUGROUPE"};
constexpr std::string_view kFullName[] = {
    "ELEVES",     "ELEVE",    "ETUDIANT", "ETUDIANTS", "NOMPRENOM",           "NOMSPRENOMS",    "NOMETPRENOM",
    "NOMCOMPLET", "FULLNAME", "STUDENT",  "STUDENTS",  "NOMETPRENOMDELELEVE", "NOMPRENOMELEVE", "NOMETPRENOMS"};

struct Spellings {
  std::string_view name;
  std::span<const std::string_view> keys;
};

// In the order of Field.
constexpr std::array<Spellings, kFieldCount> kFields = {{{"nom", kNom},
                                                         {"prenom", kPrenom},
                                                         {"email", kEmail},
                                                         {"date_naissance", kBirth},
                                                         {"classe", kClasse},
                                                         {"numero_etudiant", kNumero},
                                                         {"groupe", kGroupe},
                                                         {"Élèves", kFullName}}};

std::string listed(const std::vector<std::string>& headings) {
  constexpr std::size_t kShown = 12;
  std::string list;
  std::size_t shown = 0;
  for (const std::string& heading : headings) {
    if (heading.empty()) continue;
    if (shown == kShown) return list + ", …";
    list += fmt::format("{}{}", shown++ == 0 ? "" : ", ", cited(heading));
  }
  return list;
}

Columns read_columns(const CsvRecord& header, std::vector<RosterFault>& faults) {
  Columns columns;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string& cell = header.cells[i];
    columns.headings.push_back(cell.size() > kMaxHeadingBytes ? shortened(cell) : normalise(cell));
    const auto field = field_of_heading(cell);
    if (!field) continue;
    auto& place = columns.place[static_cast<std::size_t>(*field)];
    if (!place)
      place = i;
    else
      faults.push_back(
          {header.line, columns.headings[i],
           fmt::format("Columns {} ({}) and {} ({}) both hold {}; keep one of them.", *place + 1,
                       cited(columns.headings[*place]), i + 1, cited(columns.headings[i]), field_name(*field))});
  }
  if (header.open_quote_line != 0)
    faults.push_back({header.open_quote_line, "", "A quotation mark opened in this line is never closed."});
  if (header.text_after_quote)
    faults.push_back({header.line, "", "A heading goes on behind its closing quotation mark."});
  if (header.cell_count > CsvRecord::kMaxCells)
    faults.push_back({header.line, "",
                      fmt::format("The header row has {} columns; {} at most are accepted.", header.cell_count,
                                  CsvRecord::kMaxCells)});
  return columns;
}

void check_required(const Columns& columns, int line, std::vector<RosterFault>& faults) {
  if (columns.found() == 0) {
    faults.push_back({line, "",
                      fmt::format("This line is not a header row: it must name the columns nom, prenom, email and "
                                  "date_naissance (or Pronote's Élèves, Né(e) le, Adresse E-mail), but has {}.",
                                  listed(columns.headings))});
    return;
  }
  for (const Field field : {Field::nom, Field::prenom, Field::email, Field::date_naissance}) {
    const bool is_name = field == Field::nom || field == Field::prenom;
    if (columns.has(field) || (is_name && columns.has(Field::full_name))) continue;
    faults.push_back(
        {line, std::string(field_name(field)),
         fmt::format("The column {} is missing; the header row has {}.", field_name(field), listed(columns.headings))});
  }
}

std::optional<CsvRecord> header_row(std::string_view text, char delimiter) {
  CsvReader reader(text, delimiter);
  CsvRecord record;
  while (reader.next(record))
    if (!record.blank() && !lower(trimmed(record.cells.front())).starts_with("sep=")) return record;
  return std::nullopt;
}

}  // namespace

std::string_view field_name(Field field) {
  return kFields[static_cast<std::size_t>(field)].name;
}

std::optional<Field> field_of_heading(std::string_view heading) {
  if (heading.size() > kMaxHeadingBytes) return std::nullopt;
  std::string key = fold_name(heading);
  std::erase(key, ' ');
  for (std::size_t i = 0; i < kFieldCount; ++i)
    if (std::find(kFields[i].keys.begin(), kFields[i].keys.end(), key) != kFields[i].keys.end())
      return static_cast<Field>(i);
  return std::nullopt;
}

std::size_t Columns::found() const {
  return static_cast<std::size_t>(
      std::count_if(place.begin(), place.end(), [](const auto& p) { return p.has_value(); }));
}

std::size_t Columns::needed() const {
  std::size_t cells = 0;
  for (const auto& p : place)
    if (p) cells = std::max(cells, *p + 1);
  return cells;
}

std::string Columns::heading(Field field) const {
  return has(field) ? headings[at(field)] : std::string(field_name(field));
}

bool Columns::name_in_one_cell() const {
  return has(Field::full_name) && !(has(Field::nom) && has(Field::prenom));
}

bool Columns::complete() const {
  return has(Field::email) && has(Field::date_naissance) &&
         (has(Field::full_name) || (has(Field::nom) && has(Field::prenom)));
}

std::optional<Header> find_header(std::string_view text, std::vector<RosterFault>& faults) {
  std::optional<Header> best;
  std::vector<RosterFault> best_faults;
  for (const char delimiter : {',', ';', '\t'}) {
    const auto row = header_row(text, delimiter);
    if (!row) continue;
    std::vector<RosterFault> row_faults;
    Header header{.delimiter = delimiter, .line = row->line, .columns = read_columns(*row, row_faults)};
    const auto score = [](const Columns& columns) { return std::pair(columns.found(), columns.headings.size()); };
    if (best && score(header.columns) <= score(best->columns)) continue;
    best = std::move(header);
    best_faults = std::move(row_faults);
  }
  if (!best) {
    faults.push_back({0, "", "The file is empty; a roster has at least a header row."});
    return std::nullopt;
  }
  check_required(best->columns, best->line, best_faults);
  // A header row with quoted line breaks has faults on several lines.
  std::stable_sort(best_faults.begin(), best_faults.end(),
                   [](const RosterFault& a, const RosterFault& b) { return a.line < b.line; });
  faults.insert(faults.end(), best_faults.begin(), best_faults.end());
  if (best->columns.found() == 0) return std::nullopt;
  return best;
}

}  // namespace korrigo::students
