#!/usr/bin/env python3
"""Prints the table of math/erfc_table.hpp: e^(x^2) erfc(x) in 16 intervals, as polynomials in the distance from their middles through the
points where a Chebyshev polynomial is 0. Needs mpmath (Debian: python3-mpmath)."""
from mpmath import cos, erfc, exp, linspace, lu_solve, matrix, mp, mpf, nstr, pi

mp.dps = 60
TERMS = 14


def scaled(x):
    return exp(x * x) * erfc(x)


columns, largest = [], mpf(0)
for j in range(16):  # x + 1.5 has the same two bits after the leading one
    low, high = (mpf(2) ** (1 + (j + i) // 4) * (1 + mpf((j + i) % 4) / 4) - mpf("1.5") for i in (0, 1))
    middle, half = (low + high) / 2, (high - low) / 2
    xs = [half * cos(pi * (i + mpf(1) / 2) / TERMS) for i in range(TERMS)]
    c = lu_solve(matrix([[x**k for k in range(TERMS)] for x in xs]), matrix([scaled(middle + x) for x in xs]))
    largest = max([largest] + [abs(sum(c[k] * r**k for k in range(TERMS)) / scaled(middle + r) - 1) for r in linspace(-half, half, 200)])
    columns.append(c)
print(f"// largest relative error {nstr(largest, 3)}")
for k in range(TERMS):
    row = [float(c[k]).hex() for c in columns]
    print("    {" + ", ".join(row) + "},")
