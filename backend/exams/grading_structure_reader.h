/// Reads the nodes of a barème and collects what is wrong with them. Internal to this module.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>
#include <string>
#include <vector>

#include "exams/grading_structure.h"

namespace korrigo::exams {

class GradingStructureReader {
 public:
  std::vector<Question> read_all(const boost::json::array& nodes) { return read_list(nodes, {}); }
  /// At most 50.
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  /// Where a node lies: "2." under the second item, with the id of that item.
  struct Place {
    std::string number = {};
    std::string parent = {};
    int depth = 1;
  };
  std::vector<Question> read_list(const boost::json::array& nodes, const Place& place);
  void read(const boost::json::value& value, const Place& place, const std::string& number,
            std::vector<Question>& questions);
  bool name(const boost::json::object& node, const Place& place, const std::string& number, Question& question);
  void read_children(const boost::json::object& node, const Place& place, const std::string& number,
                     Question& question);
  void read_flags(const boost::json::object& node, const std::string& item, Question& question);
  void read_points(const boost::json::object& node, const std::string& item, Question& question);
  void fault(std::string text) { faults_.push_back(std::move(text)); }

  std::set<std::string, std::less<>> ids_;
  std::size_t nodes_ = 0;
  std::vector<std::string> faults_;
};

}  // namespace korrigo::exams
