// SPDX-License-Identifier: BSL-1.0
// A plain interpreter of formulas given as data: element by element, only what is needed, forward mode only.
// It shares no code and no rule with the library.
#pragma once

#include <fuzz/dual.hpp>

#include <optional>
#include <span>
#include <vector>

namespace fuzz {

/// One operation; operands are earlier nodes. p and q: the place of a symbol's first number, an index, or an exponent p/q.
struct node {
  op code;
  int rank, rows, cols;
  const int* arg;
  int count;
  int p, q;
  long double number;
  int size() const { return rows * cols; }
};

class interpreter {
 public:
  /// in: the numbers of all symbols; first, second: the directions of the two derivatives.
  interpreter(std::span<const node> program, std::vector<long double> in, std::vector<long double> first, std::vector<long double> second)
      : program_(program), in_(std::move(in)), first_(std::move(first)), second_(std::move(second)), known_(program.size()) {
    for (std::size_t n = 0; n < program.size(); ++n) known_[n].resize(static_cast<std::size_t>(program[n].size()));
  }
  dual result(int node) { return at(node, 0); }

  /// Is something computed from inputs that are NaN, or does it grow beyond what may be multiplied, other than in the branches that a
  /// `select` does not take? Then derivatives of what loses otherwise may be NaN (docs/conventions.md).
  bool has_extremes(int node) {
    visited_.resize(program_.size());
    for (std::size_t n = 0; n < program_.size(); ++n) visited_[n].assign(index(program_[n].size()), false);
    return is_extreme(node, 0);
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  const node& get(int n) const { return program_[index(n)]; }
  const dual& at(int n, int i) {
    std::optional<dual>& slot = known_[index(n)][index(i)];
    if (!slot) slot = compute(get(n), i);
    return *slot;
  }
  /// Element i of operand k; a scalar stands for a tensor of equal elements.
  const dual& operand(const node& v, int k, int i) { return at(v.arg[k], get(v.arg[k]).rank == 0 ? 0 : i); }
  /// Does operand k simplify to 0?
  bool is_zero(const node& v, int k) const {
    const node& a = get(v.arg[k]);
    if (a.code == op::literal) return a.number == 0;
    if (a.code == op::multiply) return is_zero(a, 0) || is_zero(a, 1);
    return (a.code == op::divide || a.code == op::negate || a.code == op::let) && is_zero(a, 0);
  }

  static dual seed(long double v, long double d1, long double d2) {
    const auto tangent = [](long double d) { return d == 0 ? bounded{} : bounded{d, type.epsilon * std::fabs(d)}; };
    return {exactly(v), tangent(d1), tangent(d2), {}};
  }
  bool is_extreme(int n, int i) {
    if (visited_[index(n)][index(i)]) return false;
    visited_[index(n)][index(i)] = true;
    const node& v = get(n);
    try {
      const bounded& f = at(n, i).f;
      const bool grows = v.code == op::symbol || v.code == op::add || v.code == op::subtract || v.code == op::multiply || v.code == op::square ||
                         v.code == op::power || v.code == op::dot || v.code == op::outer || v.code == op::matmul || v.code == op::sum;
      if (v.code == op::symbol && std::isnan(f.v)) return true;
      if (grows && (f.wild() || std::fabs(f.v) > type.far)) return true;
      if (v.code == op::select) {
        const int taken = order(operand(v, 0, i).f, exactly(0)) != 0 ? 1 : 2;
        return is_extreme(v.arg[taken], get(v.arg[taken]).rank == 0 ? 0 : i);
      }
    } catch (const undecided&) { return true; }
    const bool each = v.code == op::let || (v.code >= op::add && v.code <= op::min);
    if (v.code == op::sign || v.code == op::argmax || (v.code >= op::less && v.code <= op::greater_equal))
      return false;  // no derivative comes from there
    for (int k = 0; k < v.count; ++k) {
      const node& a = get(v.arg[k]);
      if (each) {
        if (is_extreme(v.arg[k], a.rank == 0 ? 0 : i)) return true;
        continue;
      }
      for (int j = 0; j < a.size(); ++j)
        if (is_extreme(v.arg[k], j)) return true;
    }
    return false;
  }

  template <class Term>
  dual total(int count, Term term) {
    dual sum = term(0);
    for (int k = 1; k < count; ++k) sum = sum + term(k);
    return sum;
  }
  static dual choice(bool yes) { return without_derivative(exactly(yes ? 1 : 0)); }

  dual compare(const node& v, int i) {
    const int o = order(operand(v, 0, i).f, operand(v, 1, i).f);
    switch (v.code) {
      case op::less:
        return choice(o == -1);
      case op::less_equal:
        return choice(o == -1 || o == 0);
      case op::greater:
        return choice(o == 1);
      default:
        return choice(o == 1 || o == 0);
    }
  }
  dual signed_piece(op code, const dual& a) {
    const int o = order(a.f, exactly(0));
    if (code == op::relu) return o == 1 || o == 2 ? a : choice(false);
    if (code == op::sign) return without_derivative(exactly(o == 2 ? a.f.v : o));
    if (o == 2)
      return {a.f, a.d1.absent() ? bounded{} : wild(), a.d2.absent() ? bounded{} : wild(), a.d12.absent() && a.d1.absent() ? bounded{} : wild()};
    return o == 1 ? a : o == -1 ? -a : choice(false);
  }
  /// With a constant shift the largest exponential is 1; the shift cancels from value and derivatives.
  dual shifted_exponentials(int n, int i, bool only) {
    long double shift = at(n, 0).f.v;
    bool is_masked = shift == -INFINITY;
    for (int k = 1; k < get(n).size(); ++k) {
      shift = std::fmax(shift, at(n, k).f.v);
      is_masked = is_masked && at(n, k).f.v == -INFINITY;
    }
    if (is_masked) return without_derivative(exactly(only ? 0 : shift));
    const auto term = [&](int k) {
      const dual& x = at(n, k);
      const bounded moved = x.f + exactly(-shift);
      // The type under test may subtract numbers of the size of x and of the result.
      const bounded size = settled(moved.v, moved.e, false, std::fabs(x.f.v) + std::fabs(shift) + 3);
      return unary({moved.wild() || std::isinf(moved.v) ? moved : size, x.d1, x.d2, x.d12},
                   [](long double y, int k2) { return function(op::exp, y, k2); });
    };
    const dual all = total(get(n).size(), term);
    if (only) return term(i) / all;
    const dual y = unary(all, [](long double x, int k) { return function(op::log, x, k); });
    return {y.f + bounded{shift, type.epsilon * std::fabs(shift)}, y.d1, y.d2, y.d12};
  }
  /// Which of n is the largest (sign 1) or smallest (sign -1), the first of several; a NaN is it only where it stands first.
  int first_best(int n, int sign) {
    int best = 0;
    for (int k = 1; k < get(n).size(); ++k)
      if (static_cast<long double>(sign) * at(n, k).f.v > static_cast<long double>(sign) * at(n, best).f.v) best = k;
    for (int k = 0; k < get(n).size(); ++k)
      if (k != best) order(at(n, k).f, at(n, best).f);  // is it decided?
    return best;
  }
  /// The largest or smallest of n: several share the derivative evenly.
  dual extremum_of(int n, int sign) {
    const int first = first_best(n, sign);
    dual best = at(n, first);
    int winners = 1;
    for (int k = 0; k < get(n).size(); ++k) {
      const int o = k == first ? 3 : order(at(n, k).f, at(n, first).f);
      if (o == 0) best = best + at(n, k), ++winners;
      if (o == 2) {
        best = at(n, 0);
        for (int j = 1; j < get(n).size(); ++j) best = extremum(best, at(n, j), sign);
        return best;
      }
    }
    if (winners == 1) return best;
    const bounded share = literal(1.0L / winners).f;
    return {at(n, first).f, share * best.d1, share * best.d2, share * best.d12};
  }
  dual product(const node& v, int i) {
    const node &a = get(v.arg[0]), &b = get(v.arg[1]);
    const int row = i / v.cols, col = i % v.cols;
    return total(a.cols, [&](int k) { return at(v.arg[0], row * a.cols + k) * at(v.arg[1], k * b.cols + col); });
  }

  dual compute(const node& v, int i) {
    const auto a = [&](int k = 0) -> const dual& { return operand(v, k, i); };
    const int whole = v.count > 0 ? get(v.arg[0]).size() : 0;
    switch (v.code) {
      case op::symbol:
        return seed(in_[index(v.p + i)], first_[index(v.p + i)], second_[index(v.p + i)]);
      case op::literal:
        return literal(v.number);
      case op::let:
        return a();
      case op::add:
        return a() + a(1);
      case op::subtract:
        return a() - a(1);
      case op::multiply:
        return is_zero(v, 0) || is_zero(v, 1) ? choice(false) : a() * a(1);
      case op::divide:
        return is_zero(v, 0) ? choice(false) : a() / a(1);
      case op::negate:
        return -a();
      case op::power:
        return v.p == 0 ? choice(true) : power(a(), v.p, v.q);
      case op::square:
        return power(a(), 2, 1);
      case op::pow:
        return is_zero(v, 1) ? choice(true) : pow(a(), a(1));
      case op::relu:
      case op::abs:
      case op::sign:
        return signed_piece(v.code, a());
      case op::max:
        return extremum(a(), a(1), 1);
      case op::min:
        return extremum(a(), a(1), -1);
      case op::less:
      case op::less_equal:
      case op::greater:
      case op::greater_equal:
        return compare(v, i);
      case op::select:
        return order(a().f, exactly(0)) != 0 ? a(1) : a(2);
      case op::sum:
        return total(whole, [&](int k) { return at(v.arg[0], k); });
      case op::mean:
        return total(whole, [&](int k) { return at(v.arg[0], k); }) / literal(whole);
      case op::logsumexp:
        return shifted_exponentials(v.arg[0], 0, false);
      case op::softmax:
        return shifted_exponentials(v.arg[0], i, true);
      case op::largest:
        return extremum_of(v.arg[0], 1);
      case op::smallest:
        return extremum_of(v.arg[0], -1);
      case op::argmax:
        return without_derivative(exactly(first_best(v.arg[0], 1)));
      case op::dot:
        return total(whole, [&](int k) { return at(v.arg[0], k) * at(v.arg[1], k); });
      case op::outer:
        return at(v.arg[0], i / v.cols) * at(v.arg[1], i % v.cols);
      case op::transpose:
        return at(v.arg[0], (i % v.cols) * v.rows + i / v.cols);
      case op::matmul:
        return product(v, i);
      case op::at:
        return at(v.arg[0], v.p * get(v.arg[0]).cols + v.q);
      case op::stack:
        return at(v.arg[i], 0);
      case op::sin:
      case op::cos:
      case op::tan:  // an argument with a larger error may be anywhere in the period
        if (a().f.e > loose) return {wild(), wild(), wild(), wild()};
        [[fallthrough]];
      default:
        return unary(a(), [&v](long double x, int k) { return function(v.code, x, k); }, v.code == op::sqrt ? 2 : function_error);
    }
  }

  std::span<const node> program_;
  std::vector<long double> in_, first_, second_;
  std::vector<std::vector<std::optional<dual>>> known_;
  std::vector<std::vector<bool>> visited_;
};

}  // namespace fuzz
