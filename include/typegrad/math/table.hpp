// SPDX-License-Identifier: BSL-1.0
// Tables of 16 numbers, read by one number or by lanes: what `exp` and `log` in double start from.
#pragma once

#include <typegrad/math/series.hpp>

namespace typegrad::math::detail {

// All of these are printed by docs/tools/table_coefficients.py.

/// 2^(j/16), and the part of it that is lost to rounding.
inline constexpr double power_table[16] = {0x1p+0,
                                           0x1.0b5586cf9890fp+0,
                                           0x1.172b83c7d517bp+0,
                                           0x1.2387a6e756238p+0,
                                           0x1.306fe0a31b715p+0,
                                           0x1.3dea64c123422p+0,
                                           0x1.4bfdad5362a27p+0,
                                           0x1.5ab07dd485429p+0,
                                           0x1.6a09e667f3bcdp+0,
                                           0x1.7a11473eb0187p+0,
                                           0x1.8ace5422aa0dbp+0,
                                           0x1.9c49182a3f09p+0,
                                           0x1.ae89f995ad3adp+0,
                                           0x1.c199bdd85529cp+0,
                                           0x1.d5818dcfba487p+0,
                                           0x1.ea4afa2a490dap+0};
inline constexpr double power_table_low[16] = {0x0p+0,
                                               0x1.79aa65d837b6dp-54,
                                               -0x1.01b15eaa59348p-55,
                                               0x1.68efde3a8a894p-54,
                                               0x1.34d754db0abb6p-55,
                                               0x1.59f48a72a4c6dp-55,
                                               0x1.690cebb7aafbp-56,
                                               0x1.063e1e21c5409p-54,
                                               -0x1.3b3efbf5e2228p-54,
                                               -0x1.b32dcb94da51dp-56,
                                               0x1.db72fc1f0eab4p-55,
                                               0x1.1affc2b91ce27p-56,
                                               0x1.c1a7792cb3387p-55,
                                               0x1.36eae30af0cb3p-56,
                                               0x1.4a385a63d07a7p-56,
                                               -0x1.ff7128fd391fp-55};

/// (e^r - 1 - r) / r^2 for |r| <= log(2)/32.
inline constexpr double power_polynomial[] = {0x1.0000000000001p-1, 0x1.5555555555556p-3,  0x1.55555554e93b7p-5,
                                              0x1.11111110e1059p-7, 0x1.6c17ed5c1f49ep-10, 0x1.a01b0c3c80bbcp-13};

/// Near the reciprocals of numbers whose leading bits are 0.703125 (1 + j/16) .. 1.40625, short; 1 around 1.
inline constexpr double reciprocal_table[16] = {0x1.644p+0, 0x1.554p+0, 0x1.47cp+0, 0x1.3bp+0, 0x1.2f8p+0, 0x1.248p+0, 0x1.1a8p+0, 0x1.11p+0,
                                                0x1.084p+0, 0x1p+0,     0x1.e2p-1,  0x1.c7p-1, 0x1.afp-1,  0x1.998p-1, 0x1.86p-1,  0x1.748p-1};
/// The logarithms of what they are the reciprocals of, as multiples of 2^-42, and the rest.
inline constexpr double logarithm_table[16] = {-0x1.5262deeb99p-2, -0x1.26561f1338p-2, -0x1.fa01c3bb58p-3, -0x1.a8becfc882p-3, -0x1.5c94007598p-3,
                                               -0x1.10f8e42254p-3, -0x1.9375e55594p-4, -0x1.075983599p-4,  -0x1.03d5d85e7p-5,  0x0p+0,
                                               0x1.eea31c0068p-5,  0x1.e3707ee304p-4,  0x1.60b3100b0ap-3,  0x1.c97f8079d4p-3,  0x1.16b5ccbadp-2,
                                               0x1.45b8c0a17ep-2};
inline constexpr double logarithm_table_low[16] = {
    0x1.e1b9f70894a01p-44, -0x1.8b48866faa45fp-44, 0x1.a1f71fae1d786p-46,  -0x1.e3185cf21b9cfp-44, 0x1.a8d948cd23322p-44,
    0x1.93b3843396307p-45, -0x1.eddc37380c364p-44, 0x1.b8ecfe4b59987p-44,  -0x1.f778960ed29cfp-44, 0x0p+0,
    0x1.c3dd83606d891p-44, 0x1.0f684e6766abdp-45,  -0x1.71456c988f814p-44, 0x1.3b161a8c6e6c5p-45,  -0x1.23299042d74bfp-44,
    -0x1.d9120e7d0a853p-47};

/// (log(1 + r) - r) / r^2 for |r| <= 1/32.
inline constexpr double logarithm_polynomial[] = {-0x1p-1,
                                                  0x1.5555555555521p-2,
                                                  -0x1.fffffffffffap-3,
                                                  0x1.9999999af751bp-3,
                                                  -0x1.5555555695eabp-3,
                                                  0x1.2492357975d4dp-3,
                                                  -0x1.ffffdbf0c4765p-4,
                                                  0x1.c7ee28ac92f04p-4,
                                                  -0x1.9a59d76189686p-4};

/// (log(1 + r) - r + r^2/2) / r^3 for |r| <= 1/32.
inline constexpr double long_logarithm_polynomial[] = {0x1.5555555555555p-2,  -0x1.fffffffffffap-3,  0x1.9999999999941p-3,
                                                       -0x1.5555555695eabp-3, 0x1.24924925ba37p-3,   -0x1.ffffdbf0c4765p-4,
                                                       0x1.c71c507dd1259p-4,  -0x1.9a59d76189686p-4, 0x1.750e8c032f7e3p-4};

/// n / 2^by for n >= 0: without a sign there is an instruction for lanes of 64 bits everywhere.
template <class T>
TYPEGRAD_INLINE constexpr integer_of<T> shifted_down(integer_of<T> n, int by) {
  using U = typename bits<scalar_of<T>>::type;
  return __builtin_bit_cast(integer_of<T>, __builtin_bit_cast(typename bits<T>::type, n) >> static_cast<U>(by));
}

/// The bits of n 2^by; those that do not fit are lost.
template <class T>
TYPEGRAD_INLINE constexpr integer_of<T> times_power_of_two(integer_of<T> n, int by) {
  using U = typename bits<scalar_of<T>>::type;
  return __builtin_bit_cast(integer_of<T>, __builtin_bit_cast(typename bits<T>::type, n) << static_cast<U>(by));
}

/// table[i], in each lane; i is an integer as wide as a number.
template <class T>
TYPEGRAD_INLINE constexpr T looked_up(const double (&table)[16], integer_of<T> i) {
  if constexpr (!is_lanes<T>) return table[i];
  else return T::of_table(table, i);
}

}  // namespace typegrad::math::detail
