"""Golden ids of other people's tokenizers: what Python's `tokenizers` makes of thousands of hostile strings.

One command, from this folder:  python others.py   (needs: tokenizers, sentencepiece; not part of npm test)
Trains a small tokenizer of every kind that is read here on the example texts, writes each as tokenizer.json (gzip) to
../values/tokenizers/others, and beside it the ids, the decoded texts and for the first strings the offsets.
"""
import gzip
import io
import json
import pathlib
import random

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

here = pathlib.Path(__file__).parent
out = here.parent / "values" / "tokenizers" / "others"
out.mkdir(parents=True, exist_ok=True)
examples = here.parent.parent.parent / "examples" / "workspace"

SOME = """Ärger über Öl und Übermut: naïve café, façade, Ångström, Straße, İstanbul, ﬁn, ½ Preis, x² + y².
Привет, мир! Как дела? Ёлка. Γειά σου Κόσμε, Σίσυφος. 東京は日本の首都です。你好，世界！한국어 문장입니다.
مرحبا بالعالم  שלום עולם  हिन्दी में एक वाक्य  ไทยไม่มีวรรค  😀😃🎉👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷
def f(x):\n\treturn x ** 2  # 3,141.59 and 2.71828, 1234567890\r\nfor (let i = 0; i < 10; i++) { a[i] += "b\\n"; }
I'm, you're, he'll, they've, DON'T, WE'RE; "quotes" – and — dashes… ¿qué? ¡sí! <html>&amp;</html> a_b-c/d\\e|f~g
""" * 4
lines = (examples / "almanac.txt").read_text(encoding="utf-8").splitlines(True)[:2500] + SOME.splitlines(True)
corpus = (examples / "shakespeare.txt").read_text(encoding="utf-8")[:150_000].splitlines(True) + lines

GPT2_SPECIAL = "<|endoftext|>"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
DEEPSEEK = ["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", r"\p{N}+"]
PHRASES = [r"(?<!\S)\w+(?!\S)", r"\b[[:upper:]]{2,}\b", r"(?>[a-c]+)|[^\W\d_&&[^aeiou]]{2}", r"^\s*#.*$"]
ALPHABET = pre_tokenizers.ByteLevel.alphabet()


def byte_level(pre, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def bytes_of(*steps):
    return pre_tokenizers.Sequence([*steps, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def bpe(tokenizer, size=600, special=(GPT2_SPECIAL,), **options):
    options = {"initial_alphabet": ALPHABET, **options}
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=size, special_tokens=list(special), show_progress=False, **options))
    return tokenizer


def template(tokenizer, token, *behind):
    after = "".join(f" {each}" for each in behind)
    ids = [(each, tokenizer.token_to_id(each)) for each in (token, *behind)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{token} $A{after}", special_tokens=ids)
    return tokenizer


def gpt2():
    return bpe(byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False)))


def prefixed():
    tokenizer = bpe(byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True)), special=["<s>", "</s>", "<pad>"])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0), trim_offsets=False)
    return tokenizer


def llama3():
    tokenizer = bpe(byte_level(bytes_of(split(LLAMA3)), ignore_merges=True), special=["<|begin_of_text|>", "<|end_of_text|>"])
    tokenizer.add_special_tokens([AddedToken(f"<|reserved_{n}|>", special=True, normalized=False) for n in range(4)])
    template(tokenizer, "<|begin_of_text|>")
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), tokenizer.post_processor])
    return tokenizer


def qwen():
    tokenizer = byte_level(bytes_of(split(QWEN2)))
    tokenizer.normalizer = normalizers.NFC()
    return bpe(tokenizer)


def cl100k():
    return bpe(byte_level(bytes_of(split(CL100K, "removed", True))))


def o200k():
    return bpe(byte_level(bytes_of(split(O200K))))


def deepseek():
    steps = [split(pattern) for pattern in DEEPSEEK]
    return bpe(byte_level(bytes_of(*steps, pre_tokenizers.Digits(individual_digits=True))))


def phrases():
    """Classes, assertions and looks behind that few patterns use, with every way to cut."""
    ways = ["isolated", "merged_with_previous", "merged_with_next", "contiguous"]
    return bpe(byte_level(bytes_of(*[split(pattern, way) for pattern, way in zip(PHRASES, ways)])))


def falcon():
    pre = pre_tokenizers.Sequence([pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
                                   pre_tokenizers.Digits(individual_digits=False), split("[0-9][0-9][0-9]")])
    return bpe(byte_level(pre))


def fallback(tokenizer):
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=900, special_tokens=["<unk>", "<s>", "</s>", *[f"<0x{byte:02X}>" for byte in range(256)]],
        limit_alphabet=70, show_progress=False))
    content = json.loads(tokenizer.to_str())
    content["added_tokens"] = content["added_tokens"][:3]
    content["model"].update(byte_fallback=True, fuse_unk=True, unk_token="<unk>")
    return template(Tokenizer.from_str(json.dumps(content)), "<s>")


def llama2():
    """Prepend and Replace normalisers, no pre-tokenizer: the whole text is one piece."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.pre_tokenizer = split("▁?[^▁]+", "isolated")  # for training only: merges stay within words
    tokenizer = fallback(tokenizer)
    content = json.loads(tokenizer.to_str())
    content["pre_tokenizer"] = None
    return Tokenizer.from_str(json.dumps(content))


def mistral():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", "first", True)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    return fallback(tokenizer)


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(corpus, trainers.UnigramTrainer(
        vocab_size=600, special_tokens=["<s>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    return template(tokenizer, "<s>", "</s>")


def sentence_piece():
    """A model of SentencePiece's own trainer with its compiled normaliser, laid out as transformers' converter does."""
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus), model_writer=trained, vocab_size=700, model_type="unigram", byte_fallback=True,
        character_coverage=0.99, normalization_rule_name="nmt_nfkc", minloglevel=2, num_threads=1)
    proto = sentencepiece_model_pb2.ModelProto.FromString(trained.getvalue())
    vocab = [(piece.piece, piece.score) for piece in proto.pieces]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=0, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap), normalizers.Strip(left=False, right=True),
        normalizers.Replace(Regex(" {2,}"), "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace("▁", "always")])
    tokenizer.add_special_tokens(["<s>", "</s>"])
    return template(tokenizer, "<s>", "</s>")


def word_piece(**options):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20))
    tokenizer.normalizer = normalizers.BertNormalizer(**options)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(corpus, trainers.WordPieceTrainer(
        vocab_size=700, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], limit_alphabet=120, show_progress=False))
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def uncased():
    return word_piece(lowercase=True)


def cased():
    return word_piece(lowercase=False, strip_accents=False, handle_chinese_chars=True)


def words():
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(corpus, trainers.WordLevelTrainer(vocab_size=800, special_tokens=["<unk>"], show_progress=False))
    return tokenizer


def suffixed():
    """The layout of the first GPT: the end of a word is marked."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    return bpe(tokenizer, special=["<unk>"], end_of_word_suffix="</w>", initial_alphabet=[], limit_alphabet=100)


def continued():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.CharDelimiterSplit(" ")
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return bpe(tokenizer, special=["<unk>"], continuing_subword_prefix="##", initial_alphabet=[], limit_alphabet=100)


def added():
    """Added tokens with every flag, and names that are traps for objects."""
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False))
    tokenizer.normalizer = normalizers.Lowercase()
    bpe(tokenizer)
    flags = ["single_word", "lstrip", "rstrip", "normalized"]
    for bits in range(16):
        options = {flag: bool(bits >> at & 1) for at, flag in enumerate(flags)}
        tokenizer.add_tokens([AddedToken(f"<T{bits:x}>", **options)])
        tokenizer.add_special_tokens([AddedToken(f"Wort{bits:x}", special=True, **options)])
    tokenizer.add_tokens(["__proto__", "constructor", "toString", "hasOwnProperty", "ab", "abc", "  ", "\n\n", "é", "👨‍👩‍👧‍👦", "👨"])
    return tokenizer


PIECES = [
    "a", "Z", " ", " ", "  ", "\n", "\r\n", "\r", "\t", "\0", "\ufeff", "é", "e\u0301", "ß", "中", "ع", "\u0d15\u0d4d\u0d37", "😀",
    "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "\u200d", "\u00ad", "\u0120", "\ufffd", "\uffff", "\U0010ffff", "\u007f", "\u0080", "\u0085", "\u2028", "\u3000", "\u00a0",
    "'s", "'S", "'\u017f", "'ll", "'RE", "can't", "I'M", "12", "3", "1234567", "٣", "Ⅷ", "½", "x²", "ﬁ", "ﬀ", "①", "Å", "\u212b", "\u1e9b\u0323", "각", "\u1100\u1161\u11a8",
    "ｶﾞ", "が", "か\u3099", "İ", "ı", "ΑΣ", "ς", "ǅ", "the", " the", "The", " world", "Hello", ",", ".", "!", "?", "...", "#", "$", "_", "__proto__", "▁", "▁▁",
    "<s>", "</s>", "<unk>", "[UNK]", "[CLS]", "[SEP]", "<|endoftext|>", "<|begin_of_text|>", "<|reserved_1|>", "<0x41>", "##a", "</w>", "constructor", "toString",
    "<T0>", "<t1>", "<T3>", "<T5>", "<T7>", "<T9>", "<Tf>", "Wort0", "wort8", "Wort2", "Wort4", "Wort6", "WortF", "Wortf", "Worta", "ab", "abc", "abcd", "東京", "한국어", "Привет", "ёЁ", "हिन्दी",
    "# note", "GNU", "aaaa", "\u0301", "\u0327\u0301", "\u0344", "q\u0307\u0323", "\U0001d11e", "\U00020000", "\u9fff\u4e00", "₁", "™", "㍿", "…", "‚", "\u2581a",
]
rng = random.Random(20)


def any_character():
    code = rng.randrange(0x110000 - 0x800)
    return chr(code if code < 0xD800 else code + 0x800)


def random_text():
    return "".join(rng.choice(PIECES) if rng.random() < 0.9 else any_character() for _ in range(rng.randrange(1, 16)))


texts = ["", " ", "  ", "\n", " leading and trailing  ", "a" * 300, "ab" * 200, "中" * 120, "x\r\n" * 20, " " * 50 + "a", "\t \n \r\n  b"]
texts += SOME.splitlines()[:6] + [line for line in corpus[::150]]
texts += [random_text() for _ in range(2600)]
OFFSETS = 300

KINDS = [gpt2, prefixed, llama3, qwen, cl100k, o200k, deepseek, phrases, falcon, llama2, mistral, unigram, sentence_piece,
         uncased, cased, words, suffixed, continued, added]


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (out / f"{name}.json.gz").write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    write("texts", texts)
    for make in KINDS:
        name = make.__name__
        tokenizer = make()
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
        ids = [each.ids for each in encodings]
        with_special = tokenizer.encode("a").ids
        golden = {
            "tokenizers": tokenizers.__version__,
            "ids": ids,
            "offsets": [each.offsets for each in encodings[:OFFSETS]],
            "decoded": [tokenizer.decode(each, skip_special_tokens=False) for each in ids[:OFFSETS]],
            "first": with_special[0] if with_special[0] != tokenizer.encode("a", add_special_tokens=False).ids[0] else None,
        }
        write(f"{name}.tokenizer", json.loads(tokenizer.to_str()))
        write(name, golden)
        print(name, tokenizer.get_vocab_size(), sum(map(len, ids)))
