// SPDX-License-Identifier: BSL-1.0
// Pictures by gnuplot, as SVG and PNG. A picture appears under its name only when it is complete.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace support {

/// Makes the folder if need be; an input_error if nothing can be written there.
void require_writable(const std::filesystem::path& folder);

/// A gnuplot program: commands and data blocks, run once per format.
class plot {
 public:
  plot(int width, int height) : width_(width), height_(height) {}

  template <class... Arg>
  plot& operator()(fmt::format_string<Arg...> text, Arg&&... arg) {
    program_ += fmt::format(text, std::forward<Arg>(arg)...);
    program_ += '\n';
    return *this;
  }

  /// Writes base.svg and base.png.
  void write(const std::filesystem::path& base) const;

 private:
  void run(const std::filesystem::path& base, const char* extension, const std::string& terminal) const;

  int width_, height_;
  std::string program_;
};

}  // namespace support
