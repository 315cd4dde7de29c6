// SPDX-License-Identifier: BSL-1.0
// Times contenders at one problem: race PROBLEM ROUNDS REFERENCE.so CONTENDER.so... prints a line of JSON with the difference from the
// reference and the nanoseconds a call in each round, in which all take turns. race PROBLEM calls N CONTENDER.so: N calls, to count instructions.
#include "points.hpp"
#include "problems.hpp"

#include <dlfcn.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using namespace small;

#define OUTLINE(name, ...) outline_of<__VA_ARGS__>(#name),
constexpr outline all[] = {SMALL_PROBLEMS(OUTLINE)};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "race: %s\n", why.c_str());
  std::exit(1);
}
solver load(const char* path) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail(dlerror());
  return reinterpret_cast<solver>(dlsym(library, "solve"));
}
void calls(const outline& problem, solver solve, const double* x, double* y, long count) {
  const int points = count_of(problem);
  for (long i = 0, at = 0; i < count; ++i, at = at + 1 < points ? at + 1 : 0) {
    solve(x + at * problem.inputs, y);
    asm volatile("" ::: "memory");
  }
}
double nanoseconds(const outline& problem, solver solve, const double* x, double* y, long count) {
  const auto start = std::chrono::steady_clock::now();
  calls(problem, solve, x, y, count);
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / static_cast<double>(count);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "list") == 0) {
    for (const outline& problem : all) std::printf("%s %d %d\n", problem.name, problem.inputs, problem.outputs);
    return 0;
  }
  if (argc < 5) fail("PROBLEM ROUNDS REFERENCE.so CONTENDER.so... expected");
  const auto problem = std::find_if(std::begin(all), std::end(all), [&](const outline& one) { return std::strcmp(one.name, argv[1]) == 0; });
  if (problem == std::end(all)) fail(std::string("no problem ") + argv[1]);
  const auto x = points_of(*problem);
  std::vector<double> y(static_cast<std::size_t>(problem->outputs));
  if (std::strcmp(argv[2], "calls") == 0) {
    calls(*problem, load(argv[4]), x.data(), y.data(), std::atol(argv[3]));
    return 0;
  }
  std::vector<solver> solvers;
  for (int i = 3; i < argc; ++i) solvers.push_back(load(argv[i]));
  std::vector<double> differences;
  std::vector<long> counts;
  for (const solver one : solvers) {
    differences.push_back(distance(*problem, one, solvers[0]));
    double first = 1e9;  // the shortest of a few: one that is interrupted would make the rounds too short
    for (int i = 0; i < 9; ++i) first = std::min(first, nanoseconds(*problem, one, x.data(), y.data(), count_of(*problem)));
    counts.push_back(std::max(long{count_of(*problem)}, static_cast<long>(1e6 / first)));  // a millisecond
  }
  std::vector<std::vector<double>> times(solvers.size());
  for (int round = std::atoi(argv[2]); round > 0; --round)
    for (std::size_t i = 0; i < solvers.size(); ++i) times[i].push_back(nanoseconds(*problem, solvers[i], x.data(), y.data(), counts[i]));
  std::printf("[");
  for (std::size_t i = 0; i < solvers.size(); ++i) {
    // JSON knows no infinity
    std::printf("%s\n {\"difference\": %.3g, \"nanoseconds\": [", i == 0 ? "" : ",", std::isfinite(differences[i]) ? differences[i] : 1e300);
    for (std::size_t k = 0; k < times[i].size(); ++k) std::printf("%s%.3f", k == 0 ? "" : ", ", times[i][k]);
    std::printf("]}");
  }
  std::printf("\n]\n");
}
