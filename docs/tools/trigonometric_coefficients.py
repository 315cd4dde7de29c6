#!/usr/bin/env python3
"""Prints the polynomials of math/trigonometric.hpp for double, in z = r^2, through the points where a Chebyshev polynomial is 0, so that
their errors are about as small as can be. Needs mpmath (Debian: python3-mpmath)."""
from mpmath import cos, linspace, lu_solve, matrix, mp, mpf, pi, sin, sqrt

mp.dps = 60
TERMS = 6
limit = (pi / 4) ** 2 * mpf("1.0001")
xs = [limit / 2 * (1 + cos(pi * (i + mpf(1) / 2) / TERMS)) for i in range(TERMS)]
for name, f, error in (
    ("(sin r - r) / r^3", lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3, lambda z, off: z * off),
    ("(cos r - 1 + r^2/2) / r^4", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda z, off: z**2 * off),
):
    c = lu_solve(matrix([[x**k for k in range(TERMS)] for x in xs]), matrix([f(x) for x in xs]))
    largest = max(abs(error(z, f(z) - sum(c[k] * z**k for k in range(TERMS)))) for z in linspace(limit / 2000, limit, 2000))
    print(f"{name}, largest error {mp.nstr(largest, 3)}:", ", ".join(float(v).hex() for v in c))
