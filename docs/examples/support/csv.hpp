// SPDX-License-Identifier: BSL-1.0
// Reads numbers from a comma-separated file; bad input is one line: file, line, column, the text, what was expected.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace support {

/// Bad input of the user's; its text is what the program prints before it exits with status 2.
struct input_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct table {
  int columns = 0;
  std::vector<double> values;  // row after row
  std::vector<int> lines;      // the line of the file that each row came from

  int rows() const { return static_cast<int>(lines.size()); }
  int line_of(int row) const { return lines[static_cast<std::size_t>(row)]; }
  double operator()(int row, int column) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
  }
};

/// All bytes of a file.
std::string read_bytes(const std::string& file);

/// All rows of a file with the given number of columns. A first row of which no field is a number is a header.
table read_csv(const std::string& file, int columns);

}  // namespace support
