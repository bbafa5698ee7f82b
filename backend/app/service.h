/// The composition root of the service: builds everything in order, and nothing else.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "base/clock.h"
#include "base/result.h"

namespace korrigo::app {

/// Database, media, workers and, for `serve`, the HTTP server. One per process.
class Service {
 public:
  enum class Part { server_and_workers, workers };
  /// Makes the data folder and brings the database's schema up to date. Refuses what the operator can mend
  /// ("config.invalid"); throws DatabaseError and std::system_error.
  static Result<std::unique_ptr<Service>> make(const Config& config, Part part);
  virtual ~Service() = default;

  virtual void start() = 0;
  /// The address of the server once started: "http://127.0.0.1:8088".
  virtual std::string address() const = 0;
  /// While nobody can administer the school: a secret with which POST /api/setup/ makes the first admin. An earlier one
  /// is void.
  virtual std::optional<std::string> offer_setup() = 0;
  /// Lets running requests and the tasks' present steps end, and gives unfinished tasks back.
  virtual void stop() = 0;
};

}  // namespace korrigo::app
