#include "sandbox/confine.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>

namespace korrigo::sandbox {
namespace {

void limit(int resource, rlim_t value, rlim_t grace = 0) {
  const rlimit both{value, value + grace};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

constexpr std::array kNetwork = {
    SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind),   SCMP_SYS(listen),
    SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto),
};

constexpr std::array kBeyond = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(creat),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(truncate),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(ptrace),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(memfd_create),
    SCMP_SYS(inotify_init1),
    SCMP_SYS(userfaultfd),
};

}  // namespace

void set_limits(const Limits& limits) {
#ifndef KORRIGO_SANITIZED
  limit(RLIMIT_AS, limits.memory_bytes);
#endif
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu.count()), 2);  // SIGXCPU first: its name tells why
  limit(RLIMIT_FSIZE, limits.file_bytes);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 256);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void confine(bool may_run_programs) {
  const std::unique_ptr<void, decltype(&seccomp_release)> filter(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release);
  if (!filter) throw std::runtime_error("no memory for a seccomp filter");
  const auto forbid = [&](int call) {
    // A call unknown to this architecture (open on arm64) cannot be made either.
    const int code = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 0);
    if (code != 0 && code != -EDOM) throw std::runtime_error("the seccomp filter was refused");
  };
  for (const int call : kNetwork) forbid(call);
  if (!may_run_programs)
    for (const int call : kBeyond) forbid(call);
  if (seccomp_load(filter.get()) != 0) throw std::runtime_error("the kernel refused the seccomp filter");
}

}  // namespace korrigo::sandbox
