"""Golden vocabulary of a byte-level BPE that Python's `tokenizers` trains, against the one that is trained here.

One command, from this folder:  python trained.py   (needs: tokenizers, transformers; not part of npm test)
Trains on the example texts at several sizes and writes the tokens, merges and some ids to
../values/tokenizers/trained.json. With a folder as argument it also loads the tokenizer.json and tokenizer_config.json
that `data.tokenizer: { "bpe": 512 }` saved there, by transformers and by tokenizers, and fails if their ids differ.
"""
import hashlib
import json
import pathlib
import sys

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

here = pathlib.Path(__file__).parent
examples = here.parent.parent.parent / "examples" / "workspace"
almanac = (examples / "almanac.txt").read_text(encoding="utf-8")
shakespeare = (examples / "shakespeare.txt").read_text(encoding="utf-8")
hostile = "aaaa aaaaaaa abababab babab " * 7 + "e\u0301 caf\u00e9 \U0001f600\U0001f600 \r\n\r\n\t\0\ufeff <bos> 1234 12345 " * 3
RUNS = {"almanac": ([almanac], 512), "shakespeare": ([shakespeare], 2048), "both": ([almanac, shakespeare], 4096),
        "hostile": ([hostile], 400)}


def train(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["<bos>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def digest(value):
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


golden = {"tokenizers": tokenizers.__version__}
for name, (texts, size) in RUNS.items():
    trained = train(texts, size)
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    golden[name] = {
        "size": len(tokens), "tokens": digest(tokens), "merges": digest(model["merges"]),
        "last": tokens[-5:], "ids": trained.encode(texts[0][:300]).ids,
    }
    print(name, len(tokens), len(model["merges"]))
(here.parent / "values" / "tokenizers" / "trained.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")

for folder in sys.argv[1:]:
    auto = AutoTokenizer.from_pretrained(folder)
    raw = Tokenizer.from_file(f"{folder}/tokenizer.json")
    expected = json.loads((pathlib.Path(folder) / "ids.json").read_text())
    for text, ids in expected:
        assert auto(text)["input_ids"] == ids, (text, auto(text)["input_ids"], ids)
        if "<bos>" not in text:
            assert raw.encode(text).ids == ids, text
        assert auto.decode(ids, skip_special_tokens=True) == text, text
    print(folder, len(expected), "texts agree")
