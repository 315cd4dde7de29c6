// SPDX-License-Identifier: BSL-1.0
#include <catch.hpp>
#include <odr/model.hpp>

TEST_CASE("two translation units agree on the types of formulas and link") {
  CHECK(odr::first(0.3) == odr::second(0.3));
  CHECK(odr::first_type() == odr::second_type());
}
