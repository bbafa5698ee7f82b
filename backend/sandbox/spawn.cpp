#include "sandbox/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <cerrno>
#include <system_error>

namespace korrigo::sandbox {
namespace {

void check(int code, const char* action) {
  if (code != 0) throw std::system_error(code, std::generic_category(), action);
}

class Actions {
 public:
  Actions() { check(::posix_spawn_file_actions_init(&actions_), "prepare a child process"); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  void give(int fd, int as) {
    if (fd >= 0)
      check(::posix_spawn_file_actions_adddup2(&actions_, fd, as), "prepare a child process");
    else
      check(::posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", O_RDWR, 0), "prepare a child process");
  }
  void close_from(int fd) {
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, fd), "prepare a child process");
  }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

Helper spawn_self(const std::vector<std::string>& arguments, int input, int output, int error_output) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a socket pair");
  Helper helper;
  helper.socket = UniqueFd(ends[0]);
  UniqueFd theirs(ends[1]);
  if (theirs.get() == kHelperSocket)
    theirs = UniqueFd(::fcntl(theirs.release(), F_DUPFD_CLOEXEC, 10));  // dup2 onto itself would keep close-on-exec
  ::fcntl(helper.socket.get(), F_SETFL, O_NONBLOCK);

  Actions actions;
  actions.give(input, 0);
  actions.give(output, 1);
  actions.give(error_output >= 0 ? error_output : 2, 2);
  actions.give(theirs.get(), kHelperSocket);
  // What libraries open need not be close-on-exec: a hostile file's parser must not hold a client's connection.
  actions.close_from(kHelperSocket + 1);
  posix_spawnattr_t attributes;
  check(::posix_spawnattr_init(&attributes), "prepare a child process");
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);

  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<std::string> environment = {"LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "OMP_THREAD_LIMIT=1",
                                          "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1",
                                          "TSAN_OPTIONS=report_bugs=0"};
  std::vector<char*> envp;
  for (std::string& variable : environment) envp.push_back(variable.data());
  envp.push_back(nullptr);
  const int code = ::posix_spawn(&helper.pid, "/proc/self/exe", actions.get(), &attributes, argv.data(), envp.data());
  ::posix_spawnattr_destroy(&attributes);
  check(code, "cannot start a child process");
  return helper;
}

}  // namespace korrigo::sandbox
