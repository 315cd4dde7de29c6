// SPDX-License-Identifier: BSL-1.0
// to_listing(program): what a program computes, step by step.
#pragma once

#include <typegrad/eval/value_and_gradient.hpp>
#include <typegrad/graph/print.hpp>

namespace typegrad {
namespace detail {

/// The steps of a program, its value and its partial derivatives.
template <class Graph, class... S>
constexpr void print_program(writer& out) {
  print_listing(Graph::view, out, [](writer& to) { to.put("value"); }, [](writer& to) { to.put("d/d"), to.put(S::info.name); }...);
}

}  // namespace detail

/// What a program computes, in named steps, one a line: the value, and d/dw for each symbol w.
template <class E, class... S>
constexpr std::string_view to_listing(value_and_gradient_of<E, S...>) {
  return detail::written_text<&detail::print_program<detail::graph_of<typename value_and_gradient_of<E, S...>::recipe>, S...>>::value.view();
}

}  // namespace typegrad
