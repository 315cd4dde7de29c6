#!/usr/bin/env python3
"""Prints the tables of math/table.hpp and the polynomials beside them, through the points where a Chebyshev polynomial is 0, so that their
relative errors are about as small as can be. Needs mpmath (Debian: python3-mpmath)."""
from mpmath import cos, exp, expm1, floor, linspace, log, log1p, lu_solve, matrix, mp, mpf, nint, pi

mp.dps = 80


def polynomial(f, low, high, terms):
    xs = [(low + high) / 2 + (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / terms) for i in range(terms)]
    return lu_solve(matrix([[x**k for k in range(terms)] for x in xs]), matrix([f(x) for x in xs]))


def show(name, rows):
    print(name + ":", ",\n".join(", ".join(float(v).hex() for v in row) for row in rows), sep="\n")


# 2^(j/16), and what it lacks, relative
rows = []
for j in range(16):
    value = mpf(2) ** (mpf(j) / 16)
    rows.append((float(value), value / float(value) - 1))
show("exp", rows)
limit = log(mpf(2)) / 32 * mpf("1.0001")
c = polynomial(lambda r: (expm1(r) - r) / r**2 if abs(r) > 1e-20 else mpf(1) / 2, -limit, limit, 6)
print("largest relative error", max(abs(expm1(r) - r - r**2 * sum(c[k] * r**k for k in range(6))) for r in linspace(-limit, limit, 2001)))
show("polynomial", [c])

# 1/c, short; -log(1/c) as a multiple of 2^-42, and what it lacks. The numbers of an interval have the same leading bits, but for half an interval.
rows, largest = [], mpf(0)
for i in range(16):
    def number(at):  # of 16ths of a power of 2, from 0.703125 on
        at += mpf(13) / 2
        return mpf(2) ** (floor(at / 16) - 1) * (1 + at % 16 / 16)
    low, high = number(i), number(i + 1)
    inverse = nint(2 / (low + high) * 1024) / 1024 if not low < 1 < high else mpf(1)
    value = -log(inverse)
    short = nint(value * 2**42) / mpf(2) ** 42
    rows.append((inverse, short, value - short))
    largest = max(largest, abs(low * inverse - 1), abs(high * inverse - 1))
show("log", rows)
print("largest |r|", largest)
c = polynomial(lambda r: (log1p(r) - r) / r**2 if abs(r) > 1e-20 else -mpf(1) / 2, -largest, largest, 9)
print("largest relative error", max(abs(r * ((log1p(r) - r) / r**2 - sum(c[k] * r**k for k in range(9)))) for r in linspace(-largest, largest, 2000)))
show("polynomial", [c])
c = polynomial(lambda r: (log1p(r) - r + r**2 / 2) / r**3 if abs(r) > 1e-20 else mpf(1) / 3, -largest, largest, 9)
print("largest relative error", max(abs((log1p(r) / r - 1 + r / 2) - r**2 * sum(c[k] * r**k for k in range(9))) for r in linspace(-largest, largest, 2000)))
show("polynomial", [c])
