// SPDX-License-Identifier: BSL-1.0
// Pictures by gnuplot, as SVG and PNG. A picture appears under its name only when it is complete; else an older one stays.
#pragma once

#include <fmt/core.h>

#include <string>

namespace support {

/// Makes the folder if need be; an input_error if nothing can be written there.
void require_writable(const std::string& folder);

/// Writes a file, which appears under its name only when it is complete.
void write_file(const std::string& target, const std::string& content);

/// A gnuplot program: commands and data blocks, run once per format.
class plot {
 public:
  plot(int width, int height) : width_(width), height_(height) {}

  template <class... Arg>
  plot& operator()(fmt::format_string<Arg...> text, Arg&&... arg) {
    add(text, fmt::make_format_args(arg...));
    return *this;
  }

  /// Writes name.svg and name.png into the folder.
  void write(const std::string& folder, const std::string& name) const;

 private:
  void add(fmt::string_view text, fmt::format_args arg);

  int width_, height_;
  std::string program_;
};

}  // namespace support
