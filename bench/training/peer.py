#!/usr/bin/env python3
"""peer.py torch|jax DIR NETWORK...: the same training steps in PyTorch or JAX. Loss and gradients are compared with those in
DIR, which training --dump wrote; then steps are timed. Prints one line per network: name, difference, nanoseconds a step."""
import sys
import time

import numpy as np

NETWORKS = {"moons": ([2, 16, 16, 1], 100), "digits": ([64, 32, 10], 128), "images": ([784, 128, 64, 10], 128)}
RATE = 1e-4


def read(folder, name, part):
    return np.fromfile(f"{folder}/{name}.{part}", dtype=np.float32)


def split(flat, widths):
    """The parameters W1, b1, W2, b2, ... of a flat array."""
    parts, at = [], 0
    for i, o in zip(widths, widths[1:]):
        parts.append(flat[at:at + i * o].reshape(o, i))
        at += i * o
        parts.append(flat[at:at + o])
        at += o
    return parts


def torch_step(widths, parameters, x, y):
    import torch
    torch.set_num_threads(int(sys.argv[1][5:] or 1))
    x, y = torch.tensor(x), torch.tensor(y)
    theta = [torch.tensor(p, requires_grad=True) for p in parameters]
    layers = len(widths) - 1
    classes = y.argmax(dim=1)

    def forward():
        h = x
        for k in range(layers):
            h = torch.nn.functional.linear(h, theta[2 * k], theta[2 * k + 1])
            if k + 1 < layers:
                h = torch.tanh(h)
        return torch.nn.functional.mse_loss(h, y) if widths[-1] == 1 else torch.nn.functional.cross_entropy(h, classes)

    optimizer = torch.optim.SGD(theta, lr=RATE)

    def step():
        optimizer.zero_grad()
        loss = forward()
        loss.backward()
        optimizer.step()
        return loss

    loss = forward()
    loss.backward()
    return float(loss), np.concatenate([p.grad.numpy().ravel() for p in theta]), step, lambda: None


def jax_step(widths, parameters, x, y):
    import jax
    import jax.numpy as jnp
    layers = len(widths) - 1

    def forward(theta, x, y):
        h = x
        for k in range(layers):
            h = h @ theta[2 * k].T + theta[2 * k + 1]
            if k + 1 < layers:
                h = jnp.tanh(h)
        if widths[-1] == 1:
            return jnp.mean((h - y) ** 2)
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(h), axis=1))

    x, y = jnp.asarray(x), jnp.asarray(y)
    state = [[jnp.asarray(p) for p in parameters]]
    both = jax.value_and_grad(forward)

    def update(theta, x, y):
        loss, gradient = both(theta, x, y)
        return loss, [p - RATE * g for p, g in zip(theta, gradient)]

    compiled = jax.jit(update, donate_argnums=0)
    loss, gradient = both(state[0], x, y)

    def step():
        _, state[0] = compiled(state[0], x, y)

    return float(loss), np.concatenate([np.asarray(g).ravel() for g in gradient]), step, lambda: state[0][0].block_until_ready()


def main():
    which, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    for name in names:
        widths, rows = NETWORKS[name]
        parameters = split(read(folder, name, "parameters"), widths)
        x, y = read(folder, name, "x").reshape(rows, -1), read(folder, name, "y").reshape(rows, -1)
        loss, gradient, step, finish = (jax_step if which == "jax" else torch_step)(widths, parameters, x, y)
        expected = read(folder, name, "gradient")
        worst = max(abs(loss - read(folder, name, "loss")[0]), float(np.max(np.abs(gradient - expected) / np.maximum(1, np.abs(expected)))))
        if not worst < 1e-5:
            sys.exit(f"{which}, {name}: loss or gradients differ from typegrad's by {worst:.1e}")
        for _ in range(30):
            step()
        finish()
        times = []
        for _ in range(15):
            start = time.perf_counter()
            for _ in range(50):
                step()
            finish()
            times.append((time.perf_counter() - start) / 50)
        print(name, f"{worst:.1e}", f"{sorted(times)[7] * 1e9:.0f}", flush=True)


main()
