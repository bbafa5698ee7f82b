// A test program is its own sandbox child: the sandbox starts /proc/self/exe again, as it does in the korrigo binary.
#include <gtest/gtest.h>

#include "sandbox/child.h"

// Fontconfig keeps its configuration until the process ends, in places where the leak sanitizer does not look.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\n";
}

// Debian's libraries are built without the thread sanitizer, which therefore does not see their atomics and locks.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libcairo\nrace:libfontconfig\nrace:libglib-2\nrace:libpango\n";
}

int main(int argc, char** argv) {
  if (korrigo::sandbox::is_child(argc, argv)) return korrigo::sandbox::child_main(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
