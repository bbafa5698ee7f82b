#include "samples/plan.h"

#include <fmt/format.h>
#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace korrigo::samples {
namespace {

constexpr int kFacesPerSheet = 4;

tl::unexpected<Error> bad_options(std::string message) {
  return refuse(ErrorKind::invalid_input, "samples.options", std::move(message));
}

std::string capitals(const std::string& name, bool keeps_accents) {
  if (keeps_accents) return upper(normalise(name));
  // Accents go, hyphens and apostrophes stay: that is how forms are filled in.
  std::string out;
  for (const char32_t point : code_points(upper(normalise(name)))) {
    if (point == U'-' || point == U'\'' || point == U' ')
      out.push_back(static_cast<char>(point));
    else if (point < 128)
      out.push_back(static_cast<char>(point));
    else {
      std::string one;
      if (point < 0x800) {
        one.push_back(static_cast<char>(0xC0 | (point >> 6)));
        one.push_back(static_cast<char>(0x80 | (point & 0x3F)));
      }
      out += fold_name(one);
    }
  }
  return out;
}

class Planner {
 public:
  Planner(const Options& options, const FontSet& fonts, Random& random)
      : options_(options), fonts_(fonts), random_(random) {}

  Result<BatchPlan> plan() {
    if (options_.copies < 1 || options_.students < 1)
      return bad_options("A batch needs at least one copy and one student.");
    if (options_.absent_students >= options_.students) return bad_options("More students are absent than there are.");
    plan_.roster = invent_people(random_, options_.students, options_.twins_and_namesakes);
    plan_.paper = invent_paper(random_, options_.colour);
    if (const auto done = choose_writers(); !done) return tl::unexpected(done.error());
    make_sheets();
    blank_some_faces();
    swap_some_sheets();
    for (PlannedSheet& sheet : plan_.sheets) scan_sheet(sheet, -1);
    double_some_sheets();
    turn_some_sides();
    if (options_.corrupt_page) plan_.sides[plan_.sides.size() / 2].corrupt = true;
    return std::move(plan_);
  }

 private:
  Result<void> choose_writers() {
    std::vector<std::size_t> present(plan_.roster.size());
    std::iota(present.begin(), present.end(), std::size_t{0});
    random_.shuffle(std::span(present));
    int count = options_.students - options_.absent_students;
    count = std::min(count, options_.copies - options_.unknown_students - options_.students_with_several_sheets);
    if (count < 0) return bad_options("There are fewer copies than unknown students and second sheets.");
    for (int i = 0; i < count; ++i)
      plan_.writers.push_back({plan_.roster[present[static_cast<std::size_t>(i)]], true, {}});
    for (std::size_t i = static_cast<std::size_t>(count); i < present.size(); ++i)
      plan_.absent.push_back(plan_.roster[present[i]].email);
    Random elsewhere = random_.fork();
    auto strangers = invent_people(elsewhere, options_.unknown_students + options_.students, false);
    for (const Person& stranger : strangers) {
      if (static_cast<int>(plan_.writers.size()) >= count + options_.unknown_students) break;
      const bool known = std::any_of(plan_.roster.begin(), plan_.roster.end(), [&](const Person& student) {
        return student.nom == stranger.nom && student.prenom == stranger.prenom;
      });
      if (!known) plan_.writers.push_back({stranger, false, {}});
    }
    random_.shuffle(std::span(plan_.writers));
    for (Writer& writer : plan_.writers) writer.hand = invent_hand(random_, fonts_, options_.colour);
    return {};
  }

  void make_sheets() {
    const int extra = std::max(0, options_.copies - static_cast<int>(plan_.writers.size()));
    std::vector<int> sheets_of(plan_.writers.size(), 1);
    for (int i = 0; i < extra; ++i) ++sheets_of[static_cast<std::size_t>(i) % sheets_of.size()];
    random_.shuffle(std::span(sheets_of));
    int to_lose = options_.missing_sheets;
    int to_empty = options_.empty_fields;
    for (std::size_t writer = 0; writer < plan_.writers.size(); ++writer)
      for (int number = 1; number <= sheets_of[writer]; ++number) {
        if (number > 1 && to_lose > 0) {
          --to_lose;
          continue;
        }
        add_sheet(static_cast<int>(writer), number, number == 1 && sheets_of[writer] == 1 && to_empty-- > 0);
      }
  }

  HeaderText header_of(const Writer& writer, bool leave_one_empty) {
    HeaderText text;
    text.nom = capitals(writer.person.nom, writer.hand.keeps_accents);
    text.prenom = capitals(writer.person.prenom, writer.hand.keeps_accents);
    const Date& date = writer.person.date_naissance;
    text.date = fmt::format("{:02}{:02}{:04}", date.day, date.month, date.year);
    if (leave_one_empty) {
      const int which = random_.integer(0, 2);
      (which == 0 ? text.nom : which == 1 ? text.prenom : text.date).clear();
    }
    return text;
  }

  void add_sheet(int writer, int number, bool leave_one_empty) {
    PlannedSheet sheet;
    sheet.writer = writer;
    sheet.number = number;
    sheet.a3 = options_.format == PageFormat::a3 || (options_.format == PageFormat::mixed && random_.chance(0.5));
    sheet.written = header_of(plan_.writers[static_cast<std::size_t>(writer)], leave_one_empty);
    for (int face = 1; face <= kFacesPerSheet; ++face) {
      PlannedFace planned;
      planned.number = face;
      planned.content.seed = random_.bits();
      planned.content.header = face == 1;
      planned.content.printed_page = options_.printed_subject ? face : 0;
      planned.content.text = sheet.written;
      sheet.faces.push_back(planned);
    }
    plan_.sheets.push_back(std::move(sheet));
  }

  void blank_some_faces() {
    for (int i = 0; i < options_.blank_faces; ++i) {
      auto& sheet =
          plan_.sheets[static_cast<std::size_t>(random_.integer(0, static_cast<int>(plan_.sheets.size()) - 1))];
      sheet.faces[static_cast<std::size_t>(random_.integer(1, kFacesPerSheet - 1))].content.blank = true;
    }
  }

  void swap_some_sheets() {
    for (int i = 0; i < options_.swapped_sheets && plan_.sheets.size() > 1; ++i) {
      const auto at = static_cast<std::size_t>(random_.integer(0, static_cast<int>(plan_.sheets.size()) - 2));
      std::swap(plan_.sheets[at], plan_.sheets[at + 1]);
    }
    for (std::size_t i = 0; i < plan_.sheets.size(); ++i)
      for (PlannedFace& face : plan_.sheets[i].faces) {
        face.sheet = static_cast<int>(i);
        face.content.hand = &plan_.writers[static_cast<std::size_t>(plan_.sheets[i].writer)].hand;
      }
  }

  SideEncoding encoding() {
    if (options_.encoding != SideEncoding::mixed) return options_.encoding;
    static constexpr std::array kAll = {SideEncoding::jpeg, SideEncoding::ccitt, SideEncoding::jbig2,
                                        SideEncoding::jpeg2000, SideEncoding::flate};
    return kAll[static_cast<std::size_t>(random_.integer(0, kAll.size() - 1))];
  }

  void add_side(std::vector<PlannedFace> faces, int rotation, int duplicate_of) {
    PlannedSide side;
    side.faces = std::move(faces);
    side.rotation = rotation;
    side.skew_degrees = random_.between(-options_.max_skew_degrees, options_.max_skew_degrees);
    side.shift_x = random_.normal(0, 1.2);
    side.shift_y = random_.normal(0, 1.2);
    side.fold = random_.between(-2.4, 2.4);
    side.seed = random_.bits();
    side.duplicate_of = duplicate_of;
    side.encoding = encoding();
    plan_.sides.push_back(std::move(side));
  }

  void scan_sheet(const PlannedSheet& sheet, int duplicate_of) {
    const auto& f = sheet.faces;
    const int verso = options_.verso_rotation;
    const auto next = [&] { return duplicate_of < 0 ? -1 : duplicate_of++; };
    if (!sheet.a3) {
      for (std::size_t i = 0; i < f.size(); ++i) add_side({f[i]}, i % 2 == 0 ? 0 : verso, next());
    } else if (options_.imposition == Imposition::booklet) {
      add_side({f[3], f[0]}, 0, next());
      add_side({f[1], f[2]}, verso, next());
    } else {
      add_side({f[0], f[1]}, 0, next());
      add_side({f[2], f[3]}, verso, next());
    }
  }

  // The second scan of a sheet comes right behind the first.
  void double_some_sheets() {
    for (int i = 0; i < options_.doubled_sheets; ++i) {
      const int sheet = random_.integer(0, static_cast<int>(plan_.sheets.size()) - 1);
      const auto shows = [&](const PlannedSide& side) {
        return side.faces.front().sheet == sheet && side.duplicate_of < 0;
      };
      const auto first = std::find_if(plan_.sides.begin(), plan_.sides.end(), shows);
      const auto count = std::count_if(plan_.sides.begin(), plan_.sides.end(), shows);
      const auto begin = first - plan_.sides.begin();
      const std::size_t before = plan_.sides.size();
      for (PlannedSide& side : plan_.sides)
        if (side.duplicate_of >= begin + count) side.duplicate_of += static_cast<int>(count);
      scan_sheet(plan_.sheets[static_cast<std::size_t>(sheet)], static_cast<int>(begin));
      std::rotate(plan_.sides.begin() + begin + count, plan_.sides.begin() + static_cast<std::ptrdiff_t>(before),
                  plan_.sides.end());
    }
  }

  void turn_some_sides() {
    for (int i = 0; i < options_.rotated_sides; ++i)
      plan_.sides[static_cast<std::size_t>(random_.integer(0, static_cast<int>(plan_.sides.size()) - 1))].rotation ^=
          180;
  }

  const Options& options_;
  const FontSet& fonts_;
  Random& random_;
  BatchPlan plan_;
};

}  // namespace

Result<BatchPlan> plan_batch(const Options& options, const FontSet& fonts, Random& random) {
  return Planner(options, fonts, random).plan();
}

}  // namespace korrigo::samples
