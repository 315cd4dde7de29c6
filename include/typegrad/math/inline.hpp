// SPDX-License-Identifier: BSL-1.0
// What the speed of optimised code rests on is always inlined; without optimisation nothing is, which compiles faster.
#pragma once

#include <typegrad/version.hpp>

#ifdef __OPTIMIZE__
#define TYPEGRAD_INLINE __attribute__((always_inline))
#else
#define TYPEGRAD_INLINE
#endif
