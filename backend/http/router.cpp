#include "http/router.h"

#include <set>
#include <stdexcept>

namespace korrigo::http {
namespace {

std::vector<std::string> split(std::string_view pattern) {
  if (!pattern.starts_with('/')) throw std::logic_error("a route's pattern begins with '/': " + std::string(pattern));
  std::vector<std::string> segments;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const std::size_t slash = std::min(pattern.find('/'), pattern.size());
    if (slash == 0) throw std::logic_error("an empty segment in a route's pattern");
    segments.emplace_back(pattern.substr(0, slash));
    pattern.remove_prefix(std::min(slash + 1, pattern.size()));
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

struct Router::Node {
  std::map<std::string, NodePtr, std::less<>> literal;
  NodePtr parameter;
  std::map<Method, const Route*> routes;
};

void Router::Deleter::operator()(Node* node) const {
  delete node;
}

Router::Node& Router::root() {
  if (!root_) root_ = NodePtr(new Node);
  return *root_;
}

void Router::add(Route route) {
  Node* node = &root();
  for (const std::string& segment : split(route.pattern)) {
    NodePtr& next = is_parameter(segment) ? node->parameter : node->literal[segment];
    if (!next) next = NodePtr(new Node);
    node = next.get();
  }
  const Method method = route.method;
  if (node->routes.contains(method)) throw std::logic_error("two routes for " + route.pattern);
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  node->routes[method] = routes_.back().get();
}

void Router::add(std::vector<Route> routes) {
  for (Route& route : routes) add(std::move(route));
}

void Router::collect(const Node& node, const std::vector<std::string>& segments, std::size_t index,
                     std::vector<const Node*>& found) {
  if (index == segments.size()) {
    if (!node.routes.empty()) found.push_back(&node);
    return;
  }
  if (const auto literal = node.literal.find(segments[index]); literal != node.literal.end()) {
    collect(*literal->second, segments, index + 1, found);
  }
  if (node.parameter && !segments[index].empty()) collect(*node.parameter, segments, index + 1, found);
}

Router::Match Router::match(Method method, const std::vector<std::string>& segments) const {
  Match match;
  std::vector<const Node*> found;
  if (root_) collect(*root_, segments, 0, found);
  const auto route_for = [&](Method asked) -> const Route* {
    for (const Node* node : found) {
      if (const auto it = node->routes.find(asked); it != node->routes.end()) return it->second;
    }
    return nullptr;
  };
  match.route = route_for(method);
  if (!match.route && method == Method::head) match.route = route_for(Method::get);
  std::set<Method> allowed;
  for (const Node* node : found) {
    for (const auto& [answered, route] : node->routes) allowed.insert(answered);
  }
  if (allowed.contains(Method::get)) allowed.insert(Method::head);
  if (!allowed.empty()) allowed.insert(Method::options);
  match.allowed.assign(allowed.begin(), allowed.end());
  if (!match.route) return match;
  const std::vector<std::string> pattern = split(match.route->pattern);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    match.path_parameters.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), segments[i]);
  }
  return match;
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> all;
  for (const auto& route : routes_) all.push_back(route.get());
  return all;
}

}  // namespace korrigo::http
