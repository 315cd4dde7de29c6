// SPDX-License-Identifier: BSL-1.0
// All problems: derivatives by hand against differences in long double, and the library against those by hand.
#include "points.hpp"
#include "problems.hpp"
#include "problems/ackley/hand.hpp"
#include "problems/ackley/typegrad.hpp"
#include "problems/arm/hand.hpp"
#include "problems/arm/typegrad.hpp"
#include "problems/black_scholes/hand.hpp"
#include "problems/black_scholes/typegrad.hpp"
#include "problems/determinant/hand.hpp"
#include "problems/determinant/typegrad.hpp"
#include "problems/helmholtz/hand.hpp"
#include "problems/helmholtz/typegrad.hpp"
#include "problems/lennard_jones/hand.hpp"
#include "problems/lennard_jones/typegrad.hpp"
#include "problems/logsumexp/hand.hpp"
#include "problems/logsumexp/typegrad.hpp"
#include "problems/mlp/hand.hpp"
#include "problems/mlp/typegrad.hpp"
#include "problems/polynomial/hand.hpp"
#include "problems/polynomial/typegrad.hpp"
#include "problems/rk4/hand.hpp"
#include "problems/rk4/typegrad.hpp"
#include "problems/rosenbrock/hand.hpp"
#include "problems/rosenbrock/typegrad.hpp"
#include "problems/rotate/hand.hpp"
#include "problems/rotate/typegrad.hpp"
#include "problems/sabr/hand.hpp"
#include "problems/sabr/typegrad.hpp"
#include "problems/snavely/hand.hpp"
#include "problems/snavely/typegrad.hpp"
#include "problems/three_body/hand.hpp"
#include "problems/three_body/typegrad.hpp"
#include "tools/differences.hpp"

#include <cstdio>

int main() {
  using namespace small;
  bool right = true;
  const auto check = [&right]<class Problem>(const char* name, Problem) {
    constexpr auto problem = outline_of<Problem>("");
    const double by_hand = distance(problem, hand<Problem>::solve, differences<Problem>::solve);
    const double ours = distance(problem, by_typegrad<Problem>::solve, hand<Problem>::solve);
    const bool good = by_hand < 1e-7 && ours < 1e-9;
    std::printf("%-22s by hand against differences %.1e, typegrad against by hand %.1e%s\n", name, by_hand, ours, good ? "" : "  WRONG");
    right = right && good;
  };
#define CHECK_ONE(name, ...) check(#name, __VA_ARGS__{});
  SMALL_PROBLEMS(CHECK_ONE)
  return right ? 0 : 1;
}
