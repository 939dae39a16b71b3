"""Models as anybody might bring them, and what transformers computes with them.

One command, from the project's root:  python3 test/golden/models/make.py
Needs: npm install, and Python with torch, transformers and safetensors (2.15.0, 5.23.0 and 0.8.0 made the stored
values); not part of npm test. Writes test/golden/values/models/:
  <case>/      a small model of odd sizes with random or briefly trained weights, saved by transformers
  <case>.json  log-probs, entropies, ranks and the likeliest ids of transformers in double precision, from that folder
  ours/<case>  folders trained, fine-tuned and written by this project (write.mjs, which this script runs)
  ours.json    what AutoModelForCausalLM makes of those
  rope.json    frequencies and amplitudes of every way to stretch rotary positions, at lengths before and past it
"""
import json
import pathlib
import shutil
import subprocess

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModel, AutoModelForCausalLM, GPT2Config, GPTNeoXConfig, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config,
)
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

HERE = pathlib.Path(__file__).parent
VALUES = HERE.parent / "values" / "models"
VERSIONS = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
V = 41  # 39 characters, <bos> and <unk>, so that this project's character tokenizer fits
BOS = 39
TOP = 3

BASE = dict(vocab_size=V, num_hidden_layers=2, bos_token_id=BOS, eos_token_id=None, pad_token_id=None)
LLAMA = dict(hidden_size=20, intermediate_size=27, num_attention_heads=4, num_key_value_heads=2, head_dim=10,
             max_position_embeddings=64, rms_norm_eps=1e-5, **BASE)


def rope(**keys):
    return {"rope_theta": 500.0, **keys}


# name: (configuration, dtype, lengths of the sequences that are scored, how it is saved)
CASES = {
    "llama": (LlamaConfig(**LLAMA), torch.float32, [33], {"train": 60}),
    "llama-biases": (
        LlamaConfig(**{**LLAMA, "num_attention_heads": 2, "head_dim": None}, attention_bias=True, mlp_bias=True,
                    tie_word_embeddings=True),
        torch.bfloat16, [19], {"head": True},
    ),
    "llama-linear": (
        LlamaConfig(**LLAMA, rope_parameters=rope(rope_type="linear", factor=2.5)), torch.float16, [50], {},
    ),
    "llama-dynamic": (
        LlamaConfig(**{**LLAMA, "max_position_embeddings": 16},
                    rope_parameters=rope(rope_type="dynamic", factor=3.0)),
        torch.float16, [12, 31, 48], {},
    ),
    "llama-yarn": (
        LlamaConfig(**LLAMA, rope_parameters=rope(
            rope_type="yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=8.0, beta_slow=0.5)),
        torch.float16, [14, 60], {},
    ),
    "llama-yarn-named": (
        LlamaConfig(**LLAMA, rope_parameters=rope(
            rope_type="yarn", factor=4.0, original_max_position_embeddings=16, truncate=False, mscale=0.7,
            mscale_all_dim=1.3)),
        torch.float16, [60], {},
    ),
    "llama-llama3": (
        LlamaConfig(**LLAMA, rope_parameters=rope(
            rope_type="llama3", factor=4.0, original_max_position_embeddings=16, low_freq_factor=0.7,
            high_freq_factor=2.5)),
        torch.float16, [60], {},
    ),
    "llama-longrope": (
        LlamaConfig(**LLAMA, rope_parameters=rope(
            rope_type="longrope", original_max_position_embeddings=16, short_factor=[1.0, 1.1, 1.2, 1.3, 1.4],
            long_factor=[1.5, 2.0, 2.7, 3.5, 4.0])),
        torch.float16, [16, 17, 60], {},
    ),
    "llama-shards": (
        LlamaConfig(**{**LLAMA, "num_hidden_layers": 3}), torch.float32, [21], {"shards": "9KB"},
    ),
    "llama-bare": (LlamaConfig(**LLAMA, tie_word_embeddings=True), torch.float16, [21], {"bare": True}),
    "llama-old-keys": (
        LlamaConfig(**LLAMA, rope_parameters=rope(rope_type="linear", factor=2.0)), torch.float16, [40],
        {"old": True},
    ),
    "mistral": (
        MistralConfig(**{**LLAMA, "num_key_value_heads": 1, "head_dim": 6}, sliding_window=7), torch.float32,
        [40], {"train": 60},
    ),
    "qwen2": (
        Qwen2Config(**{**LLAMA, "num_hidden_layers": 3}, use_sliding_window=True, sliding_window=5,
                    max_window_layers=1, tie_word_embeddings=True),
        torch.bfloat16, [30], {},
    ),
    "qwen3": (Qwen3Config(**LLAMA, attention_bias=True), torch.float16, [30], {}),
    "neox": (
        GPTNeoXConfig(hidden_size=36, num_attention_heads=3, intermediate_size=50, max_position_embeddings=48,
                      rope_parameters={"rope_theta": 10000.0, "partial_rotary_factor": 0.25, "rope_type": "default"},
                      **BASE),
        torch.float16, [33], {"train": 60, "buffers": True},
    ),
    "neox-sequential": (
        GPTNeoXConfig(hidden_size=20, num_attention_heads=2, intermediate_size=30, max_position_embeddings=16,
                      use_parallel_residual=False, hidden_act="gelu_new", attention_bias=False,
                      tie_word_embeddings=True,
                      rope_parameters=rope(rope_type="dynamic", factor=2.0, partial_rotary_factor=0.5), **BASE),
        torch.bfloat16, [15, 30], {},
    ),
    "gpt2-untied": (
        GPT2Config(vocab_size=V, n_layer=2, n_head=3, n_embd=21, n_inner=31, n_positions=37, bos_token_id=BOS,
                   eos_token_id=None, activation_function="relu", tie_word_embeddings=False),
        torch.float32, [30], {},
    ),
    "gpt2-scaled": (
        GPT2Config(vocab_size=V, n_layer=3, n_head=2, n_embd=14, n_positions=37, bos_token_id=BOS,
                   eos_token_id=None, activation_function="silu", scale_attn_by_inverse_layer_idx=True,
                   reorder_and_upcast_attn=True),
        torch.float16, [30], {"bare": True, "buffers": True},
    ),
    "gpt2-gelu": (
        GPT2Config(vocab_size=V, n_layer=2, n_head=2, n_embd=14, n_positions=37, bos_token_id=BOS,
                   eos_token_id=None, activation_function="gelu"),
        torch.bfloat16, [30], {"head": True},
    ),
}


def numbers(tensor, digits=8):
    return [float(f"{value:.{digits}g}") for value in tensor.detach().double().flatten().tolist()]


def write(name, content):
    VALUES.mkdir(parents=True, exist_ok=True)
    (VALUES / name).write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def randomized(config):
    """Gains and biases too: ones and zeros would hide a swap."""
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            gain = "norm" in name or ".ln_" in name
            deviation = 0.25 if parameter.dim() < 2 else 1.3 / parameter.shape[-1] ** 0.5
            centre = 1.0 if gain and name.endswith("weight") else 0.0
            parameter.copy_(centre + deviation * torch.randn_like(parameter))
    return model


def trained(model, steps):
    """A few steps on texts that repeat, so that heads look somewhere."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    period = torch.randint(0, V, (8, 6))
    ids = period.repeat(1, 5)
    for _ in range(steps):
        optimizer.zero_grad()
        model(ids, labels=ids).loss.backward()
        optimizer.step()
    return model


def save(model, folder, how):
    shutil.rmtree(folder, ignore_errors=True)
    saved = model.base_model if how.get("bare") else model
    saved.save_pretrained(folder, max_shard_size=how.get("shards", "5GB"))
    (folder / "generation_config.json").unlink(missing_ok=True)  # not read here
    for file in folder.iterdir():
        file.chmod(0o644)
    path = folder / "model.safetensors"
    if how.get("head") or how.get("buffers"):
        tensors = load_file(path)
        if how.get("head"):
            tensors["lm_head.weight"] = model.get_input_embeddings().weight.detach().clone()
        if how.get("buffers"):
            for name in list(tensors):
                if name.endswith(("attn.c_attn.weight", "attention.dense.weight")):
                    block = name.rsplit(".", 2)[0]
                    tensors[f"{block}.bias"] = torch.tril(torch.ones(5, 5, dtype=torch.uint8))[None, None]
                    tensors[f"{block}.masked_bias"] = torch.tensor(-1e9)
        save_file(tensors, path, metadata={"format": "pt"})
    if how.get("old"):  # as files were before transformers 5
        config = json.loads((folder / "config.json").read_text())
        rope = config.pop("rope_parameters")
        config["rope_theta"] = rope.pop("rope_theta")
        config["rope_scaling"] = {"type": rope.pop("rope_type"), **rope}
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def loaded(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    # GPT-2's reordered attention insists on single precision.
    return model if getattr(model.config, "reorder_and_upcast_attn", False) else model.double()


@torch.no_grad()
def scores(folder, ids):
    """A model for each sequence: the stretched rotary positions of some remember the longest they met."""
    output = loaded(folder)(ids[None], output_attentions=True)
    log_probs = torch.log_softmax(output.logits[0, :-1], -1)
    chosen = log_probs.gather(-1, ids[1:, None])
    top = log_probs.topk(TOP, -1)
    return {
        "ids": ids.tolist(),
        "logProb": numbers(chosen),
        "entropy": numbers(-(log_probs.exp() * log_probs).sum(-1)),
        "rank": (1 + (log_probs > chosen).sum(-1)).tolist(),
        "topId": top.indices.flatten().tolist(),
        "topLogProb": numbers(top.values),
    }, output.attentions


def theirs():
    for seed, (name, (config, dtype, lengths, how)) in enumerate(CASES.items()):
        torch.manual_seed(100 + seed)
        model = randomized(config)
        if "train" in how:
            model = trained(model, how["train"])
        save(model.to(dtype), VALUES / name, how)
        rows = []
        for length in lengths:
            row, attentions = scores(VALUES / name, torch.randint(0, V, (length,)))
            rows.append(row)
        content = {**VERSIONS, "top": TOP, "rows": rows}
        if "train" in how or name == "qwen3":
            content["attention"] = numbers(torch.stack([layer[0] for layer in attentions])[-1], 5)  # last layer
        write(f"{name}.json", content)
        print(f"{name}: mean log-prob {sum(rows[-1]['logProb']) / len(rows[-1]['logProb']):.3f}")


def ours():
    report = {**VERSIONS, "cases": {}}
    for folder in sorted((VALUES / "ours").iterdir()):
        model, info = AutoModelForCausalLM.from_pretrained(
            folder, output_loading_info=True, attn_implementation="eager")
        complaints = {key: sorted(map(str, value)) for key, value in info.items() if value}
        if complaints:
            raise SystemExit(f"{folder} does not load cleanly: {complaints}")
        ids = torch.tensor(json.loads((folder / "ids.json").read_text()))
        row, _ = scores(folder, ids)
        report["cases"][folder.name] = {"class": type(model).__name__, **row}
    write("ours.json", report)


def frequencies():
    """Of each configuration with stretched positions, at lengths before and past the trained context."""
    cases = []
    for name, (config, *_) in CASES.items():
        parameters = getattr(config, "rope_parameters", None)
        if parameters is None or parameters["rope_type"] == "default":
            continue
        for length in [8, 16, 17, 40, 64, 700, 5000]:
            inverse, amplitude = ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu", seq_len=length)
            cases.append({"case": name, "length": length, "inverse": numbers(inverse, 9), "amplitude": amplitude})
    write("rope.json", {**VERSIONS, "cases": cases})


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    theirs()
    frequencies()
    if (HERE / "write.mjs").exists():
        subprocess.run(["node", str(HERE / "write.mjs")], check=True)
        ours()
