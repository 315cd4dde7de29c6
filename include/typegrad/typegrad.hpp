// SPDX-License-Identifier: BSL-1.0
// typegrad: the gradient is a type. This header includes the whole library, in the order in which it is told.
#pragma once

// formulas
#include <typegrad/expr/fixed_string.hpp>
#include <typegrad/expr/shape.hpp>
#include <typegrad/expr/number.hpp>
#include <typegrad/expr/operation.hpp>
#include <typegrad/expr/expression.hpp>
#include <typegrad/expr/symbol.hpp>
#include <typegrad/expr/buffer.hpp>
#include <typegrad/expr/arena.hpp>
#include <typegrad/expr/constant.hpp>
// operations
#include <typegrad/op/elementwise.hpp>
#include <typegrad/op/arithmetic.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/comparison.hpp>
#include <typegrad/op/power.hpp>
#include <typegrad/op/pow.hpp>
#include <typegrad/op/trigonometric.hpp>
#include <typegrad/op/activation.hpp>
#include <typegrad/op/piecewise.hpp>
#include <typegrad/op/reduce.hpp>
#include <typegrad/op/product.hpp>
#include <typegrad/op/softmax.hpp>
#include <typegrad/op/element.hpp>
// graphs, derivatives
#include <typegrad/graph/import.hpp>
#include <typegrad/graph/graph.hpp>
#include <typegrad/graph/symbols.hpp>
#include <typegrad/graph/writer.hpp>
#include <typegrad/graph/print.hpp>
#include <typegrad/diff/forward.hpp>
#include <typegrad/diff/reverse.hpp>
#include <typegrad/diff/gradient.hpp>
// evaluation
#include <typegrad/plan/counts.hpp>
#include <typegrad/plan/plan.hpp>
#include <typegrad/eval/tensor.hpp>
#include <typegrad/eval/elements.hpp>
#include <typegrad/eval/point.hpp>
#include <typegrad/eval/bind.hpp>
#include <typegrad/eval/batch.hpp>
#include <typegrad/eval/call.hpp>
#include <typegrad/eval/execute.hpp>
#include <typegrad/eval/evaluate.hpp>
// networks, descent, checks
#include <typegrad/nn/activation.hpp>
#include <typegrad/nn/neuron.hpp>
#include <typegrad/nn/layer.hpp>
#include <typegrad/nn/mlp.hpp>
#include <typegrad/nn/loss.hpp>
#include <typegrad/nn/initialize.hpp>
#include <typegrad/optim/sgd.hpp>
#include <typegrad/check/gradient.hpp>
