// SPDX-License-Identifier: BSL-1.0
// Reverse mode as graphs: the value of a scalar, and the adjoints of the symbols that are asked for.
#pragma once

#include <typegrad/diff/sweep.hpp>
#include <typegrad/graph/symbols.hpp>

namespace typegrad {

namespace detail {

/// A formula of one row, as the mean over all of them.
constexpr int mean_over_rows(arena& target, int body) {
  if (!target[body].varies) return body;
  const buffer<int> rows = row_symbols(target);
  return region_term(describe<op::mean_over>, target, target[body].varies, body, rows.items, rows.size()).index;
}

/// An expression, or its mean over the rows of a batch.
template <class E, class Rows>
struct batch_recipe : expressions<true, E> {
  static constexpr bool build(arena& target, buffer<int>& roots) {
    target.set_rows(Rows::hashes, Rows::count);
    importer import(target);
    roots.push(mean_over_rows(target, import(E::node())));
    return true;
  }
};
template <class E>
struct batch_recipe<E, no_rows> : expressions<true, E> {};

/// The vertices that a stage may make or import, well within clang's million statements and g++'s 33 million operations (5000 were too many
/// for a stage of a path of 252 simulated steps). The import of a larger formula is a stage of its own.
#ifdef __clang__
inline constexpr int stage_limit = 1500;
#else
inline constexpr int stage_limit = 3000;
#endif

/// Roots: the value, then the adjoint of each symbol. The seed is 1, or an expression of the root's shape. If symbols have
/// a value for each row of a batch (Rows), value and adjoints are means.
template <class E, class Seed, class Rows, class Wanted>
struct reverse_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> + formula_size<Seed>;
  static constexpr std::uint64_t hash = mix(mix(mix(mix(hash_text("reverse"), E::hash), Seed::hash), Rows::hash), Wanted::hash);

  static constexpr bool build(arena& target, buffer<int>& roots) {
    target.set_rows(Rows::hashes, Rows::count);
    buffer<std::uint64_t> wanted;
    for (int k = 0; k < Wanted::node().count; ++k) wanted.push(Wanted::node().arg[k]->hash);
    if (target.size() == 0) {
      importer import(target);
      const int seed = import(Seed::node()), root = mean_over_rows(target, import(E::node())), made = target.size();
      reverse_sweep sweep(target, root, seed, wanted.items, wanted.size());
      return end_stage(sweep, target, roots, sweep.run(made > stage_limit ? 0 : stage_limit));
    }
    buffer<std::uint64_t> rows;
    collect_rows(E::node(), rows);
    target.set_rows(rows.items, rows.size());
    reverse_sweep sweep(target, roots, wanted.items, wanted.size());
    return end_stage(sweep, target, roots, sweep.run(target.size() + stage_limit));
  }

 private:
  static constexpr bool end_stage(reverse_sweep& sweep, arena& target, buffer<int>& roots, bool done) {
    if (!done) return sweep.save(roots), false;
    roots.resize(0);
    roots.push(sweep.size() - 1);
    const index_table symbols = symbol_table(target, sweep.size());
    for (int k = 0; k < Wanted::node().count; ++k) {
      const formula& symbol = *Wanted::node().arg[k];
      const int i = symbols.find(symbol.hash), g = i < 0 ? -1 : sweep.adjoint(i);
      const bool of_rows = symbol.symbol->axes != nullptr && symbol.symbol->axes->has_rows();
      roots.push(g < 0 ? constant_term(target, {}, symbol.shape).index : target[g].varies && !of_rows ? sweep.sum_over_rows(g) : g);
    }
    return true;
  }
};

}  // namespace detail
}  // namespace typegrad
