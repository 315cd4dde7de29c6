// SPDX-License-Identifier: BSL-1.0
#include "textgpt_train.hpp"

int train_cpu(const textgpt_options& ask) { return trainer<gpt<4, 4, 128, 64, 256>>(ask).run(); }
