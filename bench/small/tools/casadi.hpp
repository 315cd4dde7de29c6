// SPDX-License-Identifier: BSL-1.0
// CasADi: symbolic scalars (SX), derivatives by its own calculus, and the C code that it generates, compiled with the same flags. This file
// makes the generator; solve.c then needs nothing of CasADi.
#pragma once
#include <casadi/casadi.hpp>

#include "../problem.hpp"
#include <vector>

namespace small {

inline casadi::SX larger(const casadi::SX& a, const casadi::SX& b) { return fmax(a, b); }
inline casadi::SX cumulative_normal(const casadi::SX& x) { return 0.5 * (1.0 + erf(0.70710678118654752 * x)); }

template <class Problem>
struct casadi_code {
  /// Writes NAME: a function of x whose result is what solve writes.
  static void generate(const char* name) {
    const casadi::SX x = casadi::SX::sym("x", Problem::inputs);
    std::vector<casadi::SX> at, value(Problem::results);
    for (int i = 0; i < Problem::inputs; ++i) at.push_back(x(i));
    Problem::evaluate(at.data(), value.data());
    const casadi::SX f = vertcat(value);
    // CasADi stores columns
    const casadi::SX y = Problem::order == 1 ? vertcat(f, densify(vec(jacobian(f, x).T()))) : densify(vec(hessian(f, x)));
    casadi::CodeGenerator code(name, casadi::Dict{{"with_header", false}});
    code.add(casadi::Function("casadi_solve", {x}, {cse(y)}));
    code.generate();
  }
};

}  // namespace small
