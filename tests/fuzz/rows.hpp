// SPDX-License-Identifier: BSL-1.0
// What a generated formula with axes of run-time length is put through.
#pragma once

#include <fuzz/calls.hpp>

namespace fuzz {

/// P: symbols without rows. X: those with a value for each row.
template <class F, class T, class Symbols, class Without, class With>
struct rows_of;
template <class F, class T, class... S, class... P, class... X>
struct rows_of<F, T, tg::type_list<S...>, tg::type_list<P...>, tg::type_list<X...>> {
  using focus = typename F::focus;
  static constexpr auto f = std::get<0>(F::make());
  static constexpr auto& nodes = std::get<0>(F::results);
  static constexpr int count = static_cast<int>(std::size(F::points));
  template <class X0>
  static constexpr auto tangent = tg::variable<"tangent", typename X0::shape>;

  /// The numbers of one symbol, bound to it.
  template <class X0>
  static constexpr auto bound(int k) {
    std::array<T, static_cast<std::size_t>(place_of<F, X0>.size)> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = number<T>(F::points[k][static_cast<std::size_t>(place_of<F, X0>.offset) + i]);
    if constexpr (X0::shape::value.rank == 0 && !tg::detail::has_rows_left<X0>) return X0{} = all[0];
    else return X0{} = std::move(all);
  }
  /// The program at a point, and at what is given besides.
  static constexpr auto run_at(int k, const auto& program, const auto&... more) {
    return std::apply([&](const auto&... label) { return program(bound<S>(k)..., more..., label...); }, F::labels(once));
  }
  static constexpr auto evaluate(int k, auto e, const auto&... more) {
    return run_at(k, [e](const auto&... arg) { return tg::evaluate<T>(e, arg...); }, more...);
  }
  static numbers list(const auto& v) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(v)>>) return {v};
    else return numbers(v.begin(), v.end());
  }
  template <class X0>
  static auto direction() {
    std::array<T, static_cast<std::size_t>(place_of<F, X0>.size)> d{};
    std::copy_n(F::direction + place_of<F, X0>.offset, d.size(), d.begin());
    if constexpr (X0::shape::value.rank == 0) return tangent<X0> = d[0];
    else return tangent<X0> = std::move(d);
  }

  /// What has rows: the parts, and the gradients with respect to what each row has.
  static void row_by_row(judge& j, int k) {
    constexpr auto g = tg::gradient(f, tg::wrt(X{}...));
    constexpr auto formulas = std::apply([g](auto, auto... part) { return tg::tuple(g[X{}]..., part...); }, F::make());
    std::vector<numbers> found;
    std::array<std::vector<T>, sizeof...(X) + std::tuple_size_v<decltype(F::make())> - 1> out{};
    const std::size_t sizes[] = {static_cast<std::size_t>(place_of<F, X>.size)...};
    std::size_t i = 0;
    for (const std::size_t size : sizes) out[i++].resize(size);
    std::apply([&](const auto&, const auto&... part) { (out[i++].resize(part.size()), ...); }, F::results);
    std::apply([&](auto&... to) { run_at(k, [&](const auto&... arg) { return tg::evaluate(formulas, arg..., tg::into(to...)); }); }, out);
    i = 0;
    (j.slopes("gradient with respect to rows", k, k, nodes, place_of<F, X>, list(out[i++])), ...);
    std::apply([&](const auto&, const auto&... part) { (j.values("value of each row", k, k, part, list(out[i++])), ...); }, F::results);
  }
  template <class X0>
  static void forward(judge& j, int k) {
    j.forward(k, place_of<F, X0>, static_cast<long double>(evaluate(k, tg::jvp(f, X0{}, tangent<X0>), direction<X0>())));
  }
  static void second(judge& j, int k) {
    constexpr auto element = F::element_of(tg::gradient(f, tg::wrt(focus{}))[focus{}]);
    const auto r = run_at(k, tg::value_and_gradient(element, tg::wrt(P{}...)));
    const symbol_place one{place_of<F, focus>.name, place_of<F, focus>.offset + F::element, 1, false};
    (j.hessian(k, one, place_of<F, P>, list_of<P>(r)), ...);
  }
  template <class P0>
  static numbers list_of(const auto& r) {
    return list(r.gradient[P0{}]);
  }

  static void run(const char* name) {
    const formula_data formula{F::index,
                               F::text,
                               F::program,
                               nodes[0],
                               static_cast<int>(std::size(F::points[0])),
                               {std::begin(F::places), std::end(F::places)},
                               numbers(std::begin(F::direction), std::end(F::direction)),
                               place_of<F, focus>,
                               F::element,
                               F::counts_as_whole};
    std::vector<numbers> points;
    for (const auto& point : F::points) {
      points.emplace_back();
      for (const double v : point) points.back().push_back(number<T>(v));
    }
    judge j(formula, name, precision::of<T>(), std::move(points));
    for (int k = 0; k < count; ++k) {
      j.value(k, evaluate(k, f));
      const auto r = run_at(k, tg::value_and_gradient(f, tg::wrt(P{}...)));
      j.value(k, r.value);
      (j.slopes("gradient", k, k, nodes, place_of<F, P>, list_of<P>(r)), ...);
      row_by_row(j, k);
      (forward<P>(j, k), ...);
      if constexpr (F::has_hvp) j.hvp(k, list(evaluate(k, tg::hvp(f, focus{}, tangent<focus>), direction<focus>())));
      if constexpr (F::has_second) second(j, k);
    }
    if constexpr (F::constant) {
      constexpr auto compiled = evaluate(0, f);
      const volatile int first = 0;
      j.same_bits("constant evaluation", 0, {evaluate(first, f)}, {compiled});
    }
  }
};

/// In one number type, as there is much to compile.
template <class F, class T>
struct rows {
  static void run(const char* name) {
    if constexpr ((F::index % 2 == 0) == (sizeof(T) == sizeof(double)))
      rows_of<F, T, typename F::symbols, typename F::shared, typename F::varying>::run(name);
  }
};

}  // namespace fuzz
