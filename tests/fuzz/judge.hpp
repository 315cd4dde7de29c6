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
  int result;  // the node of the formula
  int inputs;
  std::vector<symbol_place> symbols;
  std::vector<long double> direction;
  symbol_place focus;    // second derivatives are taken with respect to this symbol
  int element;           // and of the derivative with respect to this element of it
  bool counts_as_whole;  // is what goes into a recurrence alive as soon as some of the result is read?
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
  void batch_values(int shared, std::span<const int> nodes, const numbers& found);
  void batch_gradient(int shared, const numbers& found);
  void batch_hvp(int shared, const numbers& found);
  /// Some nodes of the program in a row: another point, with the shared symbols as in one of them.
  void values(const char* what, int shared, int point, std::span<const int> nodes, const numbers& found);
  /// All derivatives of these nodes with respect to one symbol, node by node.
  void slopes(const char* what, int shared, int point, std::span<const int> nodes, const symbol_place& by, const numbers& found);
  /// All second derivatives of the formula with respect to two symbols.
  void hessian(int point, const symbol_place& by, const symbol_place& and_by, const numbers& found);
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
  /// A node in a row.
  struct place {
    int shared, point, node;
  };
  place at(int point) const { return {point, point, formula_.result}; }
  const dual* reference(const place& where, const direction& first, const direction& second, bool in_mean = false);
  /// May a derivative be NaN there? The value is not finite, or there are extremes.
  bool may_be_nan(const place& where);
  numbers row(int shared, int point) const;
  template <class Part>
  void mean(const char* what, int shared, int node, int input, long double found, const direction& first, const direction& second, Part part);
  void compare(const char* what, int input, const numbers& at, const bounded& expected, long double found, bool is_value);
  void compare_derivative(const char* what, const place& where, int input, const bounded& expected, const bounded& derivative_of, long double found);

  const formula_data& formula_;
  const char* type_name_;
  precision precision_;
  int failures_ = 0;
  std::vector<numbers> points_;
  using key = std::array<int, 9>;
  std::map<std::pair<key, int>, std::optional<dual>> known_;
  std::optional<std::pair<key, interpreter>> latest_;  // computes further nodes of the same row
};

/// A formula was run.
void count_formula();
/// Prints the counts; the exit status of the program.
int finish();

}  // namespace fuzz
