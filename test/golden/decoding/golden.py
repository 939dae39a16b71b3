"""Golden values of decoding, from an implementation of their own in plain Python (standard library only).

One command, from this folder:  python3 golden.py      Writes ../values/decoding/golden.json.

penalty   the rule of transformers' RepetitionPenaltyLogitsProcessor: for the ids of the context, score * theta where
          score < 0 and score / theta elsewhere; then softmax. Tolerance 1e-12.
gumbel    -ln(-ln u), u from the 32-bit hash that src/math/counterRng.ts names; winners of log p + noise. Tolerance 1e-12.
search    every continuation of a small tree, scored by total / ((5 + n) / 6)^alpha and by total / n^alpha, the best of
          all by brute force: what a beam as wide as the tree must find. Tolerance 1e-12.
"""
import itertools
import json
import math
import pathlib
import random

MASK = 0xFFFFFFFF


def softmax(scores):
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


def penalise(scores, context, theta):
    out = list(scores)
    for token in set(context):
        out[token] = out[token] * theta if out[token] < 0 else out[token] / theta
    return out


def mix(word):
    word ^= word >> 16
    word = (word * 0x7FEB352D) & MASK
    word ^= word >> 15
    word = (word * 0x846CA68B) & MASK
    return word ^ (word >> 16)


def noise(seed, draw, token):
    low, high = seed & MASK, seed >> 32
    bits = mix(token ^ mix(draw ^ mix(low ^ mix(high))))
    return -math.log(-math.log((bits + 0.5) / 2**32))


def next_log_probs(ids):
    """Three tokens, 0 ends; depends on the last token and on how many there are."""
    last, count = (ids[-1] if ids else 2), len(ids)
    logits = [1.4 - 0.5 * count if last == 1 else -0.6, 0.7 * math.sin(3 * count + last), 0.9 * math.cos(count - last)]
    return [math.log(p) for p in softmax(logits)]


def continuations(length):
    for count in range(1, length + 1):
        for ids in itertools.product(range(3), repeat=count):
            if 0 in ids[:-1] or (count < length and ids[-1] != 0):
                continue
            yield list(ids), math.fsum(next_log_probs(ids[:at])[token] for at, token in enumerate(ids))


def best(length, rule, alpha):
    def score(pair):
        ids, total = pair
        n = len(ids)
        return total / (((5 + n) / 6) ** alpha if rule == "gnmt" else n**alpha)

    ids, total = max(continuations(length), key=score)
    return {"length": length, "rule": rule, "alpha": alpha, "ids": ids, "total": total, "score": score((ids, total))}


rng = random.Random(20190909)
penalty = []
for theta in (1.0, 1.2, 1.7, 3.0):
    logits = [rng.gauss(0, 3) for _ in range(9)]
    context = [rng.randrange(9) for _ in range(6)]
    penalty.append(
        {"logits": logits, "context": context, "theta": theta, "probability": softmax(penalise(logits, context, theta))}
    )

gumbel = []
for seed, draw in ((0, 0), (1, 0), (42, 7), (2**31 + 5, 3), (2**40 + 42, 7)):
    probability = softmax([rng.gauss(0, 2) for _ in range(12)])
    noises = [noise(seed, draw, token) for token in range(12)]
    sums = [math.log(p) + g for p, g in zip(probability, noises)]
    gumbel.append(
        {"seed": seed, "draw": draw, "probability": probability, "noise": noises, "winner": sums.index(max(sums))}
    )

search = [best(6, rule, alpha) for rule in ("gnmt", "power") for alpha in (0.0, 0.6, 1.0, 2.0, 3.0)]
table = {",".join(map(str, ids)): next_log_probs(ids) for n in range(6) for ids in itertools.product(range(3), repeat=n)}

target = pathlib.Path(__file__).parent.parent / "values" / "decoding" / "golden.json"
target.write_text(
    json.dumps({"penalty": penalty, "gumbel": gumbel, "search": search, "table": table}, indent=1) + "\n",
    encoding="utf-8",
)
