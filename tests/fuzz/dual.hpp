// SPDX-License-Identifier: BSL-1.0
// Hyper-dual numbers over bounded numbers: f + d1 s + d2 t + d12 st with s^2 = t^2 = 0, so d12 is a mixed second derivative.
#pragma once

#include <fuzz/bounded.hpp>
#include <fuzz/functions.hpp>

#include <algorithm>

namespace fuzz {

struct dual {
  bounded f, d1, d2, d12;
};

inline dual literal(long double v) { return {representable(v) ? exactly(v) : bounded{v, type.epsilon * std::fabs(v)}, {}, {}, {}}; }
inline dual without_derivative(const bounded& f) { return {f, {}, {}, {}}; }

inline dual operator+(const dual& a, const dual& b) { return {a.f + b.f, tame(a.d1 + b.d1), tame(a.d2 + b.d2), tame(a.d12 + b.d12)}; }
inline dual operator-(const dual& a) { return {-a.f, -a.d1, -a.d2, -a.d12}; }
inline dual operator-(const dual& a, const dual& b) { return a + (-b); }
inline dual operator*(const dual& a, const dual& b) {
  return {a.f * b.f, tame(tame(a.d1 * b.f) + tame(a.f * b.d1)), tame(tame(a.d2 * b.f) + tame(a.f * b.d2)),
          tame(tame(a.d12 * b.f) + tame(a.d1 * b.d2) + tame(a.d2 * b.d1) + tame(a.f * b.d12))};
}

/// f(a) for a function of one number, given with its derivatives: g[k] belongs to derivative k.
inline dual chain(const dual& a, const bounded& g0, const bounded& g1, const bounded& g2) {
  return {g0, tame(g1 * a.d1), tame(g1 * a.d2), tame(tame(g2 * tame(a.d1 * a.d2)) + tame(g1 * a.d12))};
}

/// Rounding errors of library functions and of the rules for slopes, in units of their size (docs/numerics.md: 5.6 at most for one function).
inline constexpr long double function_error = 8;

/// With a larger error an argument says little about the result.
inline constexpr long double loose = 0.01L;

/// at(x) with the error that an argument known up to a.e brings: the function is evaluated at both ends of the interval.
template <class At>
bounded around(const bounded& a, At at, long double units = function_error) {
  if (a.wild() || a.e > loose * std::fmax(1.0L, std::fabs(a.v))) return wild();
  const sized middle = at(a.v);
  long double moved = 0, size = middle.size;
  if (a.e > 0) {
    for (const long double x : {a.v - a.e, a.v + a.e}) {
      const sized there = at(x);
      moved = std::fmax(moved, std::fabs(there.value - middle.value));
      if (std::isnan(there.value)) return wild();
      size = std::fmax(size, there.size);
    }
  }
  return settled(middle.value, moved, false, units * size);
}

/// A function outside of its domain gives NaN, and log(0) is -infinity; elsewhere what is not finite is not compared.
template <class At>
bounded value_around(const bounded& a, At at, long double units = function_error) {
  if (a.wild()) return wild();
  if (std::isnan(a.v)) return exactly(a.v);
  const long double middle = at(a.v).value;
  if (std::isinf(a.v)) return std::isfinite(middle) ? bounded{middle, units * type.epsilon * std::fabs(middle)} : wild();
  if (std::isnan(middle) && std::isnan(at(a.v - a.e).value) && std::isnan(at(a.v + a.e).value)) return exactly(middle);
  if (std::isinf(middle) && middle < 0 && a.e == 0 && a.v == 0) return exactly(middle);
  return around(a, at, units);
}

template <class At>
dual unary(const dual& a, At at, long double units = function_error) {
  const auto order = [&at](int k) { return [&at, k](long double x) { return at(x, k); }; };
  return chain(a, value_around(a.f, order(0), units), tame(around(a.f, order(1), units)), tame(around(a.f, order(2), units)));
}

inline dual reciprocal(const dual& a) {
  return unary(a, [](long double x, int k) { return plain(k == 0 ? 1 / x : k == 1 ? -1 / (x * x) : 2 / (x * x * x)); }, 2);
}
inline dual operator/(const dual& a, const dual& b) {
  dual q = a * reciprocal(b);
  if (b.f.v == 0 && !b.f.wild()) q.f = wild();  // the sign of the zero decides
  const long double v = a.f.v / b.f.v;
  if (a.f.e == 0 && b.f.e == 0 && std::isfinite(v) && representable(v) && std::fma(v, b.f.v, -a.f.v) == 0) q.f = exactly(v);
  return q;
}

inline dual power(const dual& a, int numerator, int denominator) {
  const long double p = static_cast<long double>(numerator) / denominator;
  if (numerator == 0) return without_derivative(exactly(1));
  const auto at = [p](long double x, int k) { return power_derivative(x, p, k); };
  dual y = unary(a, at);
  if (denominator > 1 && a.f.v < 0 && std::isinf(a.f.v)) y.f = denominator % 2 == 0 ? exactly(std::nanl("")) : wild();
  if (p < 0 && a.f.v == 0) y.f = wild();  // the sign of a zero that was computed decides that of the infinity
  if (p == 1) y = chain(a, a.f, exactly(1), {});
  if (denominator == 1 && numerator >= 2 && numerator <= 8) {  // products may be exact, which decides comparisons
    y.f = a.f;
    for (int k = 1; k < numerator; ++k) y.f = y.f * a.f;
  }
  return y;
}

inline dual pow(const dual& a, const dual& b) {
  if (a.f.wild() || b.f.wild()) return {wild(), wild(), wild(), wild()};
  if ((b.f.e > 0 && std::fabs(b.f.v) <= b.f.e) || (a.f.e > 0 && std::fabs(a.f.v) <= a.f.e)) throw undecided();
  const auto part = [&](int i, int j) {
    const auto in_a = [&](long double x) { return pow_derivative(x, b.f.v, i, j); };
    const auto in_b = [&](long double x) { return pow_derivative(a.f.v, x, i, j); };
    bounded r = i + j == 0 ? value_around(a.f, in_a) : around(a.f, in_a);
    if (!r.wild() && b.f.e > 0) r.e += around(b.f, in_b).e;
    return std::isnan(r.e) ? wild() : i + j == 0 ? r : tame(r);
  };
  bounded f = part(0, 0), fa = part(1, 0), fb = part(0, 1), faa = part(2, 0), fab = part(1, 1), fbb = part(0, 2);
  if (b.f.v == 0) f = exactly(1), fa = exactly(0);
  else if (a.f.v == 1 && std::isnan(b.f.v)) f = exactly(1);
  else if (std::isnan(b.f.v) || std::isnan(a.f.v)) f = exactly(std::nanl(""));
  else if (std::isinf(a.f.v) || std::isinf(b.f.v)) f = wild();
  if (a.f.v == 0 && f.v == 0 && !f.wild()) f = exactly(0);
  if (a.f.v == 0) fb = exactly(0);
  if (a.f.v == 0 || b.f.v == 0) faa = fab = fbb = wild();
  const auto second = tame(tame(faa * tame(a.d1 * a.d2)) + tame(fab * (tame(a.d1 * b.d2) + tame(a.d2 * b.d1))) + tame(fbb * tame(b.d1 * b.d2)));
  return {f, tame(tame(fa * a.d1) + tame(fb * b.d1)), tame(tame(fa * a.d2) + tame(fb * b.d2)), tame(second + tame(fa * a.d12) + tame(fb * b.d12))};
}

/// a + b over 2 for derivatives at a tie.
inline bounded middle(const bounded& a, const bounded& b) { return exactly(0.5L) * (a + b); }

/// The larger (sign 1) or smaller (sign -1) of both: the loser contributes nothing, at a tie each gives half.
inline dual extremum(const dual& a, const dual& b, int sign) {
  const int o = order(a.f, b.f);
  if (o == 2) {  // NaN: which share the operands get is not told
    const auto open = [](const bounded& x, const bounded& y) { return x.absent() && y.absent() ? bounded{} : wild(); };
    return {exactly(std::nanl("")), open(a.d1, b.d1), open(a.d2, b.d2), open(a.d12, b.d12)};
  }
  if (o == 0) return {a.f, middle(a.d1, b.d1), middle(a.d2, b.d2), middle(a.d12, b.d12)};
  return o == sign ? a : b;
}

}  // namespace fuzz
