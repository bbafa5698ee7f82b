#include "copies/import.h"

#include <thread>

#include "copies/copies_tests.h"

namespace korrigo::copies {
namespace {

class Imports : public CopiesTest {};
KORRIGO_ON_BOTH_ENGINES(Imports);

TEST_P(Imports, made_at_the_same_time_have_numbers_of_their_own) {
  static constexpr Statement kSource{"test.any_source", "SELECT id FROM exam_pdf WHERE exam_id = $1"};
  static constexpr Statement kCount{"test.count_copies",
                                    "SELECT count(DISTINCT anonymous_id) FROM copy WHERE exam_id = $1"};
  const auto source = run([&](Transaction& t) { return t.row(kSource, exam)->get<SourceId>(0); });
  std::vector<std::thread> workers;
  for (int i = 0; i < 8; ++i)
    workers.emplace_back([&] { run([&](Transaction& t) { make_imported_copy(t, {exam, source, 2}, kNow); }); });
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(run([&](Transaction& t) { return t.row(kCount, exam)->get<int>(0); }), 8);
}

}  // namespace
}  // namespace korrigo::copies
