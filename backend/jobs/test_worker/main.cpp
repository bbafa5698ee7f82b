// A worker that kill_test.cpp kills: jobs_test_worker DATABASE_URL
#include "jobs/worker.h"

#include <unistd.h>

#include "jobs/test_worker/counting.h"

int main(int argc, char** argv) {
  using namespace korrigo;
  if (argc != 2) return 2;
  const auto database = storage::Database::open(argv[1]);
  const SystemClock clock;
  jobs::Queue queue(clock);
  jobs::Kinds kinds;
  jobs::add_counting_kinds(kinds);
  jobs::WorkerPool pool(*database, queue, kinds, jobs::counting_options());
  pool.start();
  for (;;) ::pause();
}
