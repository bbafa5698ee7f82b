#include "imaging/components.h"

#include <algorithm>

#include "imaging/ink_runs.h"

namespace korrigo::imaging {

namespace {

/// Components under construction; a joined one points to the older one it became part of.
class Forest {
 public:
  std::size_t add(const PixelRect& box) {
    parents_.push_back(parents_.size());
    parts_.push_back({box, box.width});
    return parents_.size() - 1;
  }

  std::size_t root(std::size_t id) {
    while (parents_[id] != id) {
      parents_[id] = parents_[parents_[id]];
      id = parents_[id];
    }
    return id;
  }

  std::size_t join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return a;
    if (b < a) std::swap(a, b);
    parents_[b] = a;
    Component& kept = parts_[a];
    const Component& gone = parts_[b];
    const int right = std::max(kept.box.right(), gone.box.right());
    const int bottom = std::max(kept.box.bottom(), gone.box.bottom());
    kept.box.x = std::min(kept.box.x, gone.box.x);
    kept.box.y = std::min(kept.box.y, gone.box.y);
    kept.box.width = right - kept.box.x;
    kept.box.height = bottom - kept.box.y;
    kept.pixels += gone.pixels;
    return a;
  }

  std::vector<Component> roots() const {
    std::vector<Component> found;
    for (std::size_t id = 0; id < parents_.size(); ++id) {
      if (parents_[id] == id) found.push_back(parts_[id]);
    }
    return found;
  }

 private:
  std::vector<std::size_t> parents_;
  std::vector<Component> parts_;
};

}  // namespace

std::vector<Component> find_components(const GrayImage& ink) {
  Forest forest;
  std::vector<Run> above;
  std::vector<Run> runs;
  std::vector<std::size_t> ids_above;
  std::vector<std::size_t> ids;
  for (int y = 0; y < ink.height(); ++y) {
    ink_runs(ink, y, runs);
    ids.clear();
    std::size_t first = 0;
    for (const Run& run : runs) {
      std::size_t id = forest.add({run.begin, y, run.end - run.begin, 1});
      while (first < above.size() && above[first].end < run.begin) ++first;
      // Diagonal neighbours touch: a run above may end where this one begins.
      for (std::size_t i = first; i < above.size() && above[i].begin <= run.end; ++i)
        id = forest.join(id, ids_above[i]);
      ids.push_back(id);
    }
    std::swap(above, runs);
    std::swap(ids_above, ids);
  }
  return forest.roots();
}

}  // namespace korrigo::imaging
