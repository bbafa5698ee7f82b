/// What clang needs in front of qpdf's headers. JSON.hh gives JSON a member that holds a vector of JSON, and there
/// clang instantiates the vector's destructor, which C++20 made constexpr, while JSON is not complete. Declared before
/// and defined afterwards, as libstdc++ 12 does it, the destructor waits.
#pragma once

#include <vector>

class JSON;
namespace std {
template <>
constexpr vector<JSON>::~vector() noexcept;
}

#include <qpdf/JSON.hh>

namespace std {
template <>
constexpr vector<JSON>::~vector() noexcept {
  _Destroy(_M_impl._M_start, _M_impl._M_finish, _M_get_Tp_allocator());
}
}  // namespace std
