"""Translation units of the compile-time benchmark over named axes: a block of a GPT, a recurrent network, simulated paths."""

GPT_BLOCK = """inline constexpr auto t = tg::axis<"t", 16>;
inline constexpr auto c = tg::axis<"c", 16>;
inline constexpr auto h = tg::axis<"h", 4>;
inline constexpr auto d = tg::axis<"d", 4>;
inline constexpr auto f = tg::axis<"f", 64>;
inline constexpr auto v = tg::axis<"v", 27>;
inline constexpr auto table = tg::parameter<"table", tg::axes<v, c>>;
inline constexpr auto places = tg::parameter<"places", tg::axes<t, c>>;
inline constexpr auto head = tg::parameter<"head", tg::axes<v, c>>;
inline constexpr auto token = tg::index<"token", v, tg::axes<t>>;
inline constexpr auto next = tg::index<"next", v, tg::axes<t>>;
inline constexpr tg::nn::transformer_block<"block", t, c, h, d, f> block{};
inline constexpr auto logits = dot<c>(head, block(tg::take<v>(table, token) + places));
inline constexpr auto loss = tg::mean<t>(tg::nn::softmax_cross_entropy(logits, next));
using in = int;
using out = int;
"""

GRU = """inline constexpr auto time = tg::axis<"time", 16>;
inline constexpr auto from = tg::axis<"from", 16>;
inline constexpr auto unit = tg::axis<"unit", 16>;
inline constexpr tg::nn::gru_cell<"gru", from, unit> cell{};
inline constexpr auto token = tg::variable<"series", tg::axes<time, from>>;
inline constexpr auto next = tg::variable<"target", tg::axes<unit>>;
inline constexpr auto last = tg::scan<time>(tg::constant<0> * tg::position<unit>, [](auto state, auto x) { return cell(x, state); }, token);
inline constexpr auto loss = sum<unit>(square(last - next));
using in = float;
using out = float;
"""

STEP = """#include <span>
using parameters = decltype(tg::nn::initialize<float>(loss, 1));
constexpr auto program = tg::value_and_gradient(loss);
"""
ONE = """auto step(const parameters& theta, std::span<const in, {ins}> xs, std::span<const out, {outs}> ys) {{ return program(theta, token = xs, next = ys); }}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<program.node_count()> count;
#endif
"""
ROWS = """inline auto memory = program.storage(parameters{{}}, tg::batch(token = std::span<const in>{{}}, next = std::span<const out>{{}}));
float step(const parameters& theta, std::span<const in> xs, std::span<const out> ys) {{
  return program(theta, tg::batch(token = xs, next = ys), tg::into(memory)).value;
}}
"""


def one(formula, ins, outs):
    """Value and gradient for one sequence."""
    return formula + STEP + ONE.format(ins=ins, outs=outs)


def rows(formula):
    """The same for the rows of a batch."""
    return formula + STEP + ROWS.format()


PATHS = """#include <span>
inline constexpr auto day = tg::axis<"day", 252>;
inline constexpr auto spot = tg::parameter<"spot">;
inline constexpr auto vol = tg::parameter<"vol">;
inline constexpr auto skew = tg::parameter<"skew">;
inline constexpr auto rate = tg::parameter<"rate">;
inline constexpr auto z = tg::variable<"z", tg::axes<day>>;
inline constexpr auto walk = tg::scan<day>(tg::tuple(spot, tg::constant<0>), [](auto price, auto total, auto noise) {
  const auto sigma = vol * exp(skew * (price - tg::constant<100>) / tg::constant<100>);
  const auto next = price + price * (rate / tg::constant<252> + sigma * tg::constant<0.06299407883487121> * noise);
  return tg::tuple(next, total + next);
}, z);
inline constexpr auto payoff = exp(-rate) * relu(walk[boost::hana::size_c<1>] / tg::constant<252> - tg::constant<100>);
constexpr auto program = tg::value_and_gradient(payoff, tg::wrt(spot, vol, skew, rate));
auto step(std::span<const double> zs) { return program(spot = 100.0, vol = 0.2, skew = -0.3, rate = 0.02, tg::batch(z = zs)); }
template <int Nodes> struct report { static_assert(Nodes < 0, "nodes"); };
#ifdef COUNT
report<program.node_count()> count;
#endif
"""
