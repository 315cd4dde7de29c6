// SPDX-License-Identifier: BSL-1.0
// The body of a region as kernels: matrix products with what follows them, chains of elementwise operations in one loop,
// sums over the rows. Values of rows stand in packs: one vector register per element, one lane per row.
#pragma once

#include <typegrad/plan/planner.hpp>

namespace typegrad {

/// chain: elementwise operations of one size, in one loop. product: matrix times a vector per row, then a chain.
/// outer_sum: the sum over rows of u v'. row_sum: the sum over rows of a value. gather: scalars become a tensor.
/// spread: a value that all rows share is copied into packs. single: one operation, pack by pack.
enum class kernel { chain, product, outer_sum, row_sum, gather, spread, single };

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
  int to = 0;      // the first result in the pack workspace; of sums, in the workspace
  int root = -1;   // of sums: the root that is this sum, if it is one; then it is added up in place
  extent shape{};  // of `single`
  extent operand[2]{};
  number value{};
  int rows_of = -1;  // of an outer sum: the load that v is, if it is one as it stands
  bool mean = false;
  long long operations = 0;  // for one row
  int numbers = 0;           // read and written for one row, besides what all rows share

  /// A product of few columns is part of the loop that follows it.
  constexpr bool is_short_product() const { return kind == kernel::product && inner <= 4; }
  constexpr bool is_sum() const { return kind == kernel::outer_sum || kind == kernel::row_sum; }
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
  body_step steps[N + 1];
  const operation* operations_of[M + 1];
  struct {
    body_member members[M + 1];
  } line;
  struct {
    place at[G + 1];  // base -1: packs
  } gathered;
  body_load loads[L + 1];
  int workspace;
  long long operations;  // for one row
};

namespace detail {

/// More members than this in one chain gain nothing; a chain is one function's straight line.
inline constexpr int chain_limit = 96;

class body_planner {
 public:
  constexpr body_planner(const graph_view& graph, const place* places, int rows_base)
      : graph_(graph),
        places_(places),
        rows_base_(rows_base),
        step_(graph.size, -1),
        last_(graph.size, -1),
        offset_(graph.size, -1),
        spread_(graph.size, -1),
        member_(graph.size, -1),
        uses_(graph.size, 0),
        summed_(graph.size, 0),
        root_(graph.size, -1) {
    count_uses();
    for (int i = 0; i < graph.size; ++i) visit(i);
    allocate();
  }

  constexpr body_size size() const { return {steps_.size(), members_.size(), gathered_.size(), loads_.size(), sums_}; }

  template <class Plan>
  constexpr void write(Plan& to) const {
    int members = 0;
    for (int s = 0; s < steps_.size(); ++s) {
      to.steps[s] = steps_.items[s];
      if (steps_.items[s].kind != kernel::gather) to.steps[s].first = members;
      for (int m = heads_.items[s]; m >= 0; m = members_.items[m].next, ++members) {
        to.line.members[members] = written(members_.items[m].vertex, s);
        to.operations_of[members] = at(members_.items[m].vertex).op;
      }
    }
    for (int k = 0; k < gathered_.size(); ++k) {
      const body_operand o = operand(gathered_.items[k], -2);
      to.gathered.at[k] = {o.from == body_operand::pack ? -1 : o.at.base, o.at.offset};
    }
    for (int l = 0; l < loads_.size(); ++l) {
      const int i = loads_.items[l].vertex;
      to.loads[l] = {loads_.items[l].symbol, offset_.items[i], at(i).shape.size()};
    }
    to.workspace = memory_.total();
    for (int s = 0; s < steps_.size(); ++s) count_work(s, to.steps[s]), to.operations += to.steps[s].operations;
  }

 private:
  struct entry {
    int vertex = -1;
    int next = -1;
  };
  struct load {
    int symbol = 0;
    int vertex = 0;
  };

  constexpr const vertex& at(int i) const { return graph_.vertices[i]; }
  constexpr bool is(int i, const operation& op) const { return at(i).op == &op; }
  /// All rows have the same value; the weight of a row is one, too.
  constexpr bool shared(int i) const { return !at(i).varies || is(i, describe<op::row_weight>); }
  constexpr place shared_place(int i) const { return is(i, describe<op::row_weight>) ? place{rows_base_, at(i).value.is(1) ? 1 : 2} : places_[i]; }

  constexpr void count_uses() {
    for (int i = 0; i < graph_.size; ++i)
      for (int k = 0; k < at(i).count; ++k) {
        const int a = graph_.operand(at(i), k);
        ++uses_.items[a], summed_.items[a] += k == 0 && is_region(at(i).op) ? 1 : 0;
      }
    for (int r = 0; r < graph_.root_count; ++r) ++uses_.items[graph_.roots[r]], root_.items[graph_.roots[r]] = r;
  }

  // ---- which step computes what

  /// The vertex whose packs hold the value: an element is part of its tensor, what is broadcast is its scalar.
  constexpr int holder(int i) const {
    while (!shared(i) && (is(i, describe<op::at>) || is(i, describe<op::broadcast>))) i = at(i).arg[0];
    return i;
  }
  constexpr int new_step(kernel kind, int vertex) {
    body_step step;
    step.kind = kind;
    step.size = at(vertex).shape.size();
    steps_.push(step);
    heads_.push(-1), tails_.push(-1), vertices_.push(vertex);
    return steps_.size() - 1;
  }
  constexpr void add_member(int step, int vertex) {
    const int m = members_.size();
    members_.push({vertex, -1});
    (tails_.items[step] < 0 ? heads_.items[step] : members_.items[tails_.items[step]].next) = m;
    tails_.items[step] = m;
    ++steps_.items[step].count;
  }
  constexpr void define_member(int step, int vertex) {
    step_.items[vertex] = step;
    member_.items[vertex] = steps_.items[step].count;
    add_member(step, vertex);
  }
  /// The step reads the packs of this vertex.
  constexpr void read(int vertex, int step) {
    const int i = spread_.items[vertex] >= 0 && spread_.items[vertex] != step ? vertex : holder(vertex);
    if (step_.items[i] != step && last_.items[i] < step) last_.items[i] = step;
  }

  constexpr void visit(int i) {
    const vertex& v = at(i);
    if (v.symbol != nullptr) ++symbols_;
    if (is_region(v.op)) return sum(i);
    if (shared(i) || is(i, describe<op::at>) || is(i, describe<op::broadcast>)) return;
    if (v.symbol != nullptr) return loads_.push({symbols_ - 1, i});
    if (is(i, describe<op::stack>)) return gather(i);
    if (v.op->elementwise) return chain(i);
    if (is_product(v)) return product(i);
    if (is(i, describe<op::outer>) && only_summed(i)) return;
    single(i);
  }

  /// An elementwise operation joins the loop that makes the latest of its operands, if it runs over the same elements.
  constexpr void chain(int i) {
    const vertex& v = at(i);
    int latest = -1;
    bool same_loop = true;
    for (int k = 0; k < v.count; ++k) {
      const int a = holder(v.arg[k]);
      if (shared(a) || step_.items[a] < latest) continue;
      const bool fits = at(a).shape == v.shape && !is(v.arg[k], describe<op::at>);
      same_loop = step_.items[a] > latest ? fits : same_loop && fits;
      latest = step_.items[a];
    }
    int step = latest >= 0 && same_loop && is_open(latest) ? latest : later_chain(latest, v.shape);
    if (step < 0) step = new_step(kernel::chain, i);
    define_member(step, i);
    for (int k = 0; k < v.count; ++k)
      if (!shared(holder(v.arg[k]))) read(holder(v.arg[k]), step);
  }

  constexpr bool is_open(int step) const {
    const body_step& s = steps_.items[step];
    return (s.kind == kernel::chain || s.kind == kernel::product) && s.count < chain_limit;
  }
  /// A loop over the same elements after this step, among the last few; or -1.
  constexpr int later_chain(int step, extent shape) const {
    for (int s = steps_.size() - 1; s > step && s >= steps_.size() - 4; --s)
      if (is_open(s) && at(vertices_.items[s]).shape == shape) return s;
    return -1;
  }

  constexpr void gather(int i) {
    const int step = step_.items[i] = new_step(kernel::gather, i);
    steps_.items[step].first = gathered_.size();
    for (int k = 0; k < at(i).count; ++k) {
      const int a = graph_.operand(at(i), k);
      gathered_.push(a);
      if (!shared(holder(a))) read(holder(a), step);
    }
  }

  /// A shared matrix times a vector of the row; `dot` of a shared vector counts as one.
  constexpr bool is_product(const vertex& v) const {
    if (v.op == &describe<op::dot>) return shared(v.arg[0]) || shared(v.arg[1]);
    return v.op == &describe<op::matmul> && v.shape.rank == 1 && shared(v.arg[0]);
  }
  constexpr void product(int i) {
    const vertex& v = at(i);
    const bool dot = v.op == &describe<op::dot>, turned = !dot && op::matmul::left_transposed(v.value);
    const int mine = shared(v.arg[0]) ? 1 : 0, matrix = v.arg[1 - mine], x = packed(v.arg[mine]);
    const int step = new_step(kernel::product, i), columns = at(matrix).shape.cols;
    body_step& s = steps_.items[step];
    s.inner = at(x).shape.rows;
    s.matrix = places_[matrix];
    s.row = dot ? 0 : turned ? 1 : columns;
    s.column = dot ? 1 : turned ? columns : 1;
    s.left = x;  // vertices become places in the end
    read(x, step);
    define_member(step, i);
  }

  constexpr bool only_summed(int i) const { return uses_.items[i] == summed_.items[i]; }
  constexpr void sum(int i) {
    const int a = at(i).count <= 3 ? at(i).arg[0] : graph_.operand(at(i), 0);
    const bool outer = is(a, describe<op::outer>) && only_summed(a);
    const int left = packed(outer ? at(a).arg[0] : a), right = outer ? packed(at(a).arg[1]) : -1;
    const int step = new_step(outer ? kernel::outer_sum : kernel::row_sum, i);
    ++sums_;
    body_step& s = steps_.items[step];
    s.left = left, s.right = right;
    if (outer) s.size = at(left).shape.rows, s.inner = at(right).shape.rows;
    s.mean = is(i, describe<op::mean_over>);
    for (int l = 0; l < loads_.size() && outer; ++l)
      if (loads_.items[l].vertex == right) s.rows_of = l;
    s.to = places_[i].offset;
    s.root = uses_.items[i] == 1 ? root_.items[i] : -1;
    read(left, step);
    if (outer) read(right, step);
  }

  constexpr void single(int i) {
    const vertex& v = at(i);
    int operand[3] = {};
    for (int k = 0; k < v.count; ++k) operand[k] = packed(v.arg[k]);
    const int step = step_.items[i] = new_step(kernel::single, i);
    body_step& s = steps_.items[step];
    s.left = operand[0], s.right = v.count > 1 ? operand[1] : -1;
    s.shape = v.shape, s.value = v.value;
    for (int k = 0; k < v.count; ++k) s.operand[k] = at(v.arg[k]).shape, read(operand[k], step);
    add_member(step, i);
  }

  /// The same vertex, after it was made sure that packs hold all its elements: what is shared or broadcast is copied.
  constexpr int packed(int i) {
    if (!shared(i) && !is(i, describe<op::broadcast>)) return i;
    if (spread_.items[i] >= 0) return i;
    const int step = step_.items[i] = spread_.items[i] = new_step(kernel::spread, i), from = holder(i);
    steps_.items[step].left = shared(from) ? -1 : from;
    if (shared(from))
      steps_.items[step].matrix = shared_place(from), steps_.items[step].column = from == i && !is(i, describe<op::row_weight>) ? 1 : 0;
    else if (last_.items[from] < step) last_.items[from] = step;
    return i;
  }

  // ---- where it is

  constexpr void allocate() {
    buffer<int> first(steps_.size(), -1), next(graph_.size, -1);  // what is read last by each step
    for (int i = 0; i < graph_.size; ++i)
      if (last_.items[i] >= 0) next.items[i] = first.items[last_.items[i]], first.items[last_.items[i]] = i;
    for (int l = 0; l < loads_.size(); ++l) take(loads_.items[l].vertex);
    for (int s = 0; s < steps_.size(); ++s) {
      body_step& step = steps_.items[s];
      if (step.kind == kernel::gather || step.kind == kernel::spread || step.kind == kernel::single) step.to = take(vertices_.items[s]);
      if (step.kind == kernel::chain || step.kind == kernel::product) {
        step.to = -1;
        for (int m = heads_.items[s]; m >= 0; m = members_.items[m].next) {
          const int place = take(members_.items[m].vertex);
          step.to = step.to < 0 ? place : step.to;
        }
      } else if (step.kind != kernel::gather) {
        step.right = step.right < 0 ? 0 : position(step.right);
      }
      if (step.kind != kernel::chain && step.kind != kernel::gather) step.left = step.left < 0 ? -1 : position(step.left);
      for (int i = first[s]; i >= 0; i = next[i]) memory_.give(offset_.items[i], at(i).shape.size());
    }
  }
  /// A place for vertex i, if a step reads it.
  constexpr int take(int i) { return last_.items[i] < 0 ? -1 : offset_.items[i] = memory_.take(at(i).shape.size()); }
  /// Where the packs of i are; those of an element are in its tensor.
  constexpr int position(int i) const {
    if (spread_.items[i] >= 0 || !is(i, describe<op::at>)) return offset_.items[i];
    return offset_.items[at(i).arg[0]] + static_cast<int>(at(i).value.num) * at(at(i).arg[0]).shape.cols + at(i).value.exponent;
  }

  constexpr body_operand operand(int i, int step) const {
    while (!shared(i) && is(i, describe<op::broadcast>)) i = at(i).arg[0];
    if (shared(i)) return {body_operand::shared, shared_place(i), at(i).shape.rank > 0 && !is(i, describe<op::constant>)};
    if (is(i, describe<op::at>)) return {body_operand::pack, {0, position(i)}, false};
    if (step_.items[i] == step && member_.items[i] >= 0) return {body_operand::member, {0, member_.items[i]}, false};
    return {body_operand::pack, {0, offset_.items[i]}, at(i).shape.rank > 0};
  }
  constexpr body_member written(int i, int step) const {
    body_member result;
    result.value = at(i).value;
    result.store = offset_.items[i];
    for (int k = 0; at(i).op->elementwise && k < at(i).count; ++k) result.operand[k] = operand(at(i).arg[k], step);
    return result;
  }

  constexpr void count_work(int step, body_step& s) const {
    operation_counts counts;
    if (s.is_sum()) counts.add = s.results(), counts.multiply = s.kind == kernel::outer_sum ? s.results() : 0;
    if (s.is_sum()) s.numbers = s.size + (s.kind == kernel::outer_sum ? s.inner : 0);
    if (s.kind == kernel::product) s.numbers = s.inner;
    if (s.kind == kernel::gather || s.kind == kernel::spread || s.kind == kernel::single) s.numbers = s.size;
    for (int m = heads_.items[step]; m >= 0; m = members_.items[m].next) {
      const body_member made = written(members_.items[m].vertex, step);
      count_operations(at(members_.items[m].vertex), graph_, counts);
      s.numbers += made.store >= 0 ? s.size : 0;
      for (const body_operand& o : made.operand) s.numbers += o.from == body_operand::pack ? (o.vector ? s.size : 1) : 0;
    }
    s.operations = counts.add + counts.multiply + counts.divide + counts.transcendental + counts.other;
  }

  const graph_view& graph_;
  const place* places_;
  int rows_base_;
  buffer<int> step_, last_, offset_, spread_, member_;  // of each vertex
  buffer<int> uses_, summed_, root_;
  buffer<body_step> steps_;
  buffer<int> heads_, tails_, vertices_;  // of each step
  buffer<entry> members_;
  buffer<int> gathered_;
  buffer<load> loads_;
  workspace_allocator memory_;
  int symbols_ = 0, sums_ = 0;
};

/// A body with room to spare, and its size: planned once, then copied.
template <int Vertices, int List>
struct body_draft {
  body_plan<2 * Vertices, Vertices, 3 * Vertices + List, Vertices> content;
  body_size size;
};

/// The body of the regions of a plan.
template <class Plan, class Graph>
struct body_of {
  static constexpr auto draft = [] {
    body_draft<Graph::size.vertices, Graph::size.list> result{};
    const body_planner planner(Graph::view, Plan::value.places, rows_base(Plan::size));
    planner.write(result.content);
    result.size = planner.size();
    return result;
  }();
  static constexpr body_size size = draft.size;
  static constexpr auto value = [] {
    body_plan<size.steps, size.members, size.gathered, size.loads> result{};
    const auto& from = draft.content;
    for (int s = 0; s < size.steps; ++s) result.steps[s] = from.steps[s];
    for (int m = 0; m < size.members; ++m) result.operations_of[m] = from.operations_of[m], result.line.members[m] = from.line.members[m];
    for (int k = 0; k < size.gathered; ++k) result.gathered.at[k] = from.gathered.at[k];
    for (int l = 0; l < size.loads; ++l) result.loads[l] = from.loads[l];
    result.workspace = from.workspace, result.operations = from.operations;
    return result;
  }();
  static constexpr auto line = value.line;  // what run time reads, objects of their own, so that nothing else is emitted
  static constexpr auto gathered = value.gathered;
  static constexpr auto sums = [] {
    struct table {
      body_sum at[size.sums + 1];
      bool in_place[Plan::size.roots];  // is root r a sum that is added up there?
    } result{};
    int n = 0;
    for (const body_step& s : value.steps)
      if (s.is_sum()) {
        result.at[n++] = {s.to, s.root, s.results(), s.mean};
        if (s.root >= 0) result.in_place[s.root] = true;
      }
    return result;
  }();
};

}  // namespace detail
}  // namespace typegrad
