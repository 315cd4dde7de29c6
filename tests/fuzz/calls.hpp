// SPDX-License-Identifier: BSL-1.0
// The other ways to evaluate a generated formula: any number of rows, in a mean or each for itself, and several results by one program.
#pragma once

#include <fuzz/checks.hpp>

#include <type_traits>
#include <vector>

namespace fuzz {

template <class F, class T, class Symbols, class Shared, class Varying>
struct calls_of;
template <class F, class T, class... S, class... P, class... X>
struct calls_of<F, T, tg::type_list<S...>, tg::type_list<P...>, tg::type_list<X...>> {
  using base = checks<F, T>;
  using focus = typename F::focus;
  static constexpr auto f = base::f;
  template <class E>
  static constexpr auto size_of = static_cast<std::size_t>(E::shape::value.size());

  /// The formula and its parts, which share subformulas, together with more.
  static constexpr auto together(auto... more) {
    return std::apply([](auto... formula) { return tg::tuple(formula...); }, std::tuple_cat(F::make(), std::make_tuple(more...)));
  }
  static constexpr auto jacobian_part = std::get<1>(F::make());
  static constexpr auto& jacobian_nodes = std::get<1>(F::results);

  /// For each result its numbers: what(the nodes, the numbers).
  template <class Results>
  static void for_each_part(const Results& results, auto what) {
    std::size_t k = 0;
    const auto next = [&](const auto& nodes) { what(std::span<const int>(nodes), results[k++]); };
    std::apply([&](const auto&... nodes) { (next(nodes), ...); }, F::results);
  }
  static std::vector<numbers> lists(const auto& results) {
    return boost::hana::unpack(results, [](const auto&... one) { return std::vector<numbers>{base::list(one)...}; });
  }

  static void at_a_point(judge& j, int k) {
    const auto at = base::template point_at<S...>(k);
    const auto all = base::run_at([](const auto&... arg) { return tg::evaluate<T>(together(), arg...); }, at);
    for_each_part(lists(all), [&](std::span<const int> nodes, const numbers& found) { j.values("value in a tuple", k, k, nodes, found); });
    const auto r = base::run_at(tg::value_and_jacobian(jacobian_part, tg::wrt(S{}...)), at);
    j.values("value beside a jacobian", k, k, jacobian_nodes, base::list(r.value));
    (j.slopes("jacobian", k, k, jacobian_nodes, place_of<F, S>, base::list(r.jacobian[S{}])), ...);
    if constexpr (F::has_hvp && size_of<focus> <= 6) {
      constexpr auto h = tg::hessian(f, tg::wrt(focus{}));
      j.hessian(k, place_of<F, focus>, place_of<F, focus>, base::list(base::evaluate(h[focus{}][focus{}], at)));
    }
  }

  /// The first rows of the points, in one of three layouts.
  template <class X0>
  static auto rows_of(int rows) {
    constexpr auto size = X0::shape::value.size();
    const T* const first = base::table.data() + base::template place<X0>;
    if constexpr (F::index % 3 == 0) return X0{} = tg::strided(first, rows, base::layout::size);
    else {
      static std::vector<T> all;  // what is put column by column is read where it is
      all.clear();
      for (int k = 0; k < rows * size; ++k) {
        const int row = F::index % 3 == 1 ? k / size : k % rows, number = F::index % 3 == 1 ? k % size : k / rows;
        all.push_back(first[row * base::layout::size + number]);
      }
      if constexpr (F::index % 3 == 1) return X0{} = std::vector<T>(all);
      else return X0{} = tg::columns(all, rows);
    }
  }
  /// The program at the parameters of the last row, which takes all rows: made(rows of each symbol...), and integers.
  static auto with_rows(int rows, auto made, auto program) {
    const auto at = base::template point_at<P...>(rows - 1);
    const auto with = [&](const auto&... label) {
      if constexpr (base::rows_have_labels) return program(at, made(rows_of<X>(rows)..., label...));
      else return program(at, made(rows_of<X>(rows)...), label...);
    };
    if constexpr (base::rows_have_labels) return std::apply(with, F::labels(repeated(rows)));
    else return std::apply(with, F::labels(once));
  }
  static void in_a_mean(judge& j, int rows) {
    const auto batch = [](auto... of) { return tg::batch(std::move(of)...); };
    const auto r = with_rows(rows, batch, tg::value_and_gradient(f, tg::wrt(P{}...)));
    j.batch_values(rows - 1, std::get<0>(F::results), {r.value});
    j.batch_gradient(rows - 1, base::list(r.gradient));
    const auto all = with_rows(rows, batch, [](const auto&... arg) { return tg::evaluate<T>(together(), arg...); });
    for_each_part(lists(all), [&](std::span<const int> nodes, const numbers& found) { j.batch_values(rows - 1, nodes, found); });
  }
  /// What each row has of each formula.
  template <class... E>
  static auto results_of(tg::tuple_type<E...> program, int rows) {
    std::array<std::vector<T>, sizeof...(E)> out{std::vector<T>(static_cast<std::size_t>(rows) * size_of<E>)...};
    const auto each = [](auto... of) { return tg::each(std::move(of)...); };
    const auto run = [&](auto&... to) { with_rows(rows, each, [&](const auto&... arg) { tg::evaluate(program, arg..., tg::into(to...)); }); };
    std::apply(run, out);
    return out;
  }
  static void row_by_row(judge& j, int rows) {
    using by = std::tuple_element_t<F::index % sizeof...(X), std::tuple<X...>>;
    constexpr auto gradient = tg::gradient(f, tg::wrt(X{}...));
    const auto out = results_of(together(tg::jacobian(jacobian_part, by{}), gradient[X{}]...), rows);
    for (int row = 0; row < rows; ++row) {
      std::vector<numbers> found;
      for (const std::vector<T>& one : out) {
        const auto size = static_cast<std::ptrdiff_t>(one.size()) / rows;
        found.emplace_back(one.begin() + row * size, one.begin() + (row + 1) * size);
      }
      for_each_part(found, [&](std::span<const int> nodes, const numbers& values) { j.values("value of each row", rows - 1, row, nodes, values); });
      std::size_t k = std::tuple_size_v<decltype(F::make())>;
      j.slopes("jacobian of each row", rows - 1, row, jacobian_nodes, place_of<F, by>, found[k++]);
      (j.slopes("gradient of each row", rows - 1, row, std::get<0>(F::results), place_of<F, X>, found[k++]), ...);
    }
  }

  static void run(const char* name) {
    const formula_data formula = base::data();
    std::vector<numbers> points;
    for (int k = 0; k < base::count; ++k) points.push_back(base::list(base::row(k)));
    for (const int rows : {1, 2, 7, 16, 17, 33}) {
      judge j(formula, name, precision::of<T>(), {points.begin(), points.begin() + rows});
      if (rows == 7)
        for (int k = 0; k < rows; ++k) at_a_point(j, k);
      in_a_mean(j, rows);
      row_by_row(j, rows);
    }
  }
};

/// In one number type, as there is much to compile.
template <class F, class T>
struct calls {
  static void run(const char* name) {
    if constexpr ((F::index % 2 == 0) == (sizeof(T) == sizeof(double)))
      calls_of<F, T, typename F::symbols, typename F::shared, typename F::varying>::run(name);
  }
};

}  // namespace fuzz
