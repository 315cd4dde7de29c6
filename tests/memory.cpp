// SPDX-License-Identifier: BSL-1.0
// Calls that need much memory compute where they are told to, and no call needs more than 256 KB of stack.
#include <catch.hpp>

#include <typegrad/eval/threads.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <memory>
#include <span>
#include <vector>

#include <pthread.h>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

/// Runs f on a thread of 256 KB of stack, besides what the C library takes of it for itself.
template <class F>
void on_small_stack(F f) {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, (256 + 16) << 10) == 0);
  pthread_t thread{};
  const auto run = [](void* work) -> void* {
    (*static_cast<F*>(work))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, &f) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
}

constexpr auto W = tg::parameter<"W", tg::matrix<1024, 1024>>;
constexpr auto v = tg::variable<"v", tg::vector<1024>>;

TEST_CASE("a million parameters, one point and a batch, on a small stack") {
  constexpr auto program = tg::value_and_gradient(sum(square(W * v)));
  std::vector<double> weights(1024 * 1024, 0.25), rows(3 * 1024, 0.5);
  rows[1024] = 1.5;
  double value = 0, slope = 0, mean = 0, mean_slope = 0;
  on_small_stack([&] {
    const auto row = std::span<const double>(rows).first(1024);
    const auto memory = std::make_unique<decltype(program.storage(W = weights, v = row))>();
    const auto& one = program(W = weights, v = row, tg::into(*memory));
    value = one.value, slope = one.gradient[W](7, 9);
    static auto static_memory = program.storage(W = weights, tg::batch(v = rows));
    const auto& all = program(W = weights, tg::batch(v = rows), tg::into(static_memory));
    mean = all.value, mean_slope = all.gradient[W](7, 0);
  });
  const double first = 1024 * 0.125, second = first + 0.25;  // an element of W v for an ordinary row, and for the second
  CHECK(value == 1024 * first * first);
  CHECK(slope == 2 * first * 0.5);
  CHECK(mean == Approx(1024 * (2 * first * first + second * second) / 3));
  CHECK(mean_slope == Approx(2 * (2 * first * 0.5 + second * 1.5) / 3));
}

TEST_CASE("a recurrence of 65,536 numbers, one and a batch, on a small stack") {
  constexpr int n = 65'536;
  constexpr auto t = tg::axis<"t", 3>;
  constexpr auto wide = tg::axis<"wide", n>;
  constexpr auto in = tg::variable<"in", tg::axes<t>>;
  constexpr auto start = tg::parameter<"start", tg::axes<wide>>;
  constexpr auto last = tg::scan<t>(start, [](auto before, auto x) { return before * x + before; }, in);
  // the carries before three steps and the last one, where it is read; the product and the sum of a step
  using recipe = tg::detail::batch_recipe<std::remove_const_t<decltype(last)>, tg::detail::no_rows>;
  STATIC_REQUIRE(tg::plan_of<recipe>::value.workspace == (3 + 1) * n + 2 * n);
  constexpr auto program = tg::value_and_gradient(sum(square(last)));
  const std::vector<double> starts(n, 0.5), one = {1, 0.5, 0.25}, rows = {1, 0.5, 0.25, 0, 1, 0};
  double value = 0, slope = 0, mean = 0, mean_slope = 0;
  on_small_stack([&] {
    const auto memory = std::make_unique<decltype(program.storage(start = starts, in = one))>();
    const auto& alone = program(start = starts, in = one, tg::into(*memory));
    value = alone.value, slope = alone.gradient[start].data()[n - 1];
    const auto more = std::make_unique<decltype(program.storage(start = starts, tg::batch(in = rows)))>();
    const auto& both = program(start = starts, tg::batch(in = rows), tg::into(*more));
    mean = both.value, mean_slope = both.gradient[start].data()[n - 1];
  });
  const double grown = 2 * 1.5 * 1.25;
  CHECK(value == n * 0.25 * grown * grown);
  CHECK(slope == grown * grown);
  CHECK(mean == n * 0.125 * (grown * grown + 4));
  CHECK(mean_slope == (grown * grown + 4) / 2);
}

TEST_CASE("checkpoints take less memory") {
  constexpr int n = 1'000;
  constexpr auto t = tg::axis<"t", 64>;
  constexpr auto in = tg::variable<"in", tg::axes<t>>;
  constexpr auto start = tg::parameter<"start", tg::axes<tg::axis<"wide", n>>>;
  constexpr auto step = [](auto before, auto x) { return before * x + before; };
  constexpr auto last = tg::scan<t>(tg::checkpoint<8>, start, step, in);
  // room for every eighth of 64 carries, which nobody reads here: two take turns there; the last one, the product and the sum of a step
  using recipe = tg::detail::batch_recipe<std::remove_const_t<decltype(last)>, tg::detail::no_rows>;
  const auto rounded = [](int size) { return (size + 15) / 16 * 16; };
  STATIC_REQUIRE(tg::plan_of<recipe>::value.workspace == rounded((8 + 1 + 2) * n));
  // eight carries are kept and seven computed again, or sixteen and three; those that are kept have no adjoints of their own
  constexpr auto eighth = tg::value_and_gradient(sum(square(last)));
  constexpr auto fourth = tg::value_and_gradient(sum(square(tg::scan<t>(tg::checkpoint<4>, start, step, in))));
  constexpr auto all = tg::value_and_gradient(sum(square(tg::scan<t>(start, step, in))));
  CHECK(fourth.workspace_bytes<double>() - eighth.workspace_bytes<double>() == ((16 - 8) + 3 - 7) * n * sizeof(double));
  CHECK(3 * eighth.workspace_bytes<double>() < 2 * all.workspace_bytes<double>());  // all carries, and nothing else of that size
}

TEST_CASE("memory that is given changes no bit, and may be used again") {
  constexpr tg::nn::mlp<16, 24, 3> model{};
  constexpr auto x = tg::variable<"x", tg::vector<16>>;
  constexpr auto y = tg::variable<"y", tg::vector<3>>;
  constexpr auto program = tg::value_and_gradient(tg::nn::softmax_cross_entropy(model(x), y));
  const auto theta = tg::nn::initialize<float>(model, 5);
  std::vector<std::array<float, 16>> xs(100);
  std::vector<std::array<float, 3>> ys(100);
  for (std::size_t i = 0; i < xs.size(); ++i) {
    for (std::size_t k = 0; k < 16; ++k) xs[i][k] = static_cast<float>((7 * i + 3 * k) % 11) / 11.0f - 0.5f;
    ys[i][i % 3] = 1;
  }
  const auto expected = program(theta, tg::batch(x = xs, y = ys));
  auto memory = program.storage(theta, tg::batch(x = xs, y = ys));
  for (int k = 0; k < 2; ++k) {
    const auto& found = program(theta, tg::batch(x = xs, y = ys), tg::into(memory));
    CHECK((found.value == expected.value && found.gradient == expected.gradient));
  }
  tg::thread_pool pool(2);
  const auto& by_two = program.on(pool)(theta, tg::batch(x = xs, y = ys), tg::into(memory));
  CHECK((by_two.value == expected.value && by_two.gradient == expected.gradient));
  constexpr auto logits = model(x);
  auto place = tg::storage(logits, theta, x = xs[0]);
  CHECK(tg::evaluate(logits, theta, x = xs[0], tg::into(place))[1] == tg::evaluate(logits, theta, x = xs[0])[1]);
}

TEST_CASE("the largest call that takes the stack fits it") {
  constexpr auto wide = tg::variable<"wide", tg::vector<380>>;
  constexpr auto program = tg::value_and_gradient(sum(square(wide)), tg::wrt(wide));
  std::vector<float> rows(380 * 64, 1);
  static_assert(sizeof(decltype(program.storage(tg::batch(wide = rows)))) > 150 << 10);
  float value = 0;
  on_small_stack([&] { value = tg::evaluate(sum(tanh(wide)) + sum(square(wide)), tg::batch(wide = rows)); });
  CHECK(value == Approx(380 + 380 * 0.7615942f));
}

TEST_CASE("memory for several formulas over rows") {
  constexpr auto n = tg::axis<"n">;
  constexpr auto r = tg::variable<"r", tg::axes<n>>;
  constexpr auto s = tg::parameter<"s">;
  constexpr auto both = tg::tuple(tg::mean<n>(square(r - s)), tg::sum<n>(r));
  const std::vector<double> rows = {1, 2, 3, 4};
  static auto memory = tg::storage(both, s = 2.0, r = rows);
  const auto& result = tg::evaluate(both, s = 2.0, r = rows, tg::into(memory));
  CHECK(&result == &memory.result);
  CHECK(result[boost::hana::size_c<0>] == 1.5);
  CHECK(result[boost::hana::size_c<1>] == 10);
}

}  // namespace
