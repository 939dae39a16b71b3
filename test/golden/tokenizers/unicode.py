"""Golden properties of every code point, as Python's `tokenizers` sees them: Oniguruma's classes, Rust's predicates and
the single characters that its normalisers change.

One command, from this folder:  python unicode.py   (needs: tokenizers; a minute; not part of npm test)
Writes ../values/tokenizers/unicode.json.gz: ranges of code points per property. The lists of later characters in
src/data/tokenizers/unicode.ts are the differences between these and JavaScript's own tables at Unicode 17.
"""
import gzip
import json
import pathlib

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

out = pathlib.Path(__file__).parent.parent / "values" / "tokenizers" / "unicode.json.gz"
characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def ranges(holds):
    found = []
    for character in filter(holds, characters):
        code = ord(character)
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def matches(pattern):
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return ranges(lambda character: bool(split.pre_tokenize_str(character)))


def changes(normalizer):
    return ranges(lambda character: normalizer.normalize_str(character) != character)


def bert(**options):
    flags = dict.fromkeys(["clean_text", "handle_chinese_chars", "strip_accents", "lowercase"], False)
    return normalizers.BertNormalizer(**{**flags, **options})


PATTERNS = [r"\p{L}", r"\p{N}", r"\p{M}", r"\p{P}", r"\p{S}", r"\p{Lu}", r"\p{Ll}", r"\p{Lt}", r"\p{Lm}", r"\p{Lo}", r"\p{Cn}", r"\p{Cf}",
            r"\p{Han}", r"\s", r"\d", r"\w", r"[\w]", r"\h", ".", "[[:punct:]]", "[[:alpha:]]", "[[:upper:]]", "(?i:s)", "(?i:[a-z])"]
spaces, numbers, marks = pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(True), pre_tokenizers.Punctuation("removed")
words, cleaned = pre_tokenizers.Whitespace(), bert(clean_text=True)
golden = {
    "tokenizers": tokenizers.__version__,
    "patterns": {pattern: matches(pattern) for pattern in PATTERNS},
    "isWhitespace": ranges(lambda character: not spaces.pre_tokenize_str(character)),
    "isNumeric": ranges(lambda character: len(numbers.pre_tokenize_str(character + "a")) == 2),
    "isPunctuation": ranges(lambda character: not marks.pre_tokenize_str(character)),
    "isWord": ranges(lambda character: [word for word, _ in words.pre_tokenize_str("a" + character)] == ["a" + character]),
    "isOther": ranges(lambda character: cleaned.normalize_str(character) == ""),
    "isBertChinese": changes(bert(handle_chinese_chars=True)),
    "isMark": changes(normalizers.StripAccents()),
    "isNonspacingMark": ranges(lambda character: bert(strip_accents=True).normalize_str(character) == ""),
    "changed": {name: changes(getattr(normalizers, name)()) for name in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Nmt"]},
}
out.write_bytes(gzip.compress(json.dumps(golden, separators=(",", ":")).encode(), 9, mtime=0))
print(tokenizers.__version__, out.stat().st_size)
