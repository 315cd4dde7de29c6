// SPDX-License-Identifier: BSL-1.0
// What happens when data are wrong in a way that only run time knows: one handler for the program, or an exception.
#pragma once

#include <typegrad/version.hpp>

#include <cstdio>
#include <cstdlib>

#ifdef TYPEGRAD_THROW
#include <stdexcept>
#endif

namespace typegrad {

/// Data that do not fit their symbol.
struct failure {
  enum kind { wrong_length, wrong_rows, wrong_columns, too_few_numbers, no_rows, wrong_index, overlap } what;
  const char* symbol;
  long long expected;
  long long given;

  /// One line, without the end of the line; `size` characters at most.
  void print(char* line, std::size_t size) const {
    if (what == overlap)
      return void(std::snprintf(line, size, "typegrad: into(...): results would overwrite values of '%s' that are still read", symbol));
    static constexpr const char* things[] = {"number of values", "number of rows", "number of columns",
                                             "number of values", "number of rows", "index"};
    std::snprintf(line, size, "typegrad: wrong %s for '%s': expected %s%lld, given %lld", things[what], symbol,
                  what == too_few_numbers || what == no_rows ? "at least "
                  : what == wrong_index                      ? "0 to "
                                                             : "",
                  expected, given);
  }
};

/// Called once when data are wrong; if it returns, the program ends.
using failure_handler = void (*)(const failure&);

namespace detail {

inline void report_failure(const failure& f) {
  char line[256];
  f.print(line, sizeof line);
#ifdef TYPEGRAD_THROW
  throw std::invalid_argument(line);
#else
  std::fprintf(stderr, "%s\n", line);
#endif
}

inline failure_handler handler = &report_failure;

/// Nothing has been written when it is called.
[[noreturn]] inline void fail(const failure& f) {
  handler(f);
  std::abort();
}

}  // namespace detail

/// Sets what is done with wrong data, returns what was done before. By default a line on the standard error, and abort; compiled
/// with TYPEGRAD_THROW (in all files of a program), std::invalid_argument is thrown, and calls are not noexcept.
inline failure_handler set_failure_handler(failure_handler f) {
  const failure_handler before = detail::handler;
  detail::handler = f;
  return before;
}

#ifdef TYPEGRAD_THROW
#define TYPEGRAD_NOEXCEPT
#else
#define TYPEGRAD_NOEXCEPT noexcept
#endif

}  // namespace typegrad
