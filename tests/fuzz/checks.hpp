// SPDX-License-Identifier: BSL-1.0
// What every generated formula is put through: value, gradient, forward derivative, second derivatives, batches, constant evaluation.
#pragma once

#include <fuzz/judge.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <string_view>
#include <tuple>

namespace fuzz {

namespace tg = typegrad;

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class... S>
tg::type_list<S...> types(S...);

/// Where the numbers for the symbol X0 stand in a point of the formula.
template <class F, class X0>
inline constexpr symbol_place place_of = [] {
  for (const symbol_place& place : F::places)
    if (std::string_view(place.name) == X0::text.text) return place;
  return symbol_place{};
}();

/// Integers for one row, and the same for each of so many.
inline constexpr auto once = [](const auto& values) { return values; };
inline auto repeated(int rows) {
  return [rows](const auto& values) {
    std::vector<int> result;
    for (int i = 0; i < rows; ++i) result.insert(result.end(), values.begin(), values.end());
    return result;
  };
}

/// A number of the type under test; what is too large or small for float takes float's place for it.
template <class T>
constexpr T number(double v) {
  if constexpr (sizeof(T) == sizeof(double)) return v;
  const double size = v < 0 ? -v : v;
  if (size > 1e38) return v < 0 ? T(-1e30) : T(1e30);
  return size != 0 && size < 1e-37 ? T(1e-30) : static_cast<T>(v);
}

template <class F, class T, class Symbols, class Shared, class Varying>
struct checks_of;
template <class F, class T, class... S, class... P, class... X>
struct checks_of<F, T, tg::type_list<S...>, tg::type_list<P...>, tg::type_list<X...>> {
  using point = tg::point<T, S...>;
  using layout = typename point::layout;
  using focus = typename F::focus;
  static constexpr auto f = std::get<0>(F::make());
  static constexpr int count = static_cast<int>(std::size(F::points));
  static constexpr std::size_t inputs = static_cast<std::size_t>(layout::size);

  template <class X0>
  static constexpr auto tangent = tg::variable<"tangent", typename X0::shape>;

  /// The place where numbers for the symbol X0 start in a flat row.
  template <class X0>
  static constexpr std::size_t place = static_cast<std::size_t>(place_of<F, X0>.offset);
  static_assert(((place_of<F, S>.offset == layout::offset(S::hash)) && ...));
  static formula_data data() {
    return {F::index,
            F::text,
            F::program,
            std::get<0>(F::results)[0],
            layout::size,
            {std::begin(F::places), std::end(F::places)},
            numbers(std::begin(F::direction), std::end(F::direction)),
            place_of<F, focus>,
            F::element,
            F::counts_as_whole};
  }
  static constexpr std::array<T, inputs> row(int k) {
    std::array<T, inputs> result{};
    for (std::size_t i = 0; i < inputs; ++i) result[i] = number<T>(F::points[k][i]);
    return result;
  }
  template <class... Y>
  static constexpr auto point_at(int k) {
    tg::point<T, Y...> result;
    auto out = result.begin();
    const auto all = row(k);
    ((out = std::copy_n(all.begin() + place<Y>, Y::shape::value.size(), out)), ...);
    return result;
  }
  template <class X0>
  static auto direction() {
    typename tg::detail::value_type_for<T, typename X0::shape>::type result{};
    std::copy_n(F::direction + place<X0>, X0::shape::value.size(), tg::detail::first_of(result));
    return result;
  }
  template <class V>
  static numbers list(const V& v) {
    if constexpr (std::is_arithmetic_v<V>) return {v};
    else return numbers(v.begin(), v.end());
  }
  /// The program at these arguments and at the integers of the formula.
  template <class Program, class... Arg>
  static constexpr auto run_at(const Program& program, const Arg&... arg) {
    return std::apply([&](const auto&... label) { return program(arg..., label...); }, F::labels(once));
  }
  /// The value of a formula.
  template <class E, class... Arg>
  static auto evaluate(E e, const Arg&... arg) {
    return run_at([e](const auto&... all) { return tg::evaluate<T>(e, all...); }, arg...);
  }
  template <class R>
  static numbers value_and_gradient_list(const R& r) {
    numbers result{r.value};
    for (const T g : r.gradient) result.push_back(g);
    return result;
  }

  /// An element of the gradient with respect to the focus, as a formula.
  static constexpr auto gradient_element() { return F::element_of(tg::gradient(f, tg::wrt(focus{}))[focus{}]); }
  template <class X0>
  static void forward(judge& j, int k, const point& at) {
    const auto d = direction<X0>();
    if constexpr (X0::shape::value.rank == 0)
      j.forward(k, place_of<F, X0>, static_cast<long double>(d) * static_cast<long double>(evaluate(tg::derivative(f, X0{}), at)));
    else j.forward(k, place_of<F, X0>, evaluate(tg::jvp(f, X0{}, tangent<X0>), at, tangent<X0> = d));
  }
  static void single(judge& j, int k) {
    const point at = point_at<S...>(k);
    j.value(k, evaluate(f, at));
    const auto r = run_at(tg::value_and_gradient(f, tg::wrt(S{}...)), at);
    j.value(k, r.value);
    j.gradient(k, list(r.gradient));
    (forward<S>(j, k, at), ...);
    if constexpr (F::has_hvp) j.hvp(k, list(evaluate(tg::hvp(f, focus{}, tangent<focus>), at, tangent<focus> = direction<focus>())));
    if constexpr (F::has_second) j.second(k, list(run_at(tg::value_and_gradient(gradient_element(), tg::wrt(S{}...)), at).gradient));
  }
  /// A batch is the dearest to compile, so each formula has one of either type.
  static constexpr bool has_batch = (F::index % 2 == 0) == (sizeof(T) == sizeof(double));
  /// Has each row integers of its own, or are there some for all?
  static constexpr bool rows_have_labels = F::index % 4 < 2;
  /// All points, one after the other.
  static constexpr auto table = [] {
    std::array<T, inputs* static_cast<std::size_t>(count)> all{};
    for (int p = 0; p < count; ++p)
      for (std::size_t i = 0; i < inputs; ++i) all[static_cast<std::size_t>(p) * inputs + i] = number<T>(F::points[p][i]);
    return all;
  }();
  /// Every row of the batch is another point; the parameters are those of point k.
  static void batched(judge& j, int k) {
    const auto at = point_at<P...>(k);
    const auto run = [&](const auto& program) {
      const auto with = [&](const auto&... label) {
        if constexpr (rows_have_labels) return program(at, tg::batch(X{} = tg::strided(table.data() + place<X>, count, layout::size)..., label...));
        else return program(at, tg::batch(X{} = tg::strided(table.data() + place<X>, count, layout::size)...), label...);
      };
      if constexpr (rows_have_labels) return std::apply(with, F::labels(repeated(count)));
      else return std::apply(with, F::labels(once));
    };
    const auto r = run(tg::value_and_gradient(f, tg::wrt(P{}...)));
    j.batch_values(k, std::get<0>(F::results), {r.value});
    j.batch_gradient(k, list(r.gradient));
    if constexpr (F::has_hvp && F::index % 3 == 0) {
      const auto second = [d = direction<focus>()](const auto&... arg) {
        return tg::evaluate<T>(tg::hvp(f, focus{}, tangent<focus>), arg..., tangent<focus> = d);
      };
      j.batch_hvp(k, list(run(second)));
    }
  }
  /// In a constant expression and at run time: the same bits.
  static void folded(judge& j) {
    constexpr auto program = tg::value_and_gradient(f, tg::wrt(S{}...));
    constexpr auto compiled = run_at(program, point_at<S...>(0));
    const volatile int first = 0;
    j.same_bits("constant evaluation", 0, value_and_gradient_list(run_at(program, point_at<S...>(first))), value_and_gradient_list(compiled));
  }

  static void run(const char* name) {
    const formula_data formula = data();
    std::vector<numbers> points;
    for (int k = 0; k < count; ++k) points.push_back(list(row(k)));
    judge j(formula, name, precision::of<T>(), std::move(points));
    for (int k = 0; k < count; ++k) {
      single(j, k);
      if constexpr (has_batch) batched(j, k);
    }
    if constexpr (F::constant) folded(j);
  }
};

template <class F, class T>
struct checks : checks_of<F, T, typename F::symbols, typename F::shared, typename F::varying> {};

template <template <class, class> class Checks, class F>
void run() {
  Checks<F, double>::run("double");
  Checks<F, float>::run("float");
  count_formula();
}

}  // namespace fuzz
