/// A PostgreSQL server of the tests' own: Debian's, in a temporary folder, reached through a private socket.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace korrigo::test {

/// Runs until it is destroyed, or until the test program dies in whatever way. It refuses to be root's, so a root's
/// test program runs it as `postgres`. It does not sync: it outlives a killed client and its own crash, not one of the
/// machine.
class PostgresServer {
 public:
  /// Makes the data folder and starts. Throws std::runtime_error with the end of its log.
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  std::string url(std::string_view database = "postgres") const;
  /// Ends every connection at once, as a crash does. start() recovers.
  void stop();
  /// Returns when it answers.
  void start();

 private:
  pid_t spawn(const std::string& program, const std::vector<std::string>& arguments) const;
  std::string end_of_log() const;

  std::filesystem::path folder_;
  uid_t user_;
  gid_t group_;
  pid_t server_ = -1;
};

/// A database of the server at KORRIGO_TEST_POSTGRES (postgresql:///postgres?host=..., which may create databases), or
/// of one that is started for this program when the variable is not set. Dropped on destruction.
class PostgresDatabase {
 public:
  /// Empty, or a copy of another that nobody is connected to.
  explicit PostgresDatabase(std::string_view copy_of = {});
  ~PostgresDatabase();
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;

  const std::string& name() const { return name_; }
  const std::string& url() const { return url_; }

 private:
  std::string name_;
  std::string url_;
};

/// Runs one statement outside any transaction (CREATE DATABASE, pg_terminate_backend). Throws std::runtime_error.
void run_as_admin(const std::string& url, const std::string& sql);

}  // namespace korrigo::test
