// SPDX-License-Identifier: BSL-1.0
// Formulas that compute nothing: the numbers of another in another shape, and what another means by the name that was written.
#pragma once

#include <typegrad/op/element.hpp>

namespace typegrad::detail {

/// Text of a few names and numbers: "slice<t, 3, 8>".
struct loop_text {
  char text[48] = {};
  int size = 0;
  constexpr loop_text& put(const char* more) {
    for (; *more != '\0' && size < 46; ++more) text[size++] = *more;
    return *this;
  }
  constexpr loop_text& put(int n) {
    if (n < 0) return put("-").put(-n);
    if (n > 9) put(n / 10);
    const char digit[] = {static_cast<char>('0' + n % 10), '\0'};
    return put(digit);
  }
};

/// The numbers of E, where they stand, as a tensor of another shape: a formula of its own, but no step of a computation.
template <class Shape, class E>
struct same_numbers {
  static constexpr const formula* arg[] = {&E::node()};
  static constexpr formula node_{&describe<op::same_numbers>,
                                 mix(mix(describe<op::same_numbers>.id, axes_of_shape<Shape>.hash()), E::hash),
                                 Shape::value,
                                 arg,
                                 1,
                                 {},
                                 nullptr,
                                 nullptr,
                                 E::node().regions};
};
template <class Shape, class E>
constexpr auto reshaped(E e) {
  if constexpr (std::is_same_v<Shape, typename E::shape>) return e;
  else return define<op::same_numbers, same_numbers<Shape, E>, Shape>();
}

/// What the expansion means, printed as `Text::text`(shown...).
template <class Text, class Expansion, class... Shown>
struct abbreviated_formula {
  static constexpr const formula* arg[] = {&Expansion::node(), &Shown::node()...};
  static constexpr contraction loops = [] {
    contraction made;
    made.name = Text::text.text;
    made.pick = static_cast<int>(hash_text(made.name) % (1u << 31));  // names tell abbreviations apart
    return made;
  }();
  static constexpr formula node_{&describe<op::abbreviation>,
                                 mix(mix(describe<op::abbreviation>.id, hash_text(loops.name)), Expansion::hash),
                                 Expansion::shape::value,
                                 arg,
                                 1 + static_cast<int>(sizeof...(Shown)),
                                 {},
                                 nullptr,
                                 nullptr,
                                 Expansion::node().regions,
                                 &loops};
};
template <class Text, class Expansion, class... Shown>
constexpr auto abbreviate(Expansion, Shown...) {
  return define<op::abbreviation, abbreviated_formula<Text, Expansion, Shown...>, typename Expansion::shape>();
}
/// The name of a function along axes: "softmax<s>".
template <fixed_string Name, auto... Axis>
struct name_along {
  static constexpr loop_text text = [] {
    loop_text result;
    result.put(Name.text);
    bool first = true;
    ((result.put(first ? "<" : ", ").put(Axis.info.name), first = false), ...);
    return first ? result : result.put(">");
  }();
};

}  // namespace typegrad::detail
