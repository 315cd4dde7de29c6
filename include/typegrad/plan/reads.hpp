// SPDX-License-Identifier: BSL-1.0
// Which results of a recurrence somebody reads. The others have their places, but are not computed.
#pragma once

#include <typegrad/graph/import.hpp>
#include <typegrad/graph/symbols.hpp>
#include <typegrad/op/scan.hpp>

namespace typegrad::detail {

/// So many outputs of a step are told apart; what comes after them counts as read.
inline constexpr int most_told_apart = 30;

/// Of one recurrence: are the carries before each step read, and which numbers of the outputs of a step?
class results_read {
 public:
  constexpr results_read(const scan_info& of) : of_(of), outputs_(of.output, false) {}

  /// What the readers of vertex y read.
  constexpr void look_at(const graph_view& graph, int y) {
    for (int r = 0; r < graph.root_count; ++r)
      if (graph.roots[r] == y) all();
    for (int i = y + 1; i < graph.size; ++i)
      for (int k = 0; k < graph.vertices[i].count; ++k)
        if (graph.operand(graph.vertices[i], k) == y) read_by(graph, graph.vertices[i], k);
  }
  /// Bit 0: nobody reads the carries before each step; bit 1 + k: nobody reads output k.
  constexpr int unread(const int* starts, int count) const {
    int bits = carries_ || !of_.keeps ? 0 : 1;
    for (int k = 0; k < count && k < most_told_apart; ++k) {
      bool read = false;
      for (int n = starts[k]; n < starts[k + 1]; ++n) read = read || outputs_.items[n];
      if (!read) bits |= 2 << k;
    }
    return bits;
  }

 private:
  constexpr void read_by(const graph_view& graph, const vertex& reader, int k) {
    if (reader.op == &describe<op::contract>) return read_along(graph.contraction_of(reader), k);
    if (reader.op == &describe<op::at>) {  // one number
      contraction one;
      one.from[0] = static_cast<int>(reader.value.num) * graph.vertices[reader.arg[0]].shape.cols + reader.value.exponent;
      return read_along(one, 0);
    }
    const bool back = reader.op == &describe<op::scan> && k == 1 && is_pullback(*graph.contraction_of(reader).scan);
    if (!back) all();
    else mark(carries_), mark_outputs(0, of_.output - 1);
  }
  constexpr bool is_pullback(const scan_info& reader) const {
    return (of_.back != nullptr && reader.id == of_.back->id) || (of_.back_last != nullptr && reader.id == of_.back_last->id);
  }
  /// The numbers that the loops of a contraction reach.
  constexpr void read_along(const contraction& c, int k) {
    const int before = of_.carry + of_.kept();
    int first = c.from[k], last = first, last_of_step = first - before;
    for (int l = 0; l < c.count; ++l) {
      const int step = c.loops[l].from[k], reach = (c.loops[l].size - 1) * step;
      if (step < 0) return all();
      last += reach;
      if (of_.output == 0 || step % of_.output != 0) last_of_step += reach;
    }
    if (last < of_.carry) return;
    if (last < before) return mark(carries_);
    if (first < before || of_.output == 0) return all();
    const int start = (first - before) % of_.output, end = start + last_of_step - (first - before);
    if (end >= of_.output) return mark_outputs(0, of_.output - 1);
    mark_outputs(start, end);
  }
  static constexpr void mark(bool& read) { read = true; }
  constexpr void mark_outputs(int first, int last) {
    for (int n = first; n <= last; ++n) outputs_.items[n] = true;
  }
  constexpr void all() { mark(carries_), mark_outputs(0, of_.output - 1); }

  const scan_info& of_;
  bool carries_ = false;
  buffer<bool> outputs_;
};

/// The outputs of a step, a bit each, of which these are left; where each of them starts among all numbers that a step makes.
template <int Unread, int Carry, class Outputs>
struct outputs_left;
template <int Unread, int Carry, class... O>
struct outputs_left<Unread, Carry, type_list<O...>> {
  static constexpr int count = static_cast<int>(sizeof...(O));
  struct table {
    int at[bound(count + 1)];
  };
  static constexpr bool is_left(int k) { return k >= most_told_apart || (Unread >> (k + 1)) % 2 == 0; }
  static constexpr table starts = [] {
    table made{};
    const int sizes[] = {O::shape::value.size()..., 0};
    for (int k = 0; k < count; ++k) made.at[k + 1] = made.at[k] + sizes[k];
    return made;
  }();
  template <std::size_t... K>
  static constexpr auto list(std::index_sequence<K...>) {
    return typename concatenate<std::conditional_t<is_left(static_cast<int>(K)), type_list<O>, type_list<>>...>::type{};
  }
  using type = decltype(list(std::index_sequence_for<O...>{}));
  static constexpr table offsets = [] {
    table made{};
    for (int k = 0, n = 0; k < count; ++k)
      if (is_left(k)) made.at[n++] = Carry + starts.at[k];
    return made;
  }();
};

/// A recurrence by its id, without the results that nobody reads. (A short name: those of functions do not grow with the formulas of a step.)
template <int Id, int Unread>
struct short_recurrence;
template <class R>
struct short_name {
  using type = short_recurrence<R::id, 0>;
};
template <>
struct short_name<void> {
  using type = void;
};
template <int Id, int Unread>
struct short_recurrence : recurrence_class<Id> {
  using whole = recurrence_class<Id>;
  using forward = typename short_name<typename whole::forward>::type;
  using outputs = outputs_left<Unread, whole::info.carry, typename whole::outputs>;
  using results = typename concatenate<typename whole::next, typename outputs::type>::type;
  static constexpr bool keeps = whole::info.keeps && Unread % 2 == 0;
  /// Two carries that take turns have room where those stand that nobody reads.
  static constexpr bool turns_in_results = !keeps && whole::info.kept() >= 2 * whole::info.carry;
};

}  // namespace typegrad::detail
