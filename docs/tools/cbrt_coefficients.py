#!/usr/bin/env python3
"""Prints the coefficients of math/root.hpp: a polynomial near the cube root on 1/4 .. 2, through the points where a Chebyshev polynomial
in log(x) is 0, so that its relative error is about as small as can be. Needs mpmath (Debian: python3-mpmath)."""
from mpmath import cbrt, cos, exp, linspace, log, lu_solve, matrix, mp, mpf, nstr, pi

mp.dps = 30
TERMS = 5
low, high = log(mpf(1) / 4), log(mpf(2))
xs = [exp((low + high) / 2 + (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / TERMS)) for i in range(TERMS)]
c = lu_solve(matrix([[x**k for k in range(TERMS)] for x in xs]), matrix([cbrt(x) for x in xs]))
error = max(abs(sum(c[k] * x**k for k in range(TERMS)) / cbrt(x) - 1) for x in linspace(mpf(1) / 4, mpf(2), 2000))
print(f"largest relative error {nstr(error, 3)}")
print(", ".join(nstr(v, 9) + "f" for v in c))
