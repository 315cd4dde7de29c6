// SPDX-License-Identifier: BSL-1.0
// Neurons, layers, networks, losses, starting values, descent.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <array>
#include <sstream>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

std::string printed(const auto& what) {
  std::ostringstream out;
  out << what;
  return out.str();
}

TEST_CASE("a neuron prints as its formula") {
  CHECK(printed(tg::nn::neuron<2>{}) == "tanh(w1*x1 + w2*x2 + b)");
  CHECK(printed(tg::nn::neuron<1, tg::nn::linear>{}) == "w1*x1 + b");
  CHECK(printed(tg::nn::neuron<3, tg::nn::relu>{}) == "relu(w1*x1 + w2*x2 + w3*x3 + b)");
  constexpr auto a = tg::variable<"a">;
  CHECK(printed(tg::nn::neuron<2>{}(a, sin(a))) == "tanh(w1*a + w2*sin(a) + b)");
  CHECK(tg::check_gradient(tg::nn::neuron<2>{}, tg::parameter<"w1"> = 0.3, tg::parameter<"w2"> = -0.5, tg::parameter<"b"> = 0.1,
                           tg::variable<"x1"> = 0.7, tg::variable<"x2"> = 2.0));
}

constexpr auto x = tg::variable<"x", tg::vector<2>>;
constexpr auto y = tg::variable<"y", tg::vector<1>>;

TEST_CASE("layers become a network") {
  constexpr auto hidden = tg::nn::layer<2, 3>{};
  constexpr auto last = tg::nn::layer<3, 1, tg::nn::linear, "V", "c", "out">{};
  constexpr auto model = tg::nn::sequential{hidden, last};
  STATIC_REQUIRE(std::is_same_v<decltype(model), const tg::nn::sequential<tg::nn::layer<2, 3>, std::remove_const_t<decltype(last)>>>);
  STATIC_REQUIRE(model(x) == last(hidden(x)));
  CHECK(printed(tg::nn::sequential(hidden, last)(x)) == "V*tanh(W*x + b) + c");
  STATIC_REQUIRE(tg::nn::sequential{last}.parameter_count == 4);
}

TEST_CASE("a network prints as formula, as listing, and as micrograd does") {
  constexpr auto model = tg::nn::mlp<2, 3, 1>{}.with(tg::nn::relu);
  CHECK(printed(model(x)) == "W2*relu(W1*x + b1) + b2");
  CHECK(tg::to_listing(model(x)) == "h1 = relu(W1*x + b1)\nh2 = W2*h1 + b2\n");
  CHECK(printed(model) == "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(3)]]");
  CHECK(printed(tg::nn::mlp<2, 2, 1>{}.scalar_view(x)) ==
        "[W2[0,0]*tanh(W1[0,0]*x[0] + W1[0,1]*x[1] + b1[0]) + W2[0,1]*tanh(W1[1,0]*x[0] + W1[1,1]*x[1] + b1[1]) + b2[0]]");
  CHECK(printed(tg::nn::mlp<2, 1>{}.named<"critic.">()(x)) == "critic.W1*x + critic.b1");
  STATIC_REQUIRE(tg::nn::mlp<2, 16, 16, 1>::parameter_count == 337);
}

/// The two views have the same value and the same gradient, and both agree with central differences in every component.
template <class Model>
void check_views(Model model) {
  constexpr auto tensor = tg::nn::mean_squared_error(Model{}(x), y);
  constexpr auto scalar = tg::nn::mean_squared_error(Model{}.scalar_view(x), y);
  const auto theta = tg::nn::initialize<double>(model, 11);
  const std::array<double, 2> input{0.3, -0.8};
  const std::array<double, 1> target{0.5};
  const auto a = tg::value_and_gradient(tensor)(theta, x = input, y = target);
  const auto b = tg::value_and_gradient(scalar)(theta, x = input, y = target);
  CHECK(a.value == Approx(b.value).epsilon(1e-13));
  for (std::size_t i = 0; i < theta.size(); ++i) REQUIRE(a.gradient.data()[i] == Approx(b.gradient.data()[i]).epsilon(1e-12).margin(1e-14));
  for (const auto& report : {tg::check_gradient(tensor, theta, x = input, y = target), tg::check_gradient(scalar, theta, x = input, y = target)}) {
    INFO(tg::to_string(report));
    CHECK(report.passed);
    CHECK(report.components == Model::parameter_count);
  }
}

TEST_CASE("scalar and tensor view agree, tanh") { check_views(tg::nn::mlp<2, 8, 8, 1>{}); }
TEST_CASE("scalar and tensor view agree, mixed activations") {
  check_views(tg::nn::mlp<2, 4, 3, 3, 1>{}.with(tg::nn::sigmoid, tg::nn::gelu, tg::nn::softplus, tg::nn::linear));
}
TEST_CASE("scalar and tensor view agree, relu") { check_views(tg::nn::mlp<2, 5, 4, 1>{}.with(tg::nn::relu)); }

TEST_CASE("losses") {
  constexpr auto s = tg::variable<"s", tg::vector<3>>;
  constexpr auto t = tg::variable<"t", tg::vector<3>>;
  const std::array<double, 3> score{0.5, -2, 3}, sign{1, 1, -1}, hot{0, 1, 0}, bits{1, 0, 1};
  CHECK(tg::evaluate(tg::nn::mean_squared_error(s, t), s = score, t = sign) == Approx((0.25 + 9 + 16) / 3));
  CHECK(tg::evaluate(tg::nn::max_margin(s, t), s = score, t = sign) == Approx((0.5 + 3 + 4) / 3));
  const double lse = std::log(std::exp(0.5) + std::exp(-2) + std::exp(3));
  CHECK(tg::evaluate(tg::nn::softmax_cross_entropy(s, t), s = score, t = hot) == Approx(lse + 2));
  const auto entropy = [](double z, double p) { return -p * std::log(1 / (1 + std::exp(-z))) - (1 - p) * std::log(1 - 1 / (1 + std::exp(-z))); };
  CHECK(tg::evaluate(tg::nn::binary_cross_entropy(s, t), s = score, t = bits) == Approx((entropy(0.5, 1) + entropy(-2, 0) + entropy(3, 1)) / 3));
  // stable where a probability rounds to 0 or 1
  const std::array<double, 3> extreme{1000, -1000, 0};
  CHECK(tg::evaluate(tg::nn::softmax_cross_entropy(s, t), s = extreme, t = hot) == Approx(2000));
  CHECK(tg::evaluate(tg::nn::binary_cross_entropy(s, t), s = extreme, t = hot) == Approx((1000 + 1000 + std::log(2.0)) / 3));
  const auto g = tg::value_and_gradient(tg::nn::softmax_cross_entropy(s, t), tg::wrt(s))(s = extreme, t = hot).gradient;
  CHECK((g[s][0] == 1 && g[s][1] == -1 && g[s][2] == 0));
  constexpr tg::nn::mlp<2, 3, 1> model{};
  auto theta = tg::nn::initialize<double>(model, 1);
  for (double& p : theta) p = 2;
  CHECK(tg::evaluate(tg::nn::l2(model, 0.5_c), theta) == Approx(0.5 * 4 * 13));
}

TEST_CASE("starting values are reproducible and follow their scheme") {
  constexpr tg::nn::mlp<40, 60, 1> model{};
  constexpr auto at_compile_time = tg::nn::initialize<double>(tg::nn::mlp<2, 3, 1>{}, 42);
  CHECK(at_compile_time == tg::nn::initialize<double>(tg::nn::mlp<2, 3, 1>{}, 42));
  CHECK_FALSE(at_compile_time == tg::nn::initialize<double>(tg::nn::mlp<2, 3, 1>{}, 43));
  const auto moments = [](const auto& theta) {
    double mean = 0, square = 0, largest = 0;
    for (int i = 0; i < 2400; ++i)
      mean += theta.data()[i] / 2400, square += theta.data()[i] * theta.data()[i] / 2400, largest = std::max(largest, std::abs(theta.data()[i]));
    return std::array{mean, square, largest};
  };
  const auto uniform = moments(tg::nn::initialize<double>(model, 1)), xavier = moments(tg::nn::initialize<double>(model, 1, tg::nn::xavier{})),
             he = moments(tg::nn::initialize<double>(model, 1, tg::nn::he{}));
  CHECK((std::abs(uniform[0]) < 0.05 && std::abs(uniform[1] - 1.0 / 3) < 0.02 && uniform[2] <= 1 && uniform[2] > 0.99));
  CHECK((std::abs(xavier[1] - 0.02) < 0.002 && xavier[2] <= std::sqrt(0.06)));
  CHECK((std::abs(he[1] - 0.05) < 0.005 && he[2] > 0.5));
  const auto theta = tg::nn::initialize<double>(model, 1);
  CHECK(theta.data()[2400] == 0);  // biases
}

TEST_CASE("starting values of single parameters") {
  constexpr auto table = tg::parameter<"table", tg::matrix<50, 40>>;
  constexpr auto offset = tg::parameter<"offset", tg::vector<3>>;
  constexpr auto gain = tg::parameter<"a.gain", tg::vector<3>>;
  constexpr auto scale = tg::parameter<"scale">;
  constexpr auto e = sum(table) * sum(gain) + scale * sum(offset);
  const tg::nn::normal small{0.02};
  const auto theta = tg::nn::initialize<double>(e, 1, tg::nn::xavier{}, table = small, offset = tg::nn::uniform{2}, scale = 3);
  double square = 0;
  for (const double one : theta[table]) square += one * one / 2000;
  CHECK(std::abs(std::sqrt(square) - 0.02) < 0.001);
  CHECK((theta[scale] == 3 && theta[gain](0) == 1 && theta[gain](2) == 1));
  CHECK((theta[offset](0) != 0 && std::abs(theta[offset](0)) <= 2));
  constexpr auto others = tg::nn::initialize<double>(e, 1, gain = 0, table = 0.5F);
  STATIC_REQUIRE((others[gain](1) == 0 && others[table](7, 7) == 0.5 && others[offset](1) == 0 && others[scale] != 0));
}

TEST_CASE("training runs inside the compiler, to the same bits") {
  constexpr auto train = [] {
    constexpr tg::nn::mlp<2, 2, 1> model{};
    constexpr auto loss = tg::nn::mean_squared_error(model(x), y);
    constexpr std::array<std::array<double, 2>, 4> xs{{{0, 0}, {0, 1}, {1, 0}, {1, 1}}};
    constexpr std::array<double, 4> ys{-1, 1, 1, -1};
    auto theta = tg::nn::initialize<double>(model, 5);
    tg::optim::sgd descend(tg::optim::linear_schedule{0.5, 0.1, 10});
    for (int k = 0; k < 10; ++k) descend(theta, tg::value_and_gradient(loss)(theta, tg::batch(x = xs, y = ys)).gradient);
    return theta;
  };
  constexpr auto compiled = train();
  CHECK(train() == compiled);
  STATIC_REQUIRE(compiled.data()[0] != 0);
}

TEST_CASE("the gradient check finds a wrong derivative") {
  constexpr auto w = tg::parameter<"w">;
  const auto good = tg::check_gradient(sin(w) * exp(w), w = 0.3);
  CHECK((good && good.components == 1 && good.worst_error < 1e-9));
  const auto kink = tg::check_gradient(abs(w), w = 1e-8);  // the difference straddles the kink
  CHECK_FALSE(kink.passed);
  CHECK(std::string(kink.worst_symbol) == "w");
  CHECK_FALSE(tg::check_gradient(log(w), w = -1.0).passed);  // NaN
  CHECK(printed(kink).starts_with("gradient check FAILED: 1 components, worst error"));
}

}  // namespace
