// SPDX-License-Identifier: BSL-1.0
// A long double with a bound on the error that a computation in a shorter number type may have there.
#pragma once

#include <cmath>
#include <limits>
#include <stdexcept>

namespace fuzz {

/// The number type under test.
struct precision {
  long double epsilon, largest, smallest;
  /// Beyond it the order of the factors decides about overflow, so derivatives are not compared.
  long double far;

  template <class T>
  static precision of() {
    using limits = std::numeric_limits<T>;
    const auto largest = static_cast<long double>(limits::max());
    return {static_cast<long double>(limits::epsilon()), largest, static_cast<long double>(limits::denorm_min()), std::sqrt(std::sqrt(largest))};
  }
};
inline precision type = precision::of<double>();
/// Is the result averaged over rows? What is the same in all of them may then be added after the rest was averaged.
inline bool averaged = false;

/// Rounding could turn a decision (a comparison, a branch) the other way: the point says nothing.
struct undecided : std::runtime_error {
  undecided() : std::runtime_error("undecided") {}
};

/// |result in the type under test - v| <= e, to first order. Three states have no such bound:
/// absent: nothing contributes, the result is exactly 0; wild: anything may come (e is infinite);
/// v NaN or infinite with e = 0: so must the result be.
struct bounded {
  long double v = 0;
  long double e = -1;
  bool absent() const { return e < 0; }
  bool wild() const { return std::isinf(e); }
};

inline bounded wild() { return {0, std::numeric_limits<long double>::infinity()}; }
inline bounded exactly(long double v) { return {v, 0}; }

inline bool representable(long double v) {
  int exponent = 0;
  const long double scaled = std::frexp(v, &exponent) / type.epsilon;
  return v == 0 || (scaled == std::trunc(scaled) && std::fabs(v) >= type.smallest / type.epsilon);
}

/// v with the propagated error e and one more rounding of a result of the given size (that of v unless said otherwise).
inline bounded settled(long double v, long double e, bool exact, long double size = -1) {
  if (std::isnan(v) || std::isnan(e) || std::isinf(e) || std::fabs(v) > type.largest) return wild();
  if (exact && e == 0 && representable(v)) return {v, 0};
  return {v, e + type.epsilon * (size < 0 ? std::fabs(v) : size) + type.smallest};
}

inline bounded operator-(const bounded& a) { return {-a.v, a.e}; }

inline bounded operator+(const bounded& a, const bounded& b) {
  if (a.absent()) return b;
  if (b.absent()) return a;
  if (a.wild() || b.wild()) return wild();
  const long double s = a.v + b.v;
  if (std::isnan(a.v) || std::isnan(b.v)) return exactly(std::nanl(""));
  if (std::isinf(a.v) || std::isinf(b.v)) return std::isnan(s) ? wild() : exactly(s);  // rewriting may take inf - inf away
  const long double back = s - a.v, lost = (a.v - (s - back)) + (b.v - back);
  if (averaged) return settled(s, a.e + b.e, false, std::fabs(a.v) + std::fabs(b.v));
  return settled(s, a.e + b.e, lost == 0);
}
inline bounded operator-(const bounded& a, const bounded& b) { return a + (-b); }

inline bounded operator*(const bounded& a, const bounded& b) {
  if (a.absent() || b.absent()) return {};
  if (a.wild() || b.wild()) return wild();
  const long double p = a.v * b.v;
  if (std::isnan(a.v) || std::isnan(b.v)) return exactly(std::nanl(""));
  if (std::isinf(a.v) || std::isinf(b.v)) {
    const bool sure = std::fabs(a.v) > a.e && std::fabs(b.v) > b.e;  // 0 * inf: masks of a rewritten formula may take it away
    return sure ? exactly(p) : wild();
  }
  return settled(p, std::fabs(a.v) * b.e + std::fabs(b.v) * a.e + a.e * b.e, std::fma(a.v, b.v, -p) == 0);
}

/// A derivative that may be compared: of moderate size, else wild.
inline bounded tame(const bounded& a) {
  if (a.absent()) return a;
  return !std::isfinite(a.v) || std::fabs(a.v) > type.far ? wild() : a;
}

/// Is a < b, equal, or greater (-1, 0, 1)? NaN compares as 2.
inline int order(const bounded& a, const bounded& b) {
  if (a.wild() || b.wild()) throw undecided();
  if (std::isnan(a.v) || std::isnan(b.v)) return 2;
  const long double error = a.e + b.e;
  if (error > 0 && std::isfinite(a.v) && std::isfinite(b.v) && std::fabs(a.v - b.v) <= 4 * error) throw undecided();
  return a.v < b.v ? -1 : a.v > b.v ? 1 : 0;
}

}  // namespace fuzz
