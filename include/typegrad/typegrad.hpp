// SPDX-License-Identifier: BSL-1.0
// typegrad: the gradient is a type. This header includes the whole library.
#pragma once

#include <typegrad/check/gradient.hpp>
#include <typegrad/diff/gradient.hpp>
#include <typegrad/eval/evaluate.hpp>
#include <typegrad/graph/print.hpp>
#include <typegrad/nn/initialize.hpp>
#include <typegrad/nn/loss.hpp>
#include <typegrad/nn/mlp.hpp>
#include <typegrad/nn/neuron.hpp>
#include <typegrad/op/activation.hpp>
#include <typegrad/op/piecewise.hpp>
#include <typegrad/op/trigonometric.hpp>
#include <typegrad/optim/sgd.hpp>
