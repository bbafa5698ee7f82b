/// Refusals as values. A function returns Result<T> when its caller must decide what a failure means; it throws when
/// nobody nearby can (disk full, a broken invariant). Which HTTP status, exit code or retry follows from a kind is
/// decided in one table per door (http, jobs, app), never here.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace korrigo {

enum class ErrorKind {
  malformed,      // not readable as what it claims to be
  invalid_input,  // readable, but its content is not acceptable
  not_found,
  forbidden,
  unauthenticated,
  conflict,   // state, version or duplicate
  too_large,  // over one of our limits
  limited,    // too many requests
  too_busy,   // try again later
};

struct Error {
  ErrorKind kind = ErrorKind::invalid_input;
  std::string code;                       // stable, machine-readable: "source.encrypted"
  std::string message;                    // one clear sentence for the user, naming file, line, page or field
  std::string detail = {};                // for the log only; may hold third-party wording
  std::string field = {};                 // the input at fault, by its name on the wire; empty when no single one is
  std::vector<std::string> details = {};  // every fault, one sentence each, when there are several
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> refuse(ErrorKind kind, std::string code, std::string message, std::string detail = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(code), std::move(message), std::move(detail)});
}

}  // namespace korrigo
