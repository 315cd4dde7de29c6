// SPDX-License-Identifier: BSL-1.0
// Text and numbers written at compile time.
#pragma once

#include <typegrad/expr/number.hpp>

#include <string_view>

namespace typegrad::detail {

/// Writes to a character buffer, or only counts when there is none.
class writer {
 public:
  constexpr explicit writer(char* out) : out_(out) {}
  constexpr int size() const { return size_; }
  constexpr void put(char c) {
    if (out_ != nullptr) out_[size_] = c;
    ++size_;
  }
  constexpr void put(const char* text) {
    for (; *text != '\0'; ++text) put(*text);
  }
  constexpr void put(std::int64_t n) {
    if (n < 0) put('-');
    std::uint64_t rest = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
    char digits[20]{};
    int count = 0;
    do digits[count++] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    while (count > 0) put(digits[--count]);
  }
  /// As a decimal where that is short and exact, else as a fraction; of a long literal, 17 digits.
  constexpr void put(number v) {
    if (v.den == 0) return put(v.num < 0 ? "-infinity" : "infinity");
    if (v.rest != 0) return put_long(v);
    if (v.exponent != 0) return put_scaled(v);
    std::int64_t twos = 0, fives = 0, rest = v.den;
    for (; rest % 2 == 0; rest /= 2) ++twos;
    for (; rest % 5 == 0; rest /= 5) ++fives;
    const std::int64_t places = twos > fives ? twos : fives;
    std::int64_t digits = v.num < 0 ? -v.num : v.num, power = 1;
    bool fits = rest == 1 && places <= 18;
    for (std::int64_t k = 0; k < places && fits; ++k) power *= 10;
    fits = fits && !__builtin_mul_overflow(digits, power / v.den, &digits);
    if (!fits) {
      put(v.num), put('/'), put(v.den);
    } else {
      if (v.num < 0) put('-');
      put(digits / power);
      if (places > 0) {
        put('.');
        for (std::int64_t unit = power / 10; unit > 0; unit /= 10) put(static_cast<char>('0' + digits / unit % 10));
      }
    }
  }

 private:
  constexpr void put_scaled(number v) {
    if (v.num < 0) put('-');
    if (v.base == 2) put_hexadecimal(magnitude(v.num), v.exponent);
    else put_scientific(magnitude(v.num), v.exponent);
    if (v.den != 1) put('/'), put(v.den);
  }
  constexpr void put_scientific(std::uint64_t digits, int exponent) {
    std::uint64_t unit = 1;
    for (; digits % 10 == 0; digits /= 10) ++exponent;
    for (; digits / unit >= 10; unit *= 10) ++exponent;
    put(static_cast<char>('0' + digits / unit));
    if (unit > 1) put('.');
    for (unit /= 10; unit > 0; unit /= 10) put(static_cast<char>('0' + digits / unit % 10));
    put('e'), put(std::int64_t{exponent});
  }
  constexpr void put_hexadecimal(std::uint64_t digits, int exponent) {
    put("0x");
    int shift = 60;
    while (digits >> shift == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) put("0123456789abcdef"[digits >> shift & 15]);
    put('p'), put(std::int64_t{exponent});
  }
  constexpr void put_long(number v) {
    const decimal leading = leading_digits(magnitude(v.num) << 1 | magnitude(v.rest) >> 3, v.exponent - 1, 18);
    const std::int64_t rounded = (leading.digits + 5) / 10;
    put(scaled({v.num < 0 ? -rounded : rounded}, leading.exponent + 1, 10).value);
  }

  char* out_;
  int size_ = 0;
};

template <int N>
struct text {
  char data[bound(N + 1)]{};
  constexpr std::string_view view() const { return {data, static_cast<std::size_t>(N)}; }
};

/// What Write(writer&) writes, as a constant.
template <auto Write>
struct written_text {
  static constexpr int size = [] {
    writer out(nullptr);
    Write(out);
    return out.size();
  }();
  static constexpr text<size> value = [] {
    text<size> result;
    writer out(result.data);
    Write(out);
    return result;
  }();
};

}  // namespace typegrad::detail
