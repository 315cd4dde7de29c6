// SPDX-License-Identifier: BSL-1.0
// Memory for a call that needs much of it: `static auto memory = program.storage(theta, tg::batch(x = xs));`, then
// `program(theta, tg::batch(x = xs), tg::into(memory))`.
#pragma once

#include <typegrad/eval/bind.hpp>
#include <typegrad/eval/region.hpp>

namespace typegrad {

namespace detail {

template <class Recipe>
constexpr bool runs_over_rows() {
  if constexpr (within_limits<Recipe>::value) return plan_of<Recipe>::size.vertices != 0;
  else return false;
}

/// What a call of the program of Recipe computes in, besides results: shared values, a tile of rows, the sums of a shard.
template <class Recipe, class T, bool Rows = runs_over_rows<Recipe>()>
struct call_memory {
  alignas(64) T workspace[plan_of<Recipe>::value.workspace + 1];
  call_memory() {}  // nothing is written
};
template <class Recipe, class T>
struct call_memory<Recipe, T, true> {
  alignas(64) T workspace[plan_of<Recipe>::value.workspace + 1];
  tile_memory<Recipe, T> tile;
  shard_sums<plan_of<Recipe>, T> sums;
  call_memory() {}
};
// long double has no lanes: rows are done one by one, in memory of their own
template <class Recipe>
struct call_memory<Recipe, long double, true> : call_memory<Recipe, long double, false> {};

}  // namespace detail

/// The result of a call and all that it computes in. Make it where there is room: a static object, a member, on the heap.
template <class Result, class Memory>
struct call_storage {
  using result_type = Result;
  Result result;
  Memory memory;

  call_storage() : result{} {}
};

/// An argument of a call: compute in this memory, and return a reference to the result there. What the memory held is overwritten.
template <class Storage>
struct into_type {
  Storage& storage;
};
template <class Result, class Memory>
constexpr auto into(call_storage<Result, Memory>& storage) {
  return into_type<call_storage<Result, Memory>>{storage};
}

namespace detail {

template <class Storage>
inline constexpr bool is_into<into_type<Storage>> = true;

template <class Storage>
struct source<into_type<Storage>> {
  static constexpr bool known = true;
  using number_type = float;  // gives way to any other
  template <class S>
  static constexpr int provides = 0;
  static constexpr int find(const symbol_info&) { return -1; }
  static constexpr problem problem_at(int, const symbol_info&) { return problem::none; }
  static constexpr bool has_rows(const symbol_info&) { return false; }
};

template <class First, class... Rest>
constexpr auto& storage_among(const First& first, const Rest&... rest) {
  if constexpr (is_into<First>) return first.storage;
  else return storage_among(rest...);
}

template <unsigned long long Bytes>
struct stack_of_call {
  static constexpr bool fits = Bytes <= most_stack;
};

/// The stack for the result and the memory of a call, unless it is told to use other memory.
template <class Storage, class... Arg>
using stack_for = stack_of_call<(is_into<Arg> || ...) ? 0 : sizeof(Storage)>;

/// Is memory that is given for just such a call?
template <class Storage, class... Arg>
struct memory_given {
  static constexpr bool fits = ((!is_into<Arg> || std::is_same_v<Arg, into_type<Storage>>) && ...);
};

template <class Storage, class... Arg>
constexpr bool check_memory() {
  using stack = stack_for<Storage, Arg...>;
  using memory = memory_given<Storage, Arg...>;
  static_assert(stack::fits,
                "typegrad: this call needs more than 256 KB of stack; give it memory: static auto memory = program.storage(theta, ...); "
                "program(theta, ..., tg::into(memory)); for evaluate(e, ...) it is tg::storage(e, ...)");
  static_assert(memory::fits, "typegrad: tg::into(memory): this memory was made for another call");
  return stack::fits && memory::fits;
}

}  // namespace detail
}  // namespace typegrad
