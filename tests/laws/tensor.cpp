// SPDX-License-Identifier: BSL-1.0
#include <laws/laws.hpp>

namespace laws {

using namespace tg::literals;

namespace {
constexpr auto s = tg::variable<"s">;
constexpr auto u = tg::variable<"u", tg::vector<3>>;
constexpr auto v = tg::variable<"v", tg::vector<3>>;
constexpr auto w = tg::variable<"w", tg::vector<2>>;
constexpr auto A = tg::variable<"A", tg::matrix<2, 3>>;
constexpr auto B = tg::variable<"B", tg::matrix<3, 4>>;
constexpr auto C = tg::variable<"C", tg::matrix<2, 3>>;
}  // namespace

std::vector<law_case> tensor_cases() {
  return {
      make(dot(u, v), "dot", "dot(u, v)", -3, 3),
      make(dot(u, u), "dot with itself", "dot(u, u)", -3, 3),
      make(A * u, "matrix times vector", "A*u", -3, 3),
      make(A * B, "matrix times matrix", "A*B", -3, 3),
      make(transpose(A) * w, "transposed times vector", "transpose(A)*w", -3, 3),
      make(transpose(A) * C, "transposed times matrix", "transpose(A)*C", -3, 3),
      make(A * transpose(C), "matrix times transposed", "A*transpose(C)", -3, 3),
      make(transpose(B) * transpose(A), "transposed times transposed", "transpose(B)*transpose(A)", -3, 3),
      make(transpose(A), "transpose", "transpose(A)", -3, 3),
      make(outer(u, w), "outer", "outer(u, w)", -3, 3),
      make(sum(A), "sum", "sum(A)", -3, 3),
      make(mean(u), "mean", "mean(u)", -3, 3),
      make(sum(square(A * u - w)), "least squares", "sum((A*u - w)^2)", -3, 3),
      make(logsumexp(u), "logsumexp", "logsumexp(u)", -3, 3),
      make(softmax(u), "softmax", "softmax(u)", -3, 3),
      make(tg::at<1>(u) * tg::at<0>(u), "at, vector", "u[1]*u[0]", -3, 3),
      make(tg::at<1, 2>(A) * s, "at, matrix", "A[1,2]*s", -3, 3),
      make(tg::at<1>(A * u), "at of a product", "(A*u)[1]", -3, 3),
      make(tg::stack(s, tg::at<0>(u), s * s), "stack", "[s, u[0], s*s]", -3, 3),
      make(A * tg::stack(s, sin(s), tg::at<2>(v)), "matrix times stack", "A*[s, sin(s), v[2]]", -3, 3),
      make(s * A + C, "scaled matrix", "s*A + C", -3, 3),
      make(mean(tanh(A * tanh(u) + w)), "two layers", "mean(tanh(A*tanh(u) + w))", -3, 3),
      make(tg::hessian(exp(dot(u, u) / 8_c), u) * v, "hessian times vector", to_string(tg::hessian(exp(dot(u, u) / 8_c), u) * v), -1, 1),
  };
}

}  // namespace laws
