// SPDX-License-Identifier: BSL-1.0
// The comparisons of tests/fuzz/judge.hpp, and the counts.
#include <fuzz/judge.hpp>

#include <cstdio>
#include <cstdlib>

namespace fuzz {

namespace {

struct {
  long long formulas = 0, checks = 0, open = 0, failures = 0;
} counts;

/// Reverse mode adds and multiplies in another order than the bound assumes, and the rules form other intermediate results of like size.
constexpr long double order_of_operations = 4;
/// Of one formula in one number type; one mistake shows up in many results.
constexpr int most_failures_shown = 3;

std::string name_of(const formula_data& formula, int input) {
  for (const symbol_place& s : formula.symbols)
    if (input >= s.offset && input < s.offset + s.size) return s.name + (s.size == 1 ? "" : "[" + std::to_string(input - s.offset) + "]");
  return "";
}

}  // namespace

void count_formula() { ++counts.formulas; }

int finish() {
  std::printf("%lld formulas, %lld checks, %lld open, %lld failures\n", counts.formulas, counts.checks, counts.open, counts.failures);
  return counts.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

judge::judge(const formula_data& formula, const char* type_name, const precision& p, std::vector<numbers> points)
    : formula_(formula), type_name_(type_name), precision_(p), points_(std::move(points)) {}

numbers judge::numbers_of(const direction& d) const {
  numbers result(static_cast<std::size_t>(formula_.inputs));
  for (auto k = static_cast<std::size_t>(d.offset); k < static_cast<std::size_t>(d.offset + d.size); ++k)
    result[k] = d.is_unit ? 1 : formula_.direction[k];
  return result;
}

/// Nothing where rounding decides.
const dual* judge::reference(const place& where, const direction& first, const direction& second, bool in_mean) {
  type = precision_, averaged = in_mean;
  const key all{where.shared, where.point, first.offset, first.size, first.is_unit, second.offset, second.size, second.is_unit, in_mean};
  const auto [entry, is_new] = known_.try_emplace({all, where.node});
  if (is_new) {
    if (!latest_ || latest_->first != all)
      latest_.emplace(all, interpreter(formula_.program, row(where.shared, where.point), numbers_of(first), numbers_of(second)));
    try {
      entry->second = latest_->second.result(where.node);
    } catch (const undecided&) {}
  }
  return entry->second ? &*entry->second : nullptr;
}

bool judge::may_be_nan(const place& where) {
  type = precision_, averaged = false;
  const dual* const r = reference(where, {}, {});
  if (r == nullptr || r->f.wild() || !std::isfinite(r->f.v) || formula_.counts_as_whole) return true;
  return interpreter(formula_.program, row(where.shared, where.point), numbers_of({}), numbers_of({})).has_extremes(where.node);
}

/// `derivative_of` is what was differentiated.
void judge::compare_derivative(const char* what, const place& where, int input, const bounded& expected, const bounded& derivative_of,
                               long double found) {
  if (std::isnan(found) && (derivative_of.wild() || !std::isfinite(derivative_of.v) || may_be_nan(where))) return ++counts.open, void();
  compare(what, input, row(where.shared, where.point), expected, found, false);
}

void judge::compare(const char* what, int input, const numbers& at, const bounded& expected, long double found, bool is_value) {
  ++counts.checks;
  bool good = false;
  if (expected.wild()) return --counts.checks, ++counts.open, void();
  if (expected.absent()) good = found == 0;
  else if (std::isnan(expected.v)) good = std::isnan(found) || !is_value;
  else if (std::isinf(expected.v)) good = found == expected.v;
  else good = std::fabs(found - expected.v) <= order_of_operations * expected.e + precision_.smallest * precision_.far * precision_.far;
  if (good) return;
  ++counts.failures;
  if (++failures_ > most_failures_shown) return;
  std::printf("FAILED formula %d, %s, %s %s: expected ", formula_.index, type_name_, what, name_of(formula_, input).c_str());
  if (expected.absent()) std::printf("exactly 0");
  else std::printf("%.17Lg +- %.2Lg", expected.v, order_of_operations * expected.e);
  std::printf(", found %.17Lg; f = %s; at", found, formula_.text);
  for (std::size_t k = 0; k < at.size(); ++k) std::printf(" %s=%.17Lg", name_of(formula_, static_cast<int>(k)).c_str(), at[k]);
  std::printf("\n");
}

void judge::value(int point, long double found) {
  const numbers& in = points_[static_cast<std::size_t>(point)];
  const dual* const r = reference(at(point), {}, {});
  if (r == nullptr) return ++counts.open, void();
  compare("value", -1, in, r->f, found, true);
}

void judge::gradient(int point, const numbers& found) {
  for (int i = 0; i < formula_.inputs; ++i) {
    const dual* const r = reference(at(point), unit(i), along(formula_.focus));
    if (r == nullptr) return ++counts.open, void();
    compare_derivative("gradient", at(point), i, r->d1, r->f, found[static_cast<std::size_t>(i)]);
  }
}

void judge::forward(int point, const symbol_place& symbol, long double found) {
  const dual* const r = reference(at(point), along(symbol), {});
  if (r == nullptr) return ++counts.open, void();
  compare_derivative("forward derivative", at(point), symbol.offset, r->d1, r->f, found);
}

void judge::hvp(int point, const numbers& found) {
  for (int i = 0; i < formula_.focus.size; ++i) {
    const dual* const r = reference(at(point), unit(formula_.focus.offset + i), along(formula_.focus));
    if (r == nullptr) return ++counts.open, void();
    compare_derivative("hessian times direction", at(point), formula_.focus.offset + i, r->d12, r->d2, found[static_cast<std::size_t>(i)]);
  }
}

void judge::second(int point, const numbers& found) {
  for (int i = 0; i < formula_.inputs; ++i) {
    const dual* const r = reference(at(point), unit(i), unit(formula_.focus.offset + formula_.element));
    if (r == nullptr) return ++counts.open, void();
    compare_derivative("gradient of a gradient element", at(point), i, r->d12, r->d2, found[static_cast<std::size_t>(i)]);
  }
}

numbers judge::row(int shared, int point) const {
  numbers result = points_[static_cast<std::size_t>(point)];
  const numbers& other = points_[static_cast<std::size_t>(shared)];
  for (const symbol_place& s : formula_.symbols)
    for (int k = s.offset; s.shared && k < s.offset + s.size; ++k) result[static_cast<std::size_t>(k)] = other[static_cast<std::size_t>(k)];
  return result;
}

template <class Part>
void judge::mean(const char* what, int shared, int node, int input, long double found, const direction& first, const direction& second, Part part) {
  bounded sum;
  const bool is_value = input < 0;
  for (int p = 0; p < static_cast<int>(points_.size()); ++p) {
    if (!is_value && std::isnan(found) && may_be_nan({shared, p, node})) return ++counts.open, void();
    const dual* const r = reference({shared, p, node}, first, second, true);
    if (r == nullptr) return ++counts.open, void();
    sum = sum + part(*r);
  }
  const bounded weight = reciprocal(literal(static_cast<long double>(points_.size()))).f;
  compare(what, input, points_[static_cast<std::size_t>(shared)], is_value ? weight * sum : tame(weight * sum), found, is_value);
}

void judge::batch_values(int shared, std::span<const int> nodes, const numbers& found) {
  for (std::size_t i = 0; i < nodes.size(); ++i) mean("value in a batch", shared, nodes[i], -1, found[i], {}, {}, [](const dual& r) { return r.f; });
}

void judge::batch_gradient(int shared, const numbers& found) {
  std::size_t at = 0;
  for (const symbol_place& s : formula_.symbols)
    for (int k = s.offset; s.shared && k < s.offset + s.size; ++k)
      mean("gradient in a batch", shared, formula_.result, k, found[at++], unit(k), along(formula_.focus), [](const dual& r) { return r.d1; });
}

void judge::batch_hvp(int shared, const numbers& found) {
  for (int k = 0; k < formula_.focus.size; ++k)
    mean("hessian times direction in a batch", shared, formula_.result, formula_.focus.offset + k, found[static_cast<std::size_t>(k)],
         unit(formula_.focus.offset + k), along(formula_.focus), [](const dual& r) { return r.d12; });
}

void judge::values(const char* what, int shared, int point, std::span<const int> nodes, const numbers& found) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const dual* const r = reference({shared, point, nodes[i]}, {}, {});
    if (r == nullptr) ++counts.open;
    else compare(what, -1, row(shared, point), r->f, found[i], true);
  }
}

void judge::slopes(const char* what, int shared, int point, std::span<const int> nodes, const symbol_place& by, const numbers& found) {
  for (int k = 0; k < by.size; ++k)
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const place where{shared, point, nodes[i]};
      const dual* const r = reference(where, unit(by.offset + k), {});
      if (r == nullptr) ++counts.open;
      else compare_derivative(what, where, by.offset + k, r->d1, r->f, found[i * static_cast<std::size_t>(by.size) + static_cast<std::size_t>(k)]);
    }
}

void judge::hessian(int point, const symbol_place& by, const symbol_place& and_by, const numbers& found) {
  for (int i = 0; i < by.size; ++i)
    for (int k = 0; k < and_by.size; ++k) {
      const dual* const r = reference(at(point), unit(by.offset + i), unit(and_by.offset + k));
      if (r == nullptr) ++counts.open;
      else compare_derivative("hessian", at(point), and_by.offset + k, r->d12, r->d1, found[static_cast<std::size_t>(i * and_by.size + k)]);
    }
}

void judge::same_bits(const char* what, int point, const numbers& found, const numbers& expected) {
  const numbers& in = points_[static_cast<std::size_t>(point)];
  for (std::size_t k = 0; k < found.size(); ++k) {
    const bool same =
        (found[k] == expected[k] && std::signbit(found[k]) == std::signbit(expected[k])) || (std::isnan(found[k]) && std::isnan(expected[k]));
    compare(what, static_cast<int>(k) - 1, in, exactly(same ? found[k] : expected[k]), found[k], true);
  }
}

}  // namespace fuzz
