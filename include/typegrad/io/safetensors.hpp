// SPDX-License-Identifier: BSL-1.0
// Points in files, in the safetensors format (https://github.com/huggingface/safetensors): `save("model.safetensors", tensors("", theta))`.
// Not part of typegrad.hpp.
#pragma once

#include <typegrad/eval/point.hpp>
#include <typegrad/io/header.hpp>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <type_traits>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace typegrad::io {

/// What became of a file: nothing, or one line of error. It must be looked at.
struct [[nodiscard]] outcome {
  std::string error;
  explicit operator bool() const { return error.empty(); }
};

/// All symbols of a point, each a tensor under its name after a prefix.
template <class Point>
struct point_part {
  std::string prefix;
  Point& point;
};
template <class Point>
point_part<Point> tensors(std::string prefix, Point& point) {
  return {std::move(prefix), point};
}
/// A single number, a tensor without axes: the number of a step, the state of a generator.
template <class T>
struct number_part {
  std::string name;
  T& value;
};
template <class T>
number_part<T> number(std::string name, T& value) {
  return {std::move(name), value};
}

namespace detail {

/// Numbers in memory and what a file says of them.
struct piece {
  std::string name;
  const char* type;
  std::vector<std::uint64_t> shape;
  std::size_t bytes;
  void* data;
};

template <class T>
constexpr const char* type_name() {
  if constexpr (std::is_same_v<T, float>) return "F32";
  else if constexpr (std::is_same_v<T, double>) return "F64";
  else if constexpr (std::is_integral_v<T> && sizeof(T) == 8) return std::is_signed_v<T> ? "I64" : "U64";
  else if constexpr (std::is_integral_v<T> && sizeof(T) == 4) return std::is_signed_v<T> ? "I32" : "U32";
  else static_assert(sizeof(T) == 0, "typegrad: numbers in files are float, double, or integers of 32 or 64 bits");
}

/// What a file says of a symbol.
struct stored_symbol {
  const char* name;
  std::size_t numbers;
  int rank;
  std::uint64_t shape[most_axes];
};
template <class S>
constexpr stored_symbol stored() {
  constexpr const axis_list& axes = typegrad::detail::axes_of_shape<typename S::shape>;
  constexpr extent all = S::shape::value;
  stored_symbol result{S::text.text, static_cast<std::size_t>(all.size()), axes.count > 0 ? axes.count : all.rank, {}};
  for (int k = 0; k < result.rank; ++k) result.shape[k] = static_cast<std::uint64_t>(axes.count > 0 ? axes.at[k].size : k == 0 ? all.rows : all.cols);
  return result;
}
template <class List>
struct stored_symbols;
template <class... S>
struct stored_symbols<type_list<S...>> {
  static constexpr int count = sizeof...(S);
  static constexpr stored_symbol at[sizeof...(S) + 1] = {stored<S>()...};
};

template <class Point>
void add_pieces(std::vector<piece>& to, const point_part<Point>& part) {
  using T = typename std::remove_const_t<Point>::value_type;
  T* at = const_cast<T*>(part.point.data());
  using symbols = stored_symbols<typename std::remove_const_t<Point>::symbols>;
  for (int k = 0; k < symbols::count; ++k) {
    const stored_symbol& s = symbols::at[k];
    to.push_back({part.prefix + s.name, type_name<T>(), {s.shape, s.shape + s.rank}, s.numbers * sizeof(T), at});
    at += s.numbers;
  }
}
template <class T>
void add_pieces(std::vector<piece>& to, const number_part<T>& part) {
  to.push_back({part.name, type_name<std::remove_const_t<T>>(), {}, sizeof(T), const_cast<std::remove_const_t<T>*>(&part.value)});
}

struct closed {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using open_file = std::unique_ptr<std::FILE, closed>;

/// Written beside the file and renamed once all of it is on the disk: the old file stays until then, and if anything fails.
inline outcome write_pieces(const std::string& path, const std::vector<piece>& pieces) {
  std::string header = "{";
  std::uint64_t offset = 0;
  for (const piece& p : pieces) {
    if (header.size() > 1) header += ',';
    header += quoted(p.name) + ":{\"dtype\":\"" + p.type + "\",\"shape\":[";
    for (std::size_t k = 0; k < p.shape.size(); ++k) header += std::to_string(p.shape[k]) + (k + 1 < p.shape.size() ? "," : "");
    header += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(offset + p.bytes) + "]}";
    offset += p.bytes;
  }
  header += '}';
  while (header.size() % 8 != 0) header += ' ';
  const std::string beside = path + ".new";
  open_file file(std::fopen(beside.c_str(), "wb"));
  if (file == nullptr) return {path + ": cannot be written"};
  unsigned char length[8];
  for (std::size_t k = 0; k < 8; ++k) length[k] = static_cast<unsigned char>(static_cast<std::uint64_t>(header.size()) >> (8 * k));
  bool written = std::fwrite(length, 1, 8, file.get()) == 8 && std::fwrite(header.data(), 1, header.size(), file.get()) == header.size();
  for (const piece& p : pieces) written = written && std::fwrite(p.data, 1, p.bytes, file.get()) == p.bytes;
  written = written && std::fflush(file.get()) == 0;
#if defined(__unix__) || defined(__APPLE__)
  written = written && ::fsync(::fileno(file.get())) == 0;
#endif
  written = std::fclose(file.release()) == 0 && written;
  if (written && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  std::remove(beside.c_str());
  return {path + ": not all of it could be written; what was there stays"};
}

/// The tensor of a piece, or what is wrong with it.
inline std::string mismatch(const piece& wanted, const tensor_entry& there) {
  const auto text = [](const std::vector<std::uint64_t>& shape) {
    std::string out = "(";
    for (std::size_t k = 0; k < shape.size(); ++k) out += (k > 0 ? ", " : "") + std::to_string(shape[k]);
    return out + ")";
  };
  if (there.type != wanted.type) return quoted(wanted.name) + " is of type " + quoted(there.type) + ", " + wanted.type + " expected";
  if (there.shape != wanted.shape) return quoted(wanted.name) + " has the shape " + text(there.shape) + ", " + text(wanted.shape) + " expected";
  if (there.last - there.first != wanted.bytes)
    return quoted(wanted.name) + " has " + std::to_string(there.last - there.first) + " bytes, " + std::to_string(wanted.bytes) + " expected";
  return {};
}

/// Everything is checked before a number is changed.
inline outcome read_pieces(const std::string& path, const std::vector<piece>& pieces) {
  const auto wrong = [&](const std::string& what) { return outcome{path + ": " + what}; };
  open_file file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return wrong("cannot be read");
  std::string all;
  char block[1 << 14];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, file.get())) > 0;) all.append(block, n);
  if (std::ferror(file.get()) != 0) return wrong("cannot be read");
  if (all.size() < 8) return wrong("no safetensors file: shorter than 8 bytes");
  std::uint64_t length = 0;
  for (std::size_t k = 0; k < 8; ++k) length |= static_cast<std::uint64_t>(static_cast<unsigned char>(all[k])) << (8 * k);
  if (length > all.size() - 8) return wrong("no safetensors file, or the end is missing: the table is longer than the file");
  std::vector<tensor_entry> there;
  const std::string error = header_reader(std::string_view(all).substr(8, static_cast<std::size_t>(length))).read(there);
  if (!error.empty()) return wrong(error);
  const std::uint64_t bytes = all.size() - 8 - length;
  for (const tensor_entry& t : there) {
    if (t.first > t.last || t.last > bytes) return wrong(quoted(t.name) + " lies outside of the file; the end may be missing");
    bool known = false;
    for (const piece& p : pieces) known = known || p.name == t.name;
    if (!known) return wrong(quoted(t.name) + " is in the file, and not expected");
  }
  std::vector<const char*> from;
  for (const piece& p : pieces) {
    const tensor_entry* found = nullptr;
    for (const tensor_entry& t : there) found = t.name == p.name ? &t : found;
    if (found == nullptr) return wrong(quoted(p.name) + " is missing");
    const std::string problem = mismatch(p, *found);
    if (!problem.empty()) return wrong(problem);
    from.push_back(all.data() + 8 + length + found->first);
  }
  for (std::size_t k = 0; k < pieces.size(); ++k) std::memcpy(pieces[k].data, from[k], pieces[k].bytes);
  return {};
}

}  // namespace detail

/// Writes points and numbers to a file: `save(file, tensors("", theta), tensors("first.", rule.first), number("step", rule.step))`. An
/// interrupted or failed write leaves the old file.
template <class... Part>
outcome save(const std::string& path, const Part&... part) {
  std::vector<detail::piece> all, pieces;
  (detail::add_pieces(all, part), ...);
  for (const bool wide : {true, false})  // so that numbers stand at multiples of their size
    for (const detail::piece& p : all)
      if ((p.type[1] == '6') == wide) pieces.push_back(p);
  return detail::write_pieces(path, pieces);
}

/// Reads what `save` wrote, with the same parts. If a tensor is missing, too many, or of another type or shape, or if the file is damaged,
/// nothing is changed and the outcome says what is wrong.
template <class... Part>
outcome load(const std::string& path, const Part&... part) {
  std::vector<detail::piece> pieces;
  (detail::add_pieces(pieces, part), ...);
  return detail::read_pieces(path, pieces);
}

}  // namespace typegrad::io
