"""Golden ids: what Python's transformers makes of our tokenizer files.

One command, from this folder:  python golden.py   (needs: transformers; not part of npm test)
Reads cases.json and what write.mjs wrote; writes ../values/tokenizers/golden.json. Every text is encoded by AutoTokenizer beside a GPT-2
config.json, as in a run folder, by PreTrainedTokenizerFast, and by the tokenizers library alone where the text does
not spell a special token; the script fails if they disagree.
"""
import json
import pathlib
import shutil
import tempfile

import tokenizers
import transformers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

here = pathlib.Path(__file__).parent
values = here.parent / "values" / "tokenizers"
texts = json.loads((here / "cases.json").read_text(encoding="utf-8"))["texts"]
golden = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}

for kind in ("byte", "character"):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(values / kind / name, folder)
        vocabulary = json.loads((values / kind / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        bos = vocabulary["<bos>"]
        config = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": len(vocabulary), "bos_token_id": bos}
        (pathlib.Path(folder) / "config.json").write_text(json.dumps(config))
        auto = AutoTokenizer.from_pretrained(folder)
        fast = PreTrainedTokenizerFast.from_pretrained(folder)
        raw = tokenizers.Tokenizer.from_file(str(values / kind / "tokenizer.json"))
    assert auto.bos_token_id == fast.bos_token_id == bos, (kind, auto.bos_token_id, bos)
    rows = []
    for text in texts:
        ids = auto(text)["input_ids"]
        assert ids == fast(text)["input_ids"], (kind, text)
        if not any(special in text for special in ("<bos>", "<unk>")):
            assert ids == raw.encode(text).ids, (kind, text)
        decoded = auto.decode(ids, skip_special_tokens=True)
        rows.append({"ids": ids, "decoded": decoded})
        if kind == "byte":
            assert ids == [bos, *text.encode("utf-8")], (kind, text)
            assert decoded == text, (kind, text, decoded)
    golden[kind] = rows

(values / "golden.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
print(f"{len(texts)} texts, 2 tokenizers, transformers {golden['transformers']}")
