// SPDX-License-Identifier: BSL-1.0
// opaque<"name", state, Shape>(x): a callable object whose state is known at run time only, a table or a solver, as an operation.
#pragma once

#include <typegrad/expr/fixed_string.hpp>
#include <typegrad/op/align.hpp>

namespace typegrad {

namespace detail {

/// These are no constant expressions: a derivative that is not there is named by the compiler.
inline void second_derivatives_of_an_opaque_callable_are_not_there() {}
inline void forward_mode_needs_the_pushforward_of_an_opaque_callable() {}

/// Call::run(y, a, b), of R, A and B numbers: in the type of the program, or in double if it takes nothing else; of lanes one after the other.
template <class Call, int R, int A, int B, class V>
constexpr void call_opaque(V* y, const V* a, const V* b) {
  using T = math::scalar_of<V>;
  constexpr bool takes = requires(T* to, const T* from) { Call::run(to, from, from); };
  if constexpr (takes && !math::is_lanes<V>) {
    Call::run(y, a, b);
  } else {
    std::conditional_t<takes, T, double> result[bound(R)], left[bound(A)], right[bound(B)];
    using number_type = std::remove_reference_t<decltype(result[0])>;
    int lanes = 1;
    if constexpr (math::is_lanes<V>) lanes = V::count;
    const auto number = [](const V& from, [[maybe_unused]] int lane) -> T {
      if constexpr (math::is_lanes<V>) return from.v[lane];
      else return from;
    };
    for (int lane = 0; lane < lanes; ++lane) {
      for (int i = 0; i < A; ++i) left[i] = static_cast<number_type>(number(a[i], lane));
      for (int i = 0; i < B; ++i) right[i] = static_cast<number_type>(number(b[i], lane));
      Call::run(result, left, right);
      for (int i = 0; i < R; ++i) {
        if constexpr (math::is_lanes<V>) y[i].v[lane] = static_cast<T>(result[i]);
        else y[i] = static_cast<T>(result[i]);
      }
    }
  }
}

template <fixed_string Before, fixed_string Name>
inline constexpr auto joined_name = [] {
  struct {
    char text[sizeof Before.text + sizeof Name.text]{};
  } result;
  char* to = result.text;
  for (const char letter : Before.text)
    if (letter != '\0') *to++ = letter;
  for (const char letter : Name.text) *to++ = letter;
  return result;
}();

}  // namespace detail

namespace op {

/// dx = J' g at x.
template <fixed_string Name, auto& State, int Results, int Operand>
struct opaque_pullback {
  struct call {
    template <class T>
    static constexpr void run(T* to, const T* a, [[maybe_unused]] const T* b)
      requires requires { State.pullback(to, a, b); }
    {
      State.pullback(to, a, b);
    }
  };
  static constexpr auto& name = detail::joined_name<"pullback of ", Name>.text;
  static constexpr growth grows = growth::singular;
  static constexpr extent shape(const extent* arg, int, number) { return arg[1]; }
  template <class V>
  static constexpr void compute(V* y, extent, const V* g, extent, const V* x, extent) {
    detail::call_opaque<call, Operand, Results, Operand>(y, g, x);
  }
  static constexpr term pullback(term y, int, term) { return detail::second_derivatives_of_an_opaque_callable_are_not_there(), y; }
  static constexpr term pushforward(term y, int, term) { return detail::second_derivatives_of_an_opaque_callable_are_not_there(), y; }
};

/// dy = J dx at x.
template <fixed_string Name, auto& State, int Results, int Operand, class Shape>
struct opaque_pushforward {
  struct call {
    template <class T>
    static constexpr void run(T* to, const T* a, [[maybe_unused]] const T* b)
      requires requires { State.pushforward(to, a, b); }
    {
      State.pushforward(to, a, b);
    }
  };
  static constexpr auto& name = detail::joined_name<"pushforward of ", Name>.text;
  static constexpr growth grows = growth::singular;
  static constexpr extent shape(const extent*, int, number) { return Shape::value; }
  template <class V>
  static constexpr void compute(V* y, extent, const V* d, extent, const V* x, extent) {
    detail::call_opaque<call, Results, Operand, Operand>(y, d, x);
  }
  static constexpr term pullback(term y, int, term) { return detail::second_derivatives_of_an_opaque_callable_are_not_there(), y; }
  static constexpr term pushforward(term y, int, term) { return detail::second_derivatives_of_an_opaque_callable_are_not_there(), y; }
};

/// y = f(x), of which nothing is known but what State computes.
template <fixed_string Name, auto& State, int Results, int Operand, class Shape>
struct opaque {
  struct call {
    template <class T>
    static constexpr void run(T* to, const T* a, [[maybe_unused]] const T* b)
      requires requires { State.value(to, a); }
    {
      State.value(to, a);
    }
  };
  static constexpr auto& name = Name.text;
  static constexpr growth grows = growth::singular;
  static constexpr extent shape(const extent*, int, number) { return Shape::value; }
  template <class V>
  static constexpr void compute(V* y, extent, const V* x, extent) {
    detail::call_opaque<call, Results, Operand, 1>(y, x, x);
  }
  static constexpr term pullback(term y, int, term g) { return make<opaque_pullback<Name, State, Results, Operand>>({}, g, y[0]); }
  static constexpr term pushforward(term y, int, term d) {
    if constexpr (requires(double* to, const double* from) { State.pushforward(to, from, from); })
      return make<opaque_pushforward<Name, State, Results, Operand, Shape>>({}, d, y[0]);
    if (y.shape().rank != 0) detail::forward_mode_needs_the_pushforward_of_an_opaque_callable();
    return detail::fit(d * pullback(y, 0, constant_term(*y.graph, {1, 1, 0})), {});  // of one number, J is the gradient
  }
};

}  // namespace op

namespace detail {
template <class X>
struct operand_to_call {
  static constexpr bool has_rows = axes_of_shape<typename X::shape>.has_rows();
};
}  // namespace detail

/// y = f(x) by an object with static storage: `State.value(y, x)` writes the numbers of y, of the given shape, from those of x, and
/// `State.pullback(dx, g, x)` writes J' g, for pointers to numbers of the program's type, or else to double; `State.pushforward(dy, dx, x)`, if it is there, writes J dx,
/// which forward mode needs unless y is one number. Pure functions as far as a call of the program goes. Second derivatives do not compile.
template <fixed_string Name, auto& State, class Shape = scalar, Expression X>
constexpr auto opaque(X) {
  static_assert(!detail::operand_to_call<X>::has_rows, "typegrad: opaque<name, state, shape>(x): x is what one row has; give the rows by batch");
  return typename detail::aligned<op::opaque<Name, State, Shape::value.size(), X::shape::value.size(), Shape>, Shape, X>::type{};
}

}  // namespace typegrad
