// SPDX-License-Identifier: BSL-1.0
// From a hash to what it stands for: types that name their meaning in 64 bits, so that no type is ever longer than one line.
#pragma once

#include <typegrad/version.hpp>

#include <cstdint>
#include <type_traits>

namespace typegrad {
struct formula;
}
namespace typegrad::detail {

// The definition of hash H is the return type of a friend function: declared by `tag<H>`, defined by `inject<H, Definition>`. It
// depends on H alone; should two formulas ever have the same hash, the second definition is an error. Compilers compare a new
// function with all others of its name, so the functions share 64 names: a compilation stays linear for some ten thousand
// definitions.
template <std::uint64_t H, std::uint64_t Drawer = H % 64>
struct tag;
template <std::uint64_t H, class Definition, std::uint64_t Drawer = H % 64>
struct inject;

#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
#define TYPEGRAD_DRAWER(n)                                                               \
  template <std::uint64_t H>                                                             \
  struct tag<H, n> {                                                                     \
    friend constexpr const formula* definition##n(tag);                                  \
    static constexpr const formula* find() { return definition##n(tag{}); }              \
  };                                                                                     \
  template <std::uint64_t H, class Definition>                                           \
  struct inject<H, Definition, n> {                                                      \
    friend constexpr const formula* definition##n(tag<H>) { return &Definition::node_; } \
  };
#define TYPEGRAD_DRAWERS(m) \
  TYPEGRAD_DRAWER(0##m##0)  \
  TYPEGRAD_DRAWER(0##m##1)  \
  TYPEGRAD_DRAWER(0##m##2)  \
  TYPEGRAD_DRAWER(0##m##3)  \
  TYPEGRAD_DRAWER(0##m##4)  \
  TYPEGRAD_DRAWER(0##m##5)  \
  TYPEGRAD_DRAWER(0##m##6)  \
  TYPEGRAD_DRAWER(0##m##7)
TYPEGRAD_DRAWERS(0)
TYPEGRAD_DRAWERS(1)
TYPEGRAD_DRAWERS(2)
TYPEGRAD_DRAWERS(3)
TYPEGRAD_DRAWERS(4)
TYPEGRAD_DRAWERS(5)
TYPEGRAD_DRAWERS(6)
TYPEGRAD_DRAWERS(7)
#undef TYPEGRAD_DRAWERS
#undef TYPEGRAD_DRAWER
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace typegrad::detail
