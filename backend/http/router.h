/// Which handler answers which method and path.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/body.h"
#include "http/errors.h"
#include "http/request.h"
#include "http/response.h"

namespace korrigo::http {

/// A plain function on the pool: parse input, call one operation of one module, write its answer. May also be written
/// as Response(Request&). A refusal becomes errors.h's answer with the route's overrides; an exception becomes 500.
using Handler = std::function<Result<Response>(Request&)>;

/// What a route demands of its caller; only the guard knows what it means.
using Rights = std::any;

/// Runs on the pool before the body is read. Attaches the caller to the request and returns nothing, or refuses.
/// Also checks CSRF where it applies. Must be safe to call from many threads.
using Guard = std::function<std::optional<Response>(Request&, const Rights&)>;

struct Route {
  Method method = Method::get;
  std::string pattern = {};  // "/api/exams/{id}/"; the spelling with or without the last slash answers too
  Handler handler = {};
  BodyPolicy body = NoBody{};
  Rights rights = {};
  StatusOverrides statuses = {};
  Pairs headers = {};  // of every answer, refusals included
};

/// Filled before the server starts, then read by any thread.
class Router {
 public:
  /// HEAD follows GET by itself, OPTIONS answers by itself; a route of its own takes precedence.
  /// Throws std::logic_error when method and pattern are taken or the pattern is malformed.
  void add(Route route);
  void add(std::vector<Route> routes);
  /// Answers GET and HEAD of paths that no route matches: the web application's files.
  void set_fallback(Handler handler) { fallback_ = std::move(handler); }
  const Handler& fallback() const { return fallback_; }

  struct Match {
    const Route* route = nullptr;  // null: no path (allowed empty) or no such method (allowed says which)
    Pairs path_parameters;
    std::vector<Method> allowed;  // sorted; what the path answers, HEAD and OPTIONS included
  };
  /// `segments` are the decoded pieces between slashes. A literal segment wins over a {name}.
  Match match(Method method, const std::vector<std::string>& segments) const;

  std::vector<const Route*> routes() const;

 private:
  struct Node;
  struct Deleter {
    void operator()(Node* node) const;
  };
  using NodePtr = std::unique_ptr<Node, Deleter>;
  static void collect(const Node& node, const std::vector<std::string>& segments, std::size_t index,
                      std::vector<const Node*>& found);
  Node& root();

  NodePtr root_;
  std::vector<std::unique_ptr<Route>> routes_;
  Handler fallback_;
};

}  // namespace korrigo::http
