// SPDX-License-Identifier: BSL-1.0
// The version, and the check of the compiler: every header of the library leads here first.
#pragma once

#define TYPEGRAD_VERSION_MAJOR 0
#define TYPEGRAD_VERSION_MINOR 1
#define TYPEGRAD_VERSION_PATCH 0
/// 10000 major + 100 minor + patch.
#define TYPEGRAD_VERSION (TYPEGRAD_VERSION_MAJOR * 10000 + TYPEGRAD_VERSION_MINOR * 100 + TYPEGRAD_VERSION_PATCH)

#if !defined(__GNUC__)
#error "typegrad needs GCC 12 or newer, or Clang 16 or newer: this compiler is neither"
#elif defined(__clang__) && __clang_major__ < 16
#error "typegrad needs Clang 16 or newer: this Clang is older"
#elif !defined(__clang__) && __GNUC__ < 12
#error "typegrad needs GCC 12 or newer: this GCC is older"
#elif __cplusplus < 202002L
#error "typegrad needs C++20 (-std=c++20): this compiler was asked for an older C++"
#else
#define TYPEGRAD_DETAIL_COMPILER_SUFFICES
#endif
#ifndef TYPEGRAD_DETAIL_COMPILER_SUFFICES
#include <typegrad/this_compiler_is_too_old>  // a file that is missing ends the compilation; after #error it would go on for pages
#endif
