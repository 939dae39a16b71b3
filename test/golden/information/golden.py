"""Golden values: entropies, baselines, classes and mutual information of the texts in cases.json, by plain definitions.

One command, from this folder:  python3 golden.py   (needs nothing but Python; not part of npm test)
Reads cases.json; writes ../values/information/golden.json. Nothing is shared with the product's code: counts are
dictionaries, probabilities exact fractions where they can be, and classes come from Python's unicodedata.
"""
import json
import math
import pathlib
import sys
import unicodedata
from collections import Counter
from fractions import Fraction

here = pathlib.Path(__file__).parent
cases = json.loads((here / "cases.json").read_text(encoding="utf-8"))
# The characters with the property White_Space (PropList.txt).
WHITE = set("\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
SYMBOLS = {"byte": 256, "character": 200}
BLOCKS = 30


def entropy(counter, total):
    """Nats of the counts, uncorrected, and how many cells are occupied."""
    return math.fsum(n / total * math.log(total / n) for n in counter.values()), len(counter)


def mutual_information(ids, distance):
    pairs = list(zip(ids, ids[distance:]))
    n = len(pairs)
    (hx, kx), (hy, ky), (hxy, kxy) = (
        entropy(Counter(of), n) for of in ([p[0] for p in pairs], [p[1] for p in pairs], pairs)
    )
    plug_in = hx + hy - hxy
    corrected = (hx + (kx - 1) / (2 * n)) + (hy + (ky - 1) / (2 * n)) - (hxy + (kxy - 1) / (2 * n))
    return {"pairs": n, "bits": corrected / math.log(2), "plugInBits": plug_in / math.log(2)}


def nats(probabilities):
    return math.fsum(-math.log(p) for p in probabilities)


def baselines(ids, symbols):
    half = Fraction(1, 2)
    adaptive, after = [], []
    for at, x in enumerate(ids):
        past = ids[:at]
        one = (past.count(x) + half) / (at + half * symbols)
        adaptive.append(one)
        if at == 0:
            after.append(one)
        else:
            a = ids[at - 1]
            followed = [past[i + 1] for i in range(len(past) - 1) if past[i] == a]
            after.append((followed.count(x) + one) / (len(followed) + 1))
    alone = [Fraction(ids.count(x), len(ids)) for x in ids]
    known = [alone[0]]
    for at in range(1, len(ids)):
        followed = [ids[i + 1] for i in range(len(ids) - 1) if ids[i] == ids[at - 1]]
        known.append(Fraction(followed.count(ids[at]), len(followed)))
    return {
        "unigramAdaptive": nats(adaptive),
        "unigramPlugIn": nats(alone),
        "bigramAdaptive": nats(after),
        "bigramPlugIn": nats(known),
    }


def class_of(character):
    category = unicodedata.category(character)
    if character in WHITE:
        return "whitespace"
    if category[0] in "LM":
        return "words"
    if category[0] == "N":
        return "digits"
    return "punctuation" if category[0] == "P" else "other"


def log_prob(token):
    """Made up, exact in single precision."""
    return -((token * 37) % 101 + 1) / 16


def classes(characters):
    """characters: of each token, the character it is or is a part of, and whether it is but a part."""
    found = {name: {"tokens": 0, "parts": 0, "nats": 0.0} for name in ("whitespace", "words", "digits", "punctuation", "other")}
    for token, (character, part) in enumerate(characters):
        entry = found[class_of(character)]
        entry["tokens"] += 1
        entry["parts"] += part
        entry["nats"] -= log_prob(token)
    return found


def batch_means(values):
    length = len(values) // BLOCKS
    if length < 2:
        return None
    means = [math.fsum(values[b * length : (b + 1) * length]) / length for b in range(BLOCKS)]
    centre = math.fsum(means) / BLOCKS
    return math.sqrt(math.fsum((m - centre) ** 2 for m in means) / (BLOCKS - 1) / BLOCKS)


rows = []
for text in cases["texts"]:
    text = text * cases["repeat"]
    for kind in ("byte", "character"):
        if kind == "byte":
            tokens = [(c, int(len(c.encode()) > 1)) for c in text for _ in c.encode()]
            ids = list(text.encode())
        else:
            tokens = [(c, 0) for c in text]
            alphabet = sorted(set(text))
            ids = [alphabet.index(c) for c in text]
        values = [-log_prob(token) for token in range(len(ids))]
        rows.append(
            {
                "kind": kind,
                "tokens": len(ids),
                "mutualInformation": [mutual_information(ids, d) for d in cases["distances"]],
                "baselines": baselines(ids, SYMBOLS[kind]),
                "unigramEntropy": entropy(Counter(ids), len(ids))[0],
                "classes": classes(tokens),
                "mean": math.fsum(values) / len(values),
                "standardError": batch_means(values),
            }
        )

golden = {"python": sys.version.split()[0], "unicode": unicodedata.unidata_version, "symbols": SYMBOLS, "rows": rows}
target = here.parent / "values" / "information" / "golden.json"
target.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
print(f"{len(rows)} rows")
