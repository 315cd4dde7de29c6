// SPDX-License-Identifier: BSL-1.0
// The header of a safetensors file: names, number types, shapes and places of its tensors, as JSON. Whatever the bytes are, reading them ends in a
// table or in one line of error.
#pragma once

#include <typegrad/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace typegrad::io {

/// One tensor of a file: bytes first .. last after the header.
struct tensor_entry {
  std::string name;
  std::string type;  // F32, F64, I64, U64, ...
  std::vector<std::uint64_t> shape;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

namespace detail {

inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    constexpr char digits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\', out += c;
    else if (byte < 0x20) out += "\\u00", out += digits[byte / 16], out += digits[byte % 16];
    else out += c;
  }
  return out + '"';
}

/// Reads the JSON of a header, which is an object of objects; the first problem ends it.
class header_reader {
 public:
  explicit header_reader(std::string_view text) : text_(text) {}

  /// An empty string, or what is wrong.
  std::string read(std::vector<tensor_entry>& to) {
    list('{', '}', [&] {
      tensor_entry entry;
      entry.name = string();
      expect(':');
      if (entry.name == "__metadata__") return metadata();
      tensor(entry);
      if (to.size() == 10'000) return fail("more than 10,000 tensors");
      for (const tensor_entry& other : to)
        if (other.name == entry.name) fail("a name stands twice");
      to.push_back(entry);
    });
    while (error_.empty() && at_ < text_.size())
      if (text_[at_++] != ' ') fail("something follows the table");
    return error_;
  }

 private:
  void fail(const char* what) {
    if (error_.empty()) error_ = what;
    at_ = text_.size();
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  bool take(char c) {
    skip();
    const bool there = at_ < text_.size() && text_[at_] == c;
    at_ += there ? 1 : 0;
    return there;
  }
  void expect(char c) {
    if (!take(c)) fail("the table is no JSON of tensors");
  }
  template <class F>
  void list(char open, char close, F one) {
    expect(open);
    if (!error_.empty() || take(close)) return;
    do one();
    while (error_.empty() && take(','));
    expect(close);
  }
  std::string string() {
    std::string out;
    expect('"');
    while (error_.empty()) {
      if (at_ >= text_.size()) return fail("the table ends within a text"), out;
      const char c = text_[at_++];
      if (c == '"') return out;
      out += c == '\\' ? escaped() : c;
    }
    return out;
  }
  char escaped() {
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    if (c == '"' || c == '\\' || c == '/') return c;
    if (c == 'n' || c == 't') return c == 'n' ? '\n' : '\t';
    unsigned code = 0;
    for (int k = 0; c == 'u' && k < 4 && at_ < text_.size(); ++k) {
      const char h = text_[at_++];
      const bool digit = h >= '0' && h <= '9', letter = (h >= 'a' && h <= 'f') || (h >= 'A' && h <= 'F');
      if (!digit && !letter) return fail("a text has an escape that is unknown"), '\0';
      code = 16 * code + static_cast<unsigned>(digit ? h - '0' : (h | 0x20) - 'a' + 10);
    }
    if (c != 'u' || code > 0x7f) fail("a text has an escape that is unknown");
    return static_cast<char>(code & 0x7f);
  }
  std::uint64_t number() {
    skip();
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_, ++digits)
      value = 10 * value + static_cast<std::uint64_t>(text_[at_] - '0');
    if (digits == 0 || digits > 18) fail("a size is no whole number");
    return value;
  }
  void metadata() {
    list('{', '}', [&] { (void)string(), expect(':'), (void)string(); });
  }
  void tensor(tensor_entry& entry) {
    int found = 0;
    list('{', '}', [&] {
      const std::string key = string();
      expect(':');
      if (key == "dtype") {
        entry.type = string(), found |= 1;
      } else if (key == "shape") {
        list('[', ']', [&] { entry.shape.push_back(number()); }), found |= 2;
      } else if (key == "data_offsets") {
        std::vector<std::uint64_t> both;
        list('[', ']', [&] { both.push_back(number()); });
        if (both.size() != 2) return fail("data_offsets are not two numbers");
        entry.first = both[0], entry.last = both[1], found |= 4;
      } else {
        fail("a tensor has a field that is unknown");
      }
    });
    if (found != 7) fail("a tensor lacks dtype, shape or data_offsets");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace detail
}  // namespace typegrad::io
