"""Golden log-probs of GPT-2-shaped folders with tokenizers of their own, from PyTorch and transformers.

One command, from this folder:  python folder.py   (needs: torch, transformers; not part of npm test)
Writes to ../values/tokenizers/folder: one small random GPT-2 with a table larger than its tokenizers, three folders'
worth of tokenizer files that AutoTokenizer loads beside it (tokenizer.json without and with a token in front;
vocab.json and merges.txt), and what transformers makes of some texts: ids and log-probs in double precision.
"""
import gzip
import json
import pathlib
import shutil
import tempfile

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel

here = pathlib.Path(__file__).parent
others = here.parent / "values" / "tokenizers" / "others"
out = here.parent / "values" / "tokenizers" / "folder"
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
TEXTS = [
    "To be, or not to be: that is the question.\n", "na\u00efve caf\u00e9 \U0001f600\U0001f600 \u4e2d\u6587\r\n", "x", "a\u0000\ufeffb <|endoftext|> c",
    "  it's 12345 o'clock " * 6,
]


def content(name):
    return json.loads(gzip.decompress((others / f"{name}.tokenizer.json.gz").read_bytes()))


def write(folder, name, value):
    (folder / name).write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")


torch.manual_seed(7)
model = GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=2, n_embd=12, n_positions=160, vocab_size=640, resid_pdrop=0.0,
                                   embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0))
with torch.no_grad():
    for parameter in model.parameters():
        parameter.add_(0.2 * torch.randn_like(parameter))
model.save_pretrained(out)
(out / "generation_config.json").unlink(missing_ok=True)

gpt2, llama3 = content("gpt2"), content("llama3")
FILES = {
    "plain": {"tokenizer.json": gpt2, "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>"}},
    "first": {"tokenizer.json": llama3, "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast"}},
    "merges": {
        "vocab.json": gpt2["model"]["vocab"],
        "merges.txt": "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in gpt2["model"]["merges"]),
        "tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"},
    },
}
golden = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "texts": TEXTS}
for name, files in FILES.items():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        shutil.copytree(out, folder, dirs_exist_ok=True)
        (out / name).mkdir()
        for file, value in files.items():
            write(folder, file, value)
            if file not in ("tokenizer.json", "vocab.json"):  # the rest is in others/ already
                write(out / name, file, value)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        loaded = AutoModelForCausalLM.from_pretrained(folder).double().eval()
        rows = []
        for text in TEXTS:
            ids = tokenizer(text)["input_ids"]
            with torch.no_grad():
                log_probs = torch.log_softmax(loaded(torch.tensor([ids])).logits[0], -1)
            scored = [float(f"{log_probs[at, ids[at + 1]].item():.9g}") for at in range(len(ids) - 1)]
            rows.append({"ids": ids, "logProbs": scored})
        golden[name] = rows
        print(name, type(tokenizer).__name__, [len(row["ids"]) for row in rows])
write(out, "golden.json", json.dumps(golden) + "\n")
