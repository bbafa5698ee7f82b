/// Coroutines of libstdc++ 12 and Asio 1.81 with clang 14 (clang-tidy, the fuzz build), which has them but does not say
/// so by the macros both look for. Included first by the units that use them.
#pragma once

#if defined(__clang__) && __clang_major__ < 16
#define __cpp_impl_coroutine 201902L  // NOLINT: the standard's name
#define BOOST_ASIO_HAS_CO_AWAIT 1
#define BOOST_ASIO_HAS_STD_COROUTINE 1
#endif
