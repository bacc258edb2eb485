#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The proof of multiplications worked out a second time, from its statement, and compared with what the engine sends,
byte for byte. Every polynomial is evaluated where the statement says, row by row; nothing is shared with the engine
but the names of its streams. Standard library only.

    proof_model.py PROGRAM      PROGRAM writes "run NAME" and "message FROM TO HEX" (proof-messages.c)
"""
import functools
import hashlib
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tree'))
from tap import Tap

SESSION = bytes([7, 1, 9]) + bytes(29)
KEYS = [bytes([17 * i + 1]) * 32 for i in range(3)]
BLOCK, EIGHT, LAST = 32, 8, 64
ONES = (1 << 64) - 1


# ---- ChaCha20 with a 64-bit nonce and a 64-bit counter, and keys by BLAKE2b
def chacha_block(key, nonce, counter):
    start = list(struct.unpack('<4I', b'expand 32-byte k')) + list(struct.unpack('<8I', key)) + \
        [counter & 0xffffffff, counter >> 32, nonce & 0xffffffff, nonce >> 32]
    s = start[:]

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = s[x] + s[y] & 0xffffffff
            s[z] ^= s[x]
            s[z] = (s[z] << turn | s[z] >> 32 - turn) & 0xffffffff
    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack('<16I', *((a + b) & 0xffffffff for a, b in zip(s, start)))


@functools.lru_cache(None)
def stream(key, nonce, size):
    return b''.join(chacha_block(key, nonce, c) for c in range((size + 63) // 64))[:size]


def words_of(data):
    return list(struct.unpack('<%dQ' % (len(data) // 8), data))


def bytes_of(words):
    return struct.pack('<%dQ' % len(words), *words)


def derive(key, role, label, number):
    h = hashlib.blake2b(key=key, digest_size=32)
    for part in (b'kohorte/prg/1', SESSION, role.encode(), label.encode(), struct.pack('<Q', number)):
        h.update(struct.pack('<Q', len(part)) + part)
    return h.digest()


# ---- GF(2^64)
def mul(a, b):
    z = 0
    while b:
        if b & 1:
            z ^= a
        b >>= 1
        a <<= 1
        if a >> 64:
            a ^= 1 << 64 | 0x1b
    return z


def inverse(a):
    z, n = 1, 2**64 - 2
    while n:
        if n & 1:
            z = mul(z, a)
        a, n = mul(a, a), n >> 1
    return z


@functools.lru_cache(None)
def coefficients(n, e):
    """l with p(e) = sum of l[k] p(k), for p of degree below n."""
    out = []
    for k in range(n):
        above = below = 1
        for j in range(n):
            if j != k:
                above, below = mul(above, e ^ j), mul(below, k ^ j)
        out.append(mul(above, inverse(below)))
    return out


@functools.lru_cache(4096)
def multiples(l):
    """Of l, by every half byte in every place."""
    out = []
    for place in range(0, 64, 4):
        bits = [mul(l, 1 << place + i) for i in range(4)]
        out.append([add(b for i, b in enumerate(bits) if n >> i & 1) for n in range(16)])
    return out


def evaluate(values, e):
    if e < len(values):
        return values[e]
    z = 0
    for l, v in zip(coefficients(len(values), e), values):
        if v == 1:
            z ^= l
        elif v:
            for row in multiples(l):
                z ^= row[v & 15]
                v >>= 4
    return z


def add(values):
    return functools.reduce(lambda a, b: a ^ b, values, 0)


class Run:
    """All three members at once: a vector is its three shares, lists of words. sent[i, j]: from P_i to P_j."""

    def __init__(self):
        self.sent = {(i, j): [] for i in range(3) for j in range(3)}
        self.operation = self.batch = 0
        self.gates = []         # words: (terms, [t_left of P_0, P_1, P_2], [t_right …]); a term is (x, y), three shares each
        self.groups = []        # numbers of gate words whose terms lie together: term by term, not gate by gate

    def share(self, name, count):
        return [words_of(stream(bytes([name, j]) + bytes(30), 0, 8 * count)) for j in range(3)]

    def products(self, terms, count):
        """terms: [(x, y)] of vectors of `count` words; the sum of their products, shared."""
        rho = [words_of(stream(derive(KEYS[j], 'multiply', '', 0), self.operation, 8 * count)) for j in range(3)]
        z = []
        for i in range(3):
            n = (i + 1) % 3
            z.append([add((x[i][w] & y[i][w]) ^ (x[i][w] & y[n][w]) ^ (x[n][w] & y[i][w]) for x, y in terms)
                      ^ rho[i][w] ^ rho[n][w] for w in range(count)])
            self.sent[i, (i + 2) % 3].append(bytes_of(z[i]))
        first = len(self.gates)
        for w in range(count):
            parts = [([x[j][w] for j in range(3)], [y[j][w] for j in range(3)]) for x, y in terms]
            left = [add(x[i] & y[i] for x, y in parts) ^ rho[i][w] ^ z[i][w] for i in range(3)]
            right = [rho[(i + 1) % 3][w] for i in range(3)]
            self.gates.append((parts, left, right))
        self.groups.append(range(first, len(self.gates)))
        self.operation += 1
        return z

    def stream(self, key, purpose, fold, count):
        return words_of(stream(derive(key, 'proof', purpose, self.batch * 256 + fold), 0, 8 * count))

    def verify(self):
        sent = [self.prove(i) for i in range(3)]
        for i in range(3):
            seed, shares, coins, echo, from_left, from_right = sent[i]
            before, after = (i + 2) % 3, (i + 1) % 3
            self.sent[before, i] += [seed] + coins
            self.sent[i, before] += shares
        for i in range(3):
            self.sent[i, (i + 1) % 3].append(sent[i][3])
        for i in range(3):
            before, after = (i + 2) % 3, (i + 1) % 3
            self.sent[before, after].append(sent[i][4])
            self.sent[after, before].append(sent[i][5])
        self.gates, self.groups = [], []
        self.batch += 1

    def prove(self, i):
        """Prover P_i: what goes between it and its two verifiers, and between these."""
        n, before = (i + 1) % 3, (i + 2) % 3
        seed = bytes_of(self.stream(KEYS[before], 'seed', 0, 2))
        weight = self.stream(seed + bytes(16), 'weights', 0, len(self.gates))
        claim_left = add(mul(r, left[i]) for r, (_, left, _) in zip(weight, self.gates))
        claim_right = add(mul(r, right[i]) for r, (_, _, right) in zip(weight, self.gates))
        order = [(g, t) for group in self.groups for t in range(len(self.gates[group[0]][0])) for g in group]
        order += [None] * (-len(order) % BLOCK)
        u, v = [], []
        for half in (0, 1):
            for at in range(0, len(order), BLOCK):
                for s in range(64):
                    for place in order[at:at + BLOCK]:
                        if place is None:
                            u.append(0)
                            v.append(0)
                            continue
                        g, t = place
                        term = self.gates[g][0][t]
                        u.append(mul(weight[g], 1 << s) if term[half][i] >> s & 1 else 0)
                        v.append(term[1 - half][n] >> s & 1)
        width, fold = BLOCK, 0
        shares, coins, zeros_left, zeros_right = [], [], [], []
        while True:
            last = fold > 0 and len(u) <= LAST
            if last:
                data = len(u)
                u = u + self.stream(KEYS[i], 'mask-u', fold, 1)
                v = v + self.stream(KEYS[n], 'mask-v', fold, 1)
                width = len(u)
            else:
                data = width
                u, v = u + [0] * (-len(u) % width), v + [0] * (-len(v) % width)
            rows = range(0, len(u), width)
            q = [add(mul(evaluate(u[j:j + width], e), evaluate(v[j:j + width], e)) for j in rows if any(u[j:j + width]))
                 for e in range(2 * width - 1)]
            right = self.stream(KEYS[n], 'share', fold, len(q))
            left = [a ^ b for a, b in zip(q, right)]
            assert add(q[:data]) == claim_left ^ claim_right
            r = next(w for w in self.stream(KEYS[before], 'coin', fold, 32) if w >= width)
            zeros_left.append(add(left[:data]) ^ claim_left)
            zeros_right.append(add(right[:data]) ^ claim_right)
            claim_left, claim_right = evaluate(left, r), evaluate(right, r)
            u, v = [evaluate(u[j:j + width], r) for j in rows], [evaluate(v[j:j + width], r) for j in rows]
            shares.append(bytes_of(left))
            if last:
                break
            coins.append(bytes_of([r]))
            fold, width = fold + 1, EIGHT
        assert claim_left ^ claim_right == mul(u[0], v[0])
        return (seed, shares, coins, seed + b''.join(coins), bytes_of(zeros_left + [u[0], claim_left]),
                bytes_of(zeros_right + [v[0], claim_right]))


def xor(*vectors):
    return [[add(words) for words in zip(*shares)] for shares in zip(*vectors)]


def negated(x):
    return [[w ^ ONES for w in x[0]], x[1], x[2]]


def part(x, first, count):
    return [s[first:first + count] for s in x]


def one(run, count=1):
    run.products([(run.share(1, count), run.share(2, count))], count)
    run.verify()


def gates(run):
    x, y, m = (run.share(name, 5) for name in (1, 2, 3))
    both = run.products([([a + b for a, b in zip(negated(x), xor(x, m))],
                          [a + b for a, b in zip(xor(y, m), negated(xor(y, m)))])], 10)
    chosen, most = negated(xor(part(both, 0, 5), m)), xor(part(both, 5, 5), m)
    run.products([(chosen, most)], 5)
    run.verify()


def dots(run):
    x, y = run.share(1, 30), run.share(2, 30)

    def term(v, t):
        """Of both inner products, one after the other."""
        return [a + b for a, b in zip(part(v, 3 * t, 3), part(v, 15 + 3 * t, 3))]
    z = run.products([(term(x, t), term(y, t)) for t in range(5)], 6)
    run.products([(z, z)], 6)
    run.verify()
    run.products([(y, x)], 30)
    run.verify()


PROGRAMS = {'one': one, 'gates': gates, 'dots': dots, 'long': lambda run: one(run, 130)}


def main():
    tap, told, name = Tap(), {}, None
    for line in subprocess.run([sys.argv[1]], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
        words = line.split()
        if words[0] == 'run':
            name = words[1]
            told[name] = {(i, j): [] for i in range(3) for j in range(3)}
        else:
            told[name][int(words[1]), int(words[2])].append(bytes.fromhex(words[3] if len(words) > 3 else ''))
    # RFC 8439, appendix A.1, test vector 1; and the field's inverse of X, by hand.
    tap.claim('the model has the published stream and field', [] if stream(bytes(32), 0, 4).hex() == '76b8e0ad'
              and inverse(2) == 0x800000000000000d else ['it has not'])
    for name, program in PROGRAMS.items():
        run, problems = Run(), []
        program(run)
        for pair, expected in sorted(run.sent.items()):
            got = told.get(name, {}).get(pair, [])
            if len(got) != len(expected):
                problems.append('P_%d sent P_%d %d messages, not %d' % (*pair, len(got), len(expected)))
            problems += ['message %d from P_%d to P_%d is another' % (k, *pair)
                         for k, (a, b) in enumerate(zip(got, expected)) if a != b]
        number = sum(len(m) for m in run.sent.values())
        tap.claim('“%s”: all %d messages are those of the statement' % (name, number), problems)
    tap.end()


main()
