// SPDX-License-Identifier: BSL-1.0
// What a region's body is made of: matrix products with what follows them, chains of elementwise operations in one loop,
// sums over the rows. Values of rows stand in packs: one vector register per element, one lane per row.
#pragma once

#include <typegrad/plan/planner.hpp>

namespace typegrad {

/// chain: elementwise operations of one size, in one loop. product: matrix times a vector per row, then a chain.
/// outer_sum: the sum over rows of u v', or of several such products of each row. row_sum: the sum over rows of a value. gather: scalars become a tensor.
/// spread: a value that all rows share is copied into packs. single: one operation, pack by pack. row_max: the largest over rows. store: a
/// result of each row goes to the caller. row_number: the number of each row.
enum class kernel { chain, product, outer_sum, row_sum, gather, spread, single, row_max, store, row_number };

/// An operand of a chain: an earlier member of it, a pack, or a number that all rows share.
struct body_operand {
  enum source { member, pack, shared } from = member;
  place at{};           // the offset is the number of the member, the place in the pack workspace, or as in `place`
  bool vector = false;  // element by element, else the first
};

/// One operation of a chain; `store` is its place in the pack workspace, or -1 if only the chain itself needs it.
struct body_member {
  body_operand operand[3]{};
  number value{};
  int store = -1;
};

struct body_step {
  kernel kind = kernel::chain;
  int first = 0;   // its first member, of a gather its first entry
  int count = 0;   // members
  int size = 1;    // elements of the chain, rows of the product, length of u
  int inner = 1;   // columns of the product, length of v
  place matrix{};  // product: the shared matrix, with the distance of rows and columns
  int row = 0;
  int column = 0;
  int left = 0;  // places in the pack workspace: the vector of a product; u and v; the operands of `single`
  int right = 0;
  int more[2] = {-1, -1};  // its third and fourth operand
  int to = 0;              // the first result in the pack workspace; of sums, in the workspace
  int root = -1;           // of sums: the root that is this sum, if it is one; then it is added up in place
  extent shape{};          // of `single`
  extent operand[most_operands]{};
  number value{};
  bool is_shared[most_operands]{};  // an operand of `single` that all rows share: its place
  place shared[most_operands]{};
  int rows_of = -1;  // of an outer sum: the load that v is, if it is one as it stands
  int times = 1;     // so many products u v' of each row, with these steps from one to the next
  int left_step = 0;
  int right_step = 0;
  int left_first = 0;  // where the first u and v stand in their tensors
  int right_first = 0;
  int left_stride = 1;  // and how far their numbers are from each other
  int right_stride = 1;
  bool mean = false;
  long long operations = 0;  // for one row
  int numbers = 0;           // read and written for one row, besides what all rows share

  /// A product of few columns is part of the loop that follows it.
  constexpr bool is_short_product() const { return kind == kernel::product && inner <= 4; }
  constexpr bool is_sum() const { return kind == kernel::outer_sum || kind == kernel::row_sum || kind == kernel::row_max; }
  /// Are rows added lane by lane, and the lanes in the end? Else columns are turned into lanes: more work for each pack, but
  /// none for each result.
  constexpr bool sums_lanes(int lanes) const { return kind == kernel::row_sum || inner < lanes || size < 4; }
  /// How many numbers a sum has.
  constexpr int results() const { return kind == kernel::outer_sum ? size * inner : size; }
};

/// A symbol whose values of a row are to be brought into packs.
struct body_load {
  int symbol;
  int offset;
  int size;
};

/// A sum over the rows, as what comes after the last row sees it.
struct body_sum {
  int to = 0;     // in the workspace
  int root = -1;  // the root that it is, if it is added up there
  int results = 0;
  bool mean = false;
  bool max = false;
};

struct body_size {
  int steps;
  int members;
  int gathered;
  int loads;
  int sums;
};

/// The kernels of a body; `workspace` in packs.
template <int N, int M, int G, int L>
struct body_plan {
  body_step steps[detail::bound(N + 1)];
  const operation* operations_of[detail::bound(M + 1)];
  struct {
    body_member members[detail::bound(M + 1)];
  } line;
  struct {
    place at[detail::bound(G + 1)];  // base -1: packs
  } gathered;
  body_load loads[detail::bound(L + 1)];
  int workspace;
  long long operations;  // for one row
};

}  // namespace typegrad
