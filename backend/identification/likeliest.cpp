#include "identification/likeliest.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <cmath>
#include <cstdint>

namespace korrigo::identification {

// A unit of flow per copy, through a student or past all of them; the solver wants whole numbers.
std::vector<std::optional<std::size_t>> likeliest_assignment(const Claims& claims, std::size_t students) {
  constexpr double kSteps = 1e6;
  using Graph = lemon::SmartDigraph;
  Graph graph;
  const auto source = graph.addNode();
  const auto target = graph.addNode();
  std::vector<Graph::Node> student_nodes;
  for (std::size_t s = 0; s < students; ++s) student_nodes.push_back(graph.addNode());
  Graph::ArcMap<std::int64_t> cost(graph, 0);
  Graph::ArcMap<int> capacity(graph, 1);
  for (const auto& node : student_nodes) graph.addArc(node, target);
  std::vector<std::vector<Graph::Arc>> arcs(claims.size());
  for (std::size_t copy = 0; copy < claims.size(); ++copy) {
    const auto node = graph.addNode();
    graph.addArc(source, node);
    graph.addArc(node, target);
    for (const Edge& edge : claims[copy]) {
      arcs[copy].push_back(graph.addArc(node, student_nodes[edge.student]));
      cost[arcs[copy].back()] = -std::llround(edge.log_weight * kSteps);
    }
  }
  for (Graph::ArcIt arc(graph); arc != lemon::INVALID; ++arc) capacity[arc] = 1;
  lemon::NetworkSimplex<Graph, int, std::int64_t> solver(graph);
  solver.upperMap(capacity).costMap(cost).stSupply(source, target, static_cast<int>(claims.size()));
  std::vector<std::optional<std::size_t>> out(claims.size());
  if (solver.run() != decltype(solver)::OPTIMAL) return out;
  for (std::size_t copy = 0; copy < claims.size(); ++copy)
    for (std::size_t e = 0; e < arcs[copy].size(); ++e)
      if (solver.flow(arcs[copy][e]) > 0) out[copy] = claims[copy][e].student;
  return out;
}

}  // namespace korrigo::identification
