// SPDX-License-Identifier: BSL-1.0
// One step of a recurrent network: rnn_cell, gru_cell, lstm_cell.
#pragma once

#include <typegrad/nn/attention.hpp>

namespace typegrad::nn {

/// tanh(W x + U h + b), with x over In and the state h over H: Elman, 1990.
template <fixed_string Name, auto In, auto H>
struct rnn_cell {
  static constexpr axis_type<"from", H.size> from{};
  using input = affine<join_names<Name, ".input">(), In, H>;
  static constexpr auto state = parameter<join_names<Name, ".state">(), axes<H, from>>;
  using parameters = typename typegrad::detail::concatenate<typename input::parameters, type_list<std::remove_const_t<decltype(state)>>>::type;

  template <Expression X, Expression S>
  constexpr auto operator()(X x, S h) const {
    return tanh(input{}(x) + dot<from>(state, rename<H, from>(h)));
  }
};

/// r = s(W_r x + U_r h + b_r), z = s(W_z x + U_z h + b_z), h' = (1 - z) tanh(W x + U (r h) + b) + z h, with s the sigmoid: Cho et al., 2014,
/// arXiv:1406.1078.
template <fixed_string Name, auto In, auto H>
struct gru_cell {
  static constexpr axis_type<"from", H.size> from{};
  template <fixed_string Part>
  using input = affine<join_names<join_names<Name, ".">(), Part>(), In, H>;
  template <fixed_string Part>
  static constexpr auto state = parameter<join_names<join_names<Name, ".">(), join_names<Part, ".state">()>(), axes<H, from>>;
  using parameters =
      typename typegrad::detail::concatenate<typename input<"reset">::parameters, typename input<"update">::parameters,
                                             typename input<"new">::parameters,
                                             type_list<std::remove_const_t<decltype(state<"reset">)>, std::remove_const_t<decltype(state<"update">)>,
                                                       std::remove_const_t<decltype(state<"new">)>>>::type;

  template <Expression X, Expression S>
  constexpr auto operator()(X x, S h) const {
    const auto before = rename<H, from>(h);
    const auto reset = sigmoid(input<"reset">{}(x) + dot<from>(state<"reset">, before));
    const auto update = sigmoid(input<"update">{}(x) + dot<from>(state<"update">, before));
    const auto next = tanh(input<"new">{}(x) + dot<from>(state<"new">, rename<H, from>(reset * h)));
    return (constant<1> - update) * next + update * h;
  }
};

/// The state of an LSTM: what it gives and what it keeps.
template <class Output, class Cell>
struct lstm_state {
  Output output;
  Cell cell;
};
/// i, f, o = s(W x + U h + b) each, c' = f c + i tanh(W x + U h + b), h' = o tanh(c'): Hochreiter and Schmidhuber, 1997; with forget gates.
template <fixed_string Name, auto In, auto H>
struct lstm_cell {
  static constexpr axis_type<"from", H.size> from{};
  template <fixed_string Part>
  using input = affine<join_names<join_names<Name, ".">(), Part>(), In, H>;
  template <fixed_string Part>
  static constexpr auto state = parameter<join_names<join_names<Name, ".">(), join_names<Part, ".state">()>(), axes<H, from>>;
  using parameters = typename typegrad::detail::concatenate<
      typename input<"input">::parameters, typename input<"forget">::parameters, typename input<"output">::parameters,
      typename input<"new">::parameters,
      type_list<std::remove_const_t<decltype(state<"input">)>, std::remove_const_t<decltype(state<"forget">)>,
                std::remove_const_t<decltype(state<"output">)>, std::remove_const_t<decltype(state<"new">)>>>::type;

  template <Expression X, Expression S, Expression C>
  constexpr auto operator()(X x, S h, C cell) const {
    const auto before = rename<H, from>(h);
    const auto take_in = sigmoid(input<"input">{}(x) + dot<from>(state<"input">, before));
    const auto keep = sigmoid(input<"forget">{}(x) + dot<from>(state<"forget">, before));
    const auto give = sigmoid(input<"output">{}(x) + dot<from>(state<"output">, before));
    const auto next = keep * cell + take_in * tanh(input<"new">{}(x) + dot<from>(state<"new">, before));
    const auto output = give * tanh(next);
    return lstm_state<std::remove_const_t<decltype(output)>, std::remove_const_t<decltype(next)>>{output, next};
  }
};

}  // namespace typegrad::nn
