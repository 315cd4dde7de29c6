// SPDX-License-Identifier: BSL-1.0
// A file with one word a line, as numbers: 0 .. 25 for the letters a to z.
#pragma once

#include <string>
#include <vector>

namespace support {

/// The words of a file, in its order; an input_error names the line of what is no word of small letters.
std::vector<std::string> read_words(const std::string& file);

/// Named matrices: a line `name rows columns`, then the numbers, row after row.
struct named_matrix {
  std::string name;
  std::vector<double> values;
};
std::vector<named_matrix> read_matrices(const std::string& file);

/// All numbers in the first list of a JSON file.
std::vector<double> read_list(const std::string& file);

}  // namespace support
