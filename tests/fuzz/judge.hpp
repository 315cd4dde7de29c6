// SPDX-License-Identifier: BSL-1.0
// Compares what the library found with the reference. No templates and no library here: compiled once.
#pragma once

#include <fuzz/reference.hpp>

#include <array>
#include <map>
#include <string>

namespace fuzz {

struct symbol_place {
  const char* name;
  int offset, size;
  bool shared;
};

struct formula_data {
  int index;
  const char* text;
  std::span<const node> program;
  int inputs;
  std::vector<symbol_place> symbols;
  std::vector<long double> direction;
  symbol_place focus;  // second derivatives are taken with respect to this symbol
  int element;         // and of the derivative with respect to this element of it
};

using numbers = std::vector<long double>;

/// Checks one formula in one number type. Points are rows of numbers, already rounded to that type.
class judge {
 public:
  judge(const formula_data& formula, const char* type_name, const precision& p, std::vector<numbers> points);

  void value(int point, long double found);
  void gradient(int point, const numbers& found);
  /// The derivative along the direction of one symbol.
  void forward(int point, const symbol_place& symbol, long double found);
  /// Hessian times direction, for the focus.
  void hvp(int point, const numbers& found);
  /// The gradient of one element of the gradient.
  void second(int point, const numbers& found);
  /// Means over all points, with the shared symbols as in one of them.
  void batch_value(int shared, long double found);
  void batch_gradient(int shared, const numbers& found);
  void batch_hvp(int shared, const numbers& found);
  /// Two results that must have the same bits.
  void same_bits(const char* what, int point, const numbers& found, const numbers& expected);

 private:
  /// A direction of the inputs: that of input i, that of a symbol (along its part of the direction), or none.
  struct direction {
    int offset = 0, size = 0;
    bool is_unit = false;
  };
  static direction unit(int i) { return {i, 1, true}; }
  static direction along(const symbol_place& symbol) { return {symbol.offset, symbol.size, false}; }
  numbers numbers_of(const direction& d) const;
  const dual* reference(int shared, int point, const direction& first, const direction& second, bool in_mean = false);
  /// May a derivative be NaN there? The value is not finite, or there are extremes.
  bool may_be_nan(int shared, int point);
  numbers row(int shared, int point) const;
  template <class Part>
  void mean(const char* what, int shared, int input, long double found, const direction& first, const direction& second, Part part);
  void compare(const char* what, int input, const numbers& at, const bounded& expected, long double found, bool is_value);
  void compare_derivative(const char* what, int point, int input, const bounded& expected, const bounded& derivative_of, long double found);

  const formula_data& formula_;
  const char* type_name_;
  precision precision_;
  int failures_ = 0;
  std::vector<numbers> points_;
  std::map<std::array<int, 9>, std::optional<dual>> known_;
};

/// A formula was run.
void count_formula();
/// Prints the counts; the exit status of the program.
int finish();

}  // namespace fuzz
