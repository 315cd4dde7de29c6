#!/usr/bin/env python3
"""Prints the coefficients of math/hyperbolic.hpp: (e^(2r) - 1) / 2 = r + r^2 (c0 + c1 r + ...) on |r| <= log(2)/4 with the
smallest largest relative error, by Lawson's iteration of weighted least squares. Needs mpmath and numpy."""
import numpy
from mpmath import cos, expm1, log, lu_solve, matrix, mp, mpf, nstr, pi

mp.dps = 40
TERMS, POINTS = 5, 200
limit = log(2) / 4 * mpf("1.001")
xs = [limit * cos(pi * (i + mpf(1) / 2) / POINTS) for i in range(POINTS)]
weights = numpy.ones(POINTS)
for _ in range(40):
    a, b = matrix(POINTS, TERMS), matrix(POINTS, 1)
    for i, x in enumerate(xs):
        scale = mpf(float(numpy.sqrt(weights[i]))) / expm1(2 * x)
        for k in range(TERMS):
            a[i, k] = 2 * x ** (k + 2) * scale
        b[i] = (expm1(2 * x) - 2 * x) * scale
    c = lu_solve(a.T * a, a.T * b)
    errors = numpy.array([abs(float((2 * x + sum(2 * c[k] * x ** (k + 2) for k in range(TERMS))) / expm1(2 * x) - 1)) for x in xs])
    weights *= errors / errors.max() + 1e-3
    weights /= weights.sum()
print(f"largest relative error {errors.max():.2e}")
print(", ".join(nstr(v, 12) + "f" for v in c))
