#!/usr/bin/env python3
"""peer.py torch|jax|jax-scan MODEL FOLDER: the training steps of a GPT in PyTorch or JAX, from the weights in FOLDER and over its windows
or names. Prints how far the first gradient is from that in FOLDER, the losses of ten steps, the nanoseconds of a step, and the peak memory."""
import json
import resource
import statistics
import sys
import time

import numpy as np

# heads, sequences a step, positions, betas of Adam, decay of matrices, norm that gradients are clipped to, batches that take turns, steps in a group
MODELS = {"microgpt-1": (4, 1, 16, (0.85, 0.99), 0, None, 1024, 256), "microgpt-16": (4, 16, 16, (0.85, 0.99), 0, None, 64, 64),
          "small": (4, 32, 32, (0.9, 0.99), 0.1, 1.0, 16, 5), "cpu": (4, 12, 64, (0.9, 0.99), 0.1, 1.0, 16, 3)}
LAYERS, CHECKED, GROUPS, RATE, EPSILON = 4, 10, 7, 1e-3, 1e-8


def tensors(file):
    """All tensors of a safetensors file."""
    raw = open(file, "rb").read()
    start = 8 + int.from_bytes(raw[:8], "little")
    return {name: np.frombuffer(raw[start + t["data_offsets"][0]:start + t["data_offsets"][1]], np.float32).reshape(t["shape"])
            for name, t in json.loads(raw[8:start]).items()}


def packed(t):
    """The matrices of queries, keys and values as one, and heads and their channels as one axis, as is usual there."""
    result = {}
    for name, x in t.items():
        stem, _, last = name.partition(".")
        if last in ("query", "key", "value", "query.bias", "key.bias", "value.bias"):
            of = f"{stem}.{{}}{'.bias' if last.endswith('.bias') else ''}"
            parts = [t[of.format(part)] for part in ("query", "key", "value")]
            result[of.format("qkv")] = np.concatenate([p.reshape(p.shape[0] * p.shape[1], *p.shape[2:]) for p in parts])
        elif name in ("wq", "wk", "wv"):
            result["qkv"] = np.concatenate([t[part].reshape(16, 16) for part in ("wq", "wk", "wv")])
        else:
            result[name] = x.reshape(x.shape[0], -1) if x.ndim == 3 else x
    return result


def batches(model, folder):
    """What is read, what comes next, and how much each position counts (None: all the same), for each step."""
    _, sequences, positions, *_, count, _ = MODELS[model]
    if not model.startswith("microgpt"):
        read, following = np.fromfile(f"{folder}/windows", np.int32).reshape(2, count, sequences, positions)
        return [(r, f, None) for r, f in zip(read, following)]
    names = [[26, *(ord(letter) - 97 for letter in name), 26] for name in open(f"{folder}/names", encoding="utf-8").read().split()]
    read, following, weight = (np.zeros((len(names), positions), kind) for kind in (np.int32, np.int32, np.float32))
    for k, name in enumerate(names):
        n = min(positions, len(name) - 1)
        read[k, :n], following[k, :n], weight[k, :n] = name[:n], name[1:n + 1], 1 / n
    return [tuple(x[k:k + sequences] for x in (read, following, weight)) for k in range(0, count * sequences, sequences)]


def decays(name):
    return not name.endswith((".bias", ".gain"))


def attend(o, qkv, heads):
    q, k, v = (x.reshape(*x.shape[:-1], heads, x.shape[-1] // heads).swapaxes(1, 2) for x in o.split(qkv))
    heard = o.attention(q, k, v).swapaxes(1, 2)
    return heard.reshape(*heard.shape[:2], -1)


def microgpt(o, p, token, heads):
    x = o.rms_norm(o.rows(p["wte"], token) + p["wpe"][:token.shape[1]])
    x = x + o.linear(attend(o, o.linear(o.rms_norm(x), p["qkv"]), heads), p["wo"])
    x = x + o.linear(o.relu(o.linear(o.rms_norm(x), p["fc1"])), p["fc2"])
    return o.linear(x, p["lm_head"])


def textgpt(o, p, token, heads):
    def norm(x, name):
        return o.layer_norm(x, p[name + ".gain"], p[name + ".bias"])

    def affine(x, name):
        return o.linear(x, p[name], p[name + ".bias"])

    x = o.rows(p["token.table"], token) + p["position.table"]
    for block in (f"block{k}." for k in range(LAYERS)):
        x = x + affine(attend(o, affine(norm(x, block + "norm1"), block + "qkv"), heads), block + "output")
        x = x + affine(o.gelu(affine(norm(x, block + "norm2"), block + "inner")), block + "outer")
    return o.linear(norm(x, f"block{LAYERS}.norm"), p["head"])


def loss_of(o, p, batch, model):
    """The mean over sequences of the weighted sum over positions."""
    token, following, weight = batch
    logits = (microgpt if model.startswith("microgpt") else textgpt)(o, p, token, MODELS[model][0])
    if weight is None:
        return o.mean_cross_entropy(logits, following)
    return (weight * o.cross_entropy(logits, following)).sum() / token.shape[0]


class Torch:
    """Eager, with fused attention and a fused Adam."""

    def __init__(self, model, weights, data):
        import torch
        from torch.nn import functional as f
        torch.set_num_threads(1)
        self.name, self.torch, self.f = model, torch, f
        self.rms_norm = lambda x: f.rms_norm(x, x.shape[-1:], eps=1e-5)
        self.layer_norm = lambda x, gain, bias: f.layer_norm(x, gain.shape, gain, bias)
        self.linear, self.gelu, self.relu = f.linear, f.gelu, torch.relu
        self.rows = lambda table, token: f.embedding(token, table)
        self.split = lambda x: x.chunk(3, dim=-1)
        self.attention = lambda q, k, v: f.scaled_dot_product_attention(q, k, v, is_causal=True)
        self.cross_entropy = lambda logits, following: f.cross_entropy(logits.flatten(0, 1), following.flatten(), reduction="none").view(following.shape)
        self.mean_cross_entropy = lambda logits, following: f.cross_entropy(logits.flatten(0, 1), following.flatten())
        self.data = [tuple(None if x is None else torch.tensor(x) for x in self.shortest(batch)) for batch in data]
        self.data = [(t.long(), n.long(), w) for t, n, w in self.data]
        self.p = {name: torch.tensor(x, requires_grad=True) for name, x in weights.items()}
        _, _, _, betas, decay, self.norm, *_ = MODELS[model]
        groups = [{"params": [x for name, x in self.p.items() if decays(name) == matrix], "weight_decay": decay * matrix} for matrix in (True, False)]
        kind = torch.optim.AdamW if decay else torch.optim.Adam
        self.optimizer = kind([g for g in groups if g["params"]], lr=RATE, betas=betas, eps=EPSILON, fused=True)

    @staticmethod
    def shortest(batch):
        """One name alone: as many positions as it has, all the same."""
        read, following, weight = batch
        if weight is None or len(weight) > 1:
            return batch
        n = np.count_nonzero(weight)
        return read[:, :n], following[:, :n], None

    def first_gradient(self):
        loss_of(self, self.p, self.data[0], self.name).backward()
        return {name: x.grad.numpy().copy() for name, x in self.p.items()}

    def steps(self, first, count):
        """So many steps; their losses, not yet looked at."""
        losses = []
        for k in range(first, first + count):
            self.optimizer.zero_grad()
            loss = loss_of(self, self.p, self.data[k % len(self.data)], self.name)
            loss.backward()
            if self.norm:
                self.torch.nn.utils.clip_grad_norm_(self.p.values(), self.norm)
            self.optimizer.step()
            losses.append(loss.detach())
        return losses


class Jax:
    """A compiled step that writes over the state that it was given; one name alone with 8 or 16 positions. As a scan, many steps a call."""

    def __init__(self, model, weights, data, scan):
        import jax
        import jax.numpy as jnp
        self.jax, self.jnp, self.scan, self.name = jax, jnp, scan, model
        self.rms_norm = lambda x: x / jnp.sqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-5)
        self.linear = lambda x, w, b=0: (x.reshape(-1, x.shape[-1]) @ w.T + b).reshape(*x.shape[:-1], len(w))  # a little faster than of three axes
        self.gelu, self.relu = lambda x: jax.nn.gelu(x, approximate=False), jax.nn.relu
        self.rows = lambda table, token: table[token]
        self.split = lambda x: jnp.split(x, 3, axis=-1)
        if scan:
            self.data = tuple(None if x[0] is None else jnp.asarray(np.stack(x)) for x in zip(*data))
        else:
            self.data = [tuple(None if x is None else jnp.asarray(x) for x in self.shortest(batch)) for batch in data]
        p = {name: jnp.asarray(x) for name, x in weights.items()}
        self.state = (p, *({name: jnp.zeros_like(x) for name, x in p.items()} for _ in range(2)), jnp.float32(0))
        self.both = jax.value_and_grad(lambda p, batch: loss_of(self, p, batch, model))
        self.step = jax.jit(self.update, donate_argnums=0)
        self.many = jax.jit(lambda state, data: jax.lax.scan(self.update, state, data), donate_argnums=0)

    @staticmethod
    def shortest(batch):
        n = 8 if batch[2] is not None and len(batch[2]) == 1 and np.count_nonzero(batch[2]) <= 8 else batch[0].shape[1]
        return [None if x is None else x[:, :n] for x in batch]

    def layer_norm(self, x, gain, bias):
        x = x - x.mean(-1, keepdims=True)
        return x * self.jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * gain + bias

    def attention(self, q, k, v):
        scores = self.jnp.einsum("bhtd,bhsd->bhts", q, k) / np.sqrt(q.shape[-1])
        scores = self.jnp.where(np.tri(q.shape[2], dtype=bool), scores, -self.jnp.inf)
        return self.jnp.einsum("bhts,bhsd->bhtd", self.jax.nn.softmax(scores), v)

    def cross_entropy(self, logits, following):
        picked = self.jnp.take_along_axis(logits, following[..., None], -1)[..., 0]
        return self.jax.nn.logsumexp(logits, -1) - picked

    def mean_cross_entropy(self, logits, following):
        return self.cross_entropy(logits, following).mean()

    def update(self, state, batch):
        jnp = self.jnp
        _, _, _, (b1, b2), decay, norm, *_ = MODELS[self.name]
        p, m, v, k = state
        loss, g = self.both(p, batch)
        if norm:
            shrink = norm / jnp.maximum(norm, jnp.sqrt(sum(jnp.vdot(x, x) for x in g.values())))
            g = {name: x * shrink for name, x in g.items()}
        k = k + 1
        m = {name: b1 * m[name] + (1 - b1) * x for name, x in g.items()}
        v = {name: b2 * v[name] + (1 - b2) * x * x for name, x in g.items()}
        c1, c2 = 1 / (1 - b1 ** k), 1 / (1 - b2 ** k)
        p = {name: x * (1 - RATE * decay * decays(name)) - RATE * c1 * m[name] / (jnp.sqrt(c2 * v[name]) + EPSILON) for name, x in p.items()}
        return (p, m, v, k), loss

    def first_gradient(self):
        first = tuple(None if x is None else x[0] for x in self.data) if self.scan else self.data[0]
        return {name: np.asarray(x) for name, x in self.jax.jit(self.both)(self.state[0], first)[1].items()}

    def steps(self, first, count):
        if self.scan:
            self.state, losses = self.many(self.state, tuple(None if x is None else x[first:first + count] for x in self.data))
            return losses.block_until_ready()
        losses = []
        for k in range(first, first + count):
            self.state, loss = self.step(self.state, self.data[k % len(self.data)])
            losses.append(loss)
        losses[-1].block_until_ready()
        return losses


def main():
    which, model, folder = sys.argv[1:]
    weights, data = packed(tensors(f"{folder}/weights.safetensors")), batches(model, folder)
    trained = Torch(model, weights, data) if which == "torch" else Jax(model, weights, data, which == "jax-scan")
    expected, found = packed(tensors(f"{folder}/gradient.safetensors")), trained.first_gradient()
    largest = max(np.abs(x).max() for x in expected.values())
    print("gradient", max(np.abs(found[name] - x).max() / max(np.abs(x).max(), largest / 1000) for name, x in expected.items()))
    print("losses", *(f"{float(x):.9g}" for x in trained.steps(0, CHECKED)))
    count = MODELS[model][-1]
    times = []
    for group in range(1 + GROUPS):
        begin = time.perf_counter()
        trained.steps(0 if which == "jax-scan" else group * count, count)
        times.append((time.perf_counter() - begin) / count)
    print(f"nanoseconds {statistics.median(times[1:]) * 1e9:.0f}")
    print(f"megabytes {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


main()
