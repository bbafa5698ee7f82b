#include "support/postgres_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/ids.h"

namespace korrigo::test {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFolderName = "korrigo-postgres-";
constexpr std::chrono::seconds kStartLimit{60};

fs::path programs() {
  for (const char* version : {"15", "16", "17", "14"}) {
    const fs::path folder = fs::path("/usr/lib/postgresql") / version / "bin";
    if (fs::exists(folder / "initdb")) return folder;
  }
  throw std::runtime_error("the tests need PostgreSQL: install the Debian package postgresql");
}

/// Folders of test programs that were killed: their number is that of a process that is no more.
void remove_abandoned_folders() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kFolderName)) continue;
    const int pid = std::atoi(name.c_str() + kFolderName.size());
    if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

bool answers(const std::string& url) {
  PGconn* connection = PQconnectdb(url.c_str());
  const bool connected = PQstatus(connection) == CONNECTION_OK;
  PQfinish(connection);
  return connected;
}

/// The server's own URL with another database in it.
std::string with_database(const std::string& url, std::string_view database) {
  const auto authority = url.find("//");
  const auto path = authority == url.npos ? url.npos : url.find('/', authority + 2);
  if (path == url.npos) throw std::runtime_error("KORRIGO_TEST_POSTGRES is not postgresql://.../database");
  const auto query = url.find('?', path);
  return url.substr(0, path + 1) + std::string(database) + (query == url.npos ? "" : url.substr(query));
}

const std::string& admin_url() {
  static const std::string url = [] {
    if (const char* given = std::getenv("KORRIGO_TEST_POSTGRES"); given != nullptr && *given != '\0') {
      return std::string(given);
    }
    static const PostgresServer own;
    return own.url();
  }();
  return url;
}

}  // namespace

PostgresServer::PostgresServer() : user_(::getuid()), group_(::getgid()) {
  if (user_ == 0) {
    const passwd* unprivileged = ::getpwnam("postgres");
    if (unprivileged == nullptr) unprivileged = ::getpwnam("nobody");
    if (unprivileged == nullptr) throw std::runtime_error("no user to run PostgreSQL as");
    user_ = unprivileged->pw_uid;
    group_ = unprivileged->pw_gid;
  }
  remove_abandoned_folders();
  std::string pattern = (fs::temp_directory_path() / fmt::format("{}{}-XXXXXX", kFolderName, ::getpid())).string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot create " + pattern);
  folder_ = pattern;
  if (::chown(folder_.c_str(), user_, group_) != 0) throw std::runtime_error("cannot hand over " + pattern);
  const pid_t made = spawn("initdb", {"-D", folder_ / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8",
                                      "--locale=C.UTF-8", "--no-sync", "--no-instructions"});
  int status = 0;
  if (::waitpid(made, &status, 0) != made || status != 0) throw std::runtime_error("initdb: " + end_of_log());
  start();
}

PostgresServer::~PostgresServer() {
  stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string PostgresServer::url(std::string_view database) const {
  return fmt::format("postgresql:///{}?host={}&user=postgres", database, folder_.string());
}

void PostgresServer::start() {
  server_ = spawn("postgres", {"-D", folder_ / "data", "-k", folder_, "-h", "", "-c", "fsync=off", "-c",
                               "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB"});
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  while (!answers(url())) {
    if (::waitpid(server_, nullptr, WNOHANG) != 0 || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("PostgreSQL does not start: " + end_of_log());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void PostgresServer::stop() {
  if (server_ <= 0) return;
  ::kill(server_, SIGQUIT);
  ::waitpid(server_, nullptr, 0);
  server_ = -1;
}

pid_t PostgresServer::spawn(const std::string& program, const std::vector<std::string>& arguments) const {
  const std::string path = programs() / program;
  const std::string log = folder_ / "log";
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (::getuid() == 0 && (::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(126);
  // After the change of user, which would clear it. The server ends with the test program, however that ends.
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != parent || ::chdir("/") != 0) ::_exit(126);
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(fd, 1);
  ::dup2(fd, 2);
  ::close_range(3, ~0U, 0);
  ::execv(path.c_str(), argv.data());
  ::_exit(127);
}

std::string PostgresServer::end_of_log() const {
  std::error_code absent;
  if (!fs::exists(folder_ / "log", absent)) return "no log";
  const std::string log = read_file(folder_ / "log");
  return log.substr(log.size() - std::min<std::size_t>(log.size(), 2000));
}

PostgresDatabase::PostgresDatabase(std::string_view copy_of) : name_("t" + random_hex(8)) {
  url_ = with_database(admin_url(), name_);
  run_as_admin(admin_url(), copy_of.empty() ? fmt::format("CREATE DATABASE {}", name_)
                                            : fmt::format("CREATE DATABASE {} TEMPLATE {}", name_, copy_of));
}

PostgresDatabase::~PostgresDatabase() {
  try {
    run_as_admin(admin_url(), fmt::format("DROP DATABASE {} WITH (FORCE)", name_));
  } catch (const std::runtime_error&) {  // the server goes away with the program anyway
  }
}

void run_as_admin(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url.c_str()), PQfinish);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
  }
}

}  // namespace korrigo::test
