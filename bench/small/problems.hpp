// SPDX-License-Identifier: BSL-1.0
// All problems; the list is read by run.py too: name, class.
#pragma once
#include "problems/ackley/formula.hpp"
#include "problems/arm/formula.hpp"
#include "problems/black_scholes/formula.hpp"
#include "problems/determinant/formula.hpp"
#include "problems/helmholtz/formula.hpp"
#include "problems/lennard_jones/formula.hpp"
#include "problems/logsumexp/formula.hpp"
#include "problems/mlp/formula.hpp"
#include "problems/polynomial/formula.hpp"
#include "problems/rk4/formula.hpp"
#include "problems/rosenbrock/formula.hpp"
#include "problems/rotate/formula.hpp"
#include "problems/sabr/formula.hpp"
#include "problems/snavely/formula.hpp"
#include "problems/three_body/formula.hpp"

#define SMALL_PROBLEMS(PROBLEM)                     \
  PROBLEM(black_scholes, black_scholes)             \
  PROBLEM(lennard_jones, lennard_jones)             \
  PROBLEM(rosenbrock_10, rosenbrock<10, 1>)         \
  PROBLEM(rosenbrock_100, rosenbrock<100, 1>)       \
  PROBLEM(rosenbrock_10_hessian, rosenbrock<10, 2>) \
  PROBLEM(snavely, snavely)                         \
  PROBLEM(helmholtz, helmholtz)                     \
  PROBLEM(arm, arm)                                 \
  PROBLEM(rotate, rotate)                           \
  PROBLEM(det4, determinant<4>)                     \
  PROBLEM(det8, determinant<8>)                     \
  PROBLEM(sabr, sabr)                               \
  PROBLEM(logsumexp_16, logsumexp<16>)              \
  PROBLEM(logsumexp_1000, logsumexp<1000>)          \
  PROBLEM(ackley, ackley)                           \
  PROBLEM(three_body, three_body)                   \
  PROBLEM(rk4, rk4)                                 \
  PROBLEM(mlp, mlp)                                 \
  PROBLEM(polynomial, polynomial)
