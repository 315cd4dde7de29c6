// SPDX-License-Identifier: BSL-1.0
// The networks of the training benchmark, their data, and the same step by plain loops and with Eigen.
#pragma once

#include <typegrad/typegrad.hpp>

#include <Eigen/Core>

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

enum class loss_kind { squared_error, cross_entropy };

/// A tanh network of these widths, its batch size and its loss.
template <loss_kind Loss, int Rows, int... Width>
struct network {
  static constexpr typegrad::nn::mlp<Width...> model{};
  static constexpr int widths[sizeof...(Width)] = {Width...}, layers = sizeof...(Width) - 1, inputs = widths[0], outputs = widths[layers],
                       rows = Rows;
  static constexpr auto in = typegrad::variable<"x", typegrad::vector<inputs>>;
  static constexpr auto out = typegrad::variable<"y", typegrad::vector<outputs>>;
  static constexpr loss_kind kind = Loss;
  static constexpr auto make_loss() {
    if constexpr (Loss == loss_kind::squared_error) return typegrad::nn::mean_squared_error(model(in), out);
    else return typegrad::nn::softmax_cross_entropy(model(in), out);
  }
  static constexpr auto loss = make_loss();
  using point = decltype(typegrad::nn::initialize<float>(model, 1, typegrad::nn::xavier{}));
  static constexpr int parameters = model.parameter_count;
  /// Where the weights of a layer start, and its biases.
  static constexpr int weights(int layer) {
    int at = 0;
    for (int l = 0; l < layer; ++l) at += widths[l + 1] * (widths[l] + 1);
    return at;
  }
  static constexpr int biases(int layer) { return weights(layer) + widths[layer] * widths[layer + 1]; }
};

using moons = network<loss_kind::squared_error, 100, 2, 16, 16, 1>;
using digits = network<loss_kind::cross_entropy, 128, 64, 32, 10>;
using images = network<loss_kind::cross_entropy, 128, 784, 128, 64, 10>;

template <class Net>
struct data {
  std::vector<float> x, y;
  explicit data(int rows = Net::rows) {
    typegrad::nn::generator next(2);
    for (int i = 0; i < rows; ++i) {
      for (int k = 0; k < Net::inputs; ++k) x.push_back(static_cast<float>(next.normal()));
      for (int k = 0; k < Net::outputs; ++k)
        y.push_back(Net::kind == loss_kind::squared_error ? (i % 2 == 0 ? 1.f : -1.f) : k == i % Net::outputs ? 1.f : 0.f);
    }
  }
};

/// Row after row, plain loops, std::tanh: what most people would write first.
template <class Net>
class plain_loops {
 public:
  std::vector<float> gradient = std::vector<float>(Net::parameters);

  explicit plain_loops(const data<Net>& d) : data_(d) {}

  float step(float* theta, float rate) {
    std::fill(gradient.begin(), gradient.end(), 0.f);
    float total = 0;
    for (int i = 0; i < Net::rows; ++i) total += row(theta, data_.x.data() + i * Net::inputs, data_.y.data() + i * Net::outputs);
    for (int i = 0; i < Net::parameters; ++i) theta[i] -= rate * gradient[static_cast<std::size_t>(i)];
    return total / Net::rows;
  }

 private:
  template <int Layer>
  void forward(const float* theta) {
    constexpr int in = Net::widths[Layer], out = Net::widths[Layer + 1];
    const float *w = theta + Net::weights(Layer), *b = theta + Net::biases(Layer), *x = values_[Layer];
    for (int j = 0; j < out; ++j) {
      float sum = b[j];
      for (int k = 0; k < in; ++k) sum += w[j * in + k] * x[k];
      values_[Layer + 1][j] = Layer + 1 < Net::layers ? std::tanh(sum) : sum;
    }
    if constexpr (Layer + 1 < Net::layers) forward<Layer + 1>(theta);
  }
  template <int Layer>
  void backward(const float* theta) {
    constexpr int in = Net::widths[Layer], out = Net::widths[Layer + 1];
    float *gw = gradient.data() + Net::weights(Layer), *gb = gradient.data() + Net::biases(Layer);
    const float *w = theta + Net::weights(Layer), *g = adjoints_[Layer + 1], *x = values_[Layer];
    for (int j = 0; j < out; ++j) {
      gb[j] += g[j];
      for (int k = 0; k < in; ++k) gw[j * in + k] += g[j] * x[k];
    }
    if constexpr (Layer > 0) {
      float* const back = adjoints_[Layer];
      for (int k = 0; k < in; ++k) back[k] = 0;
      for (int j = 0; j < out; ++j)
        for (int k = 0; k < in; ++k) back[k] += w[j * in + k] * g[j];
      for (int k = 0; k < in; ++k) back[k] *= 1 - x[k] * x[k];
      backward<Layer - 1>(theta);
    }
  }
  float row(const float* theta, const float* x, const float* y) {
    for (int k = 0; k < Net::inputs; ++k) values_[0][k] = x[k];
    forward<0>(theta);
    const float* const z = values_[Net::layers];
    float* const g = adjoints_[Net::layers];
    float loss = 0;
    if constexpr (Net::kind == loss_kind::squared_error) {
      for (int k = 0; k < Net::outputs; ++k)
        loss += (z[k] - y[k]) * (z[k] - y[k]) / Net::outputs, g[k] = 2 * (z[k] - y[k]) / Net::outputs / Net::rows;
    } else {
      float largest = z[0], sum = 0;
      for (int k = 1; k < Net::outputs; ++k) largest = z[k] > largest ? z[k] : largest;
      for (int k = 0; k < Net::outputs; ++k) sum += g[k] = std::exp(z[k] - largest);
      for (int k = 0; k < Net::outputs; ++k) loss -= y[k] * (z[k] - largest), g[k] = (g[k] / sum - y[k]) / Net::rows;
      loss += std::log(sum);
    }
    backward<Net::layers - 1>(theta);
    return loss;
  }

  const data<Net>& data_;
  float values_[Net::layers + 1][784], adjoints_[Net::layers + 1][784];
};

/// Whole batches as matrices with a column for each row of the data; fixed sizes where Eigen gains by them.
template <class Net>
class eigen {
 public:
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>;
  template <int R, int C>
  using weights = Eigen::Map<Eigen::Matrix<float, R, C, C == 1 ? Eigen::ColMajor : Eigen::RowMajor>>;
  std::vector<float> gradient = std::vector<float>(Net::parameters);

  explicit eigen(const data<Net>& d) : data_(d) {
    for (int l = 0; l <= Net::layers; ++l) value_[l].resize(Net::widths[l], Net::rows), adjoint_[l].resize(Net::widths[l], Net::rows);
  }

  float step(float* theta, float rate) {
    value_[0] = Eigen::Map<const matrix>(data_.x.data(), Net::inputs, Net::rows);
    const Eigen::Map<const matrix> y(data_.y.data(), Net::outputs, Net::rows);
    forward<0>(theta);
    const matrix& z = value_[Net::layers];
    float loss;
    if constexpr (Net::kind == loss_kind::squared_error) {
      adjoint_[Net::layers] = z - y;
      loss = adjoint_[Net::layers].squaredNorm() / Net::outputs / Net::rows;
      adjoint_[Net::layers] *= 2.f / Net::outputs / Net::rows;
    } else {
      shifted_ = z.rowwise() - z.colwise().maxCoeff();
      matrix& e = adjoint_[Net::layers];
      e = shifted_.array().exp();
      sum_ = e.colwise().sum();
      loss = (sum_.array().log().sum() - (shifted_.array() * y.array()).sum()) / Net::rows;
      e = ((e.array().rowwise() / sum_.array()) - y.array()) / static_cast<float>(Net::rows);
    }
    backward<Net::layers - 1>(theta);
    Eigen::Map<Eigen::VectorXf>(theta, Net::parameters) -= rate * Eigen::Map<Eigen::VectorXf>(gradient.data(), Net::parameters);
    return loss;
  }

 private:
  template <int Layer>
  void forward(float* theta) {
    constexpr int in = Net::widths[Layer], out = Net::widths[Layer + 1];
    const weights<out, in> w(theta + Net::weights(Layer));
    const weights<out, 1> b(theta + Net::biases(Layer));
    value_[Layer + 1].noalias() = w * value_[Layer];
    if constexpr (Layer + 1 < Net::layers) {
      value_[Layer + 1] = (value_[Layer + 1].colwise() + b).array().tanh();
      forward<Layer + 1>(theta);
    } else {
      value_[Layer + 1].colwise() += b;
    }
  }
  template <int Layer>
  void backward(float* theta) {
    constexpr int in = Net::widths[Layer], out = Net::widths[Layer + 1];
    weights<out, in>(gradient.data() + Net::weights(Layer)).noalias() = adjoint_[Layer + 1] * value_[Layer].transpose();
    weights<out, 1>(gradient.data() + Net::biases(Layer)) = adjoint_[Layer + 1].rowwise().sum();
    if constexpr (Layer > 0) {
      adjoint_[Layer].noalias() = weights<out, in>(theta + Net::weights(Layer)).transpose() * adjoint_[Layer + 1];
      adjoint_[Layer].array() *= 1 - value_[Layer].array().square();
      backward<Layer - 1>(theta);
    }
  }

  const data<Net>& data_;
  matrix value_[Net::layers + 1], adjoint_[Net::layers + 1], shifted_;
  Eigen::Matrix<float, 1, Eigen::Dynamic> sum_;
};

/// The library.
template <class Net>
class ours {
 public:
  typename Net::point gradient;

  explicit ours(const data<Net>& d) : data_(d) {}

  float step(typename Net::point& theta, float rate) {
    const auto& result = evaluated(theta);
    typegrad::optim::sgd{rate}(theta, result.gradient);
    return result.value;
  }
  /// The same with the gradient kept, for comparisons.
  float observed(typename Net::point& theta) {
    const auto& result = evaluated(theta);
    gradient = result.gradient;
    return result.value;
  }

 private:
  const auto& evaluated(const typename Net::point& theta) {
    const auto rows = typegrad::batch(Net::in = data_.x, Net::out = data_.y);
    static auto memory = typegrad::value_and_gradient(Net::loss).storage(theta, rows);
    return typegrad::value_and_gradient(Net::loss)(theta, rows, typegrad::into(memory));
  }

  const data<Net>& data_;
};
