#!/usr/bin/env python3
"""Prints the tables of include/typegrad/math/: Chebyshev coefficients of erfc, bits of 2/pi, pieces of pi/2.

Needs mpmath (Debian: python3-mpmath). All with at least 60 digits."""
from mpmath import mp, mpf, cos, erfc, exp, fac2, floor, log, nstr, pi, sqrt


def shape(t):
    """(1 + 2x) e^(x^2) erfc(x) at x = 3.75 (1 + t) / (1 - t)."""
    if t >= 1:
        return 2 / sqrt(pi)
    x = mpf("3.75") * (1 + t) / (1 - t)
    if x > 2000:  # asymptotic series
        return (1 + 2 * x) / (x * sqrt(pi)) * sum((-1) ** k * fac2(2 * k - 1) / (2 * x * x) ** k for k in range(8))
    return (1 + 2 * x) * exp(x * x) * erfc(x)


mp.dps = 60
N = 80
values = [shape(cos(pi * (k + mpf(1) / 2) / N)) for k in range(N)]
for j in range(29):
    c = 2 * sum(values[k] * cos(j * pi * (k + mpf(1) / 2) / N) for k in range(N)) / N
    print(f"erfc c[{j}] = {nstr(c / 2 if j == 0 else c, 22)}")

mp.dps = 500
bits = "%0352x" % int(floor(2 / pi * mpf(2) ** 1408))
for i in range(0, 352, 16):
    print(f"2/pi word {i // 16}: 0x{bits[i:i + 16]}")

mp.prec = 400
rest = pi / 2
for piece in range(3):
    unit = mpf(2) ** (33 - floor(log(rest, 2)) - 1)
    part = floor(rest * unit) / unit
    print(f"pi/2 piece {piece}: {nstr(part, 45)}")
    rest -= part
print(f"pi/2 piece 3: {nstr(rest, 45)}")
