// SPDX-License-Identifier: BSL-1.0
#include "textgpt_train.hpp"

int train_small(const textgpt_options& ask) { return trainer<gpt<4, 4, 64, 32, 256>>(ask).run(); }
