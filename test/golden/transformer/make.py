"""Golden values of the Transformer, from PyTorch and transformers.

One command, from the project's root:  python3 test/golden/transformer/make.py
Needs: npm install, and Python with torch, transformers and safetensors (2.15.0, 5.23.0 and 0.8.0 made the stored
values); not part of npm test. Writes test/golden/values/transformer/:
  theirs/      a GPT-2 with odd sizes and random weights, saved by transformers
  theirs.json  what transformers computes with it in double precision: logits, log-probs, attention, loss, gradients,
               and three steps of torch.optim.AdamW with clipping
  ours/        a model folder trained and written by this project (write.mjs, which this script runs)
  ours.json    what AutoModelForCausalLM and AutoTokenizer make of that folder
  functions.json  tanh GELU, layer norm and cross-entropy of PyTorch at chosen points
"""
import json
import pathlib
import subprocess

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel

HERE = pathlib.Path(__file__).parent
VALUES = HERE.parent / "values" / "transformer"
VERSIONS = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}


def numbers(tensor):
    """Nine significant digits: more than float32 has, and a small file."""
    return [float(f"{value:.9g}") for value in tensor.detach().double().flatten().tolist()]


def sampled(name, tensor):
    """Norm and first entries. The keys' bias is left out: softmax does not see it, so its gradient is zero, and Adam
    turns the rounding of a zero into steps that differ between any two implementations."""
    flat = tensor.detach().flatten()
    if name.endswith("c_attn.bias"):
        query, _, value = flat.chunk(3)
        flat = torch.cat([query, value])
    return {"norm": flat.norm().item(), "first": numbers(flat[:6])}


def write(name, content):
    VALUES.mkdir(parents=True, exist_ok=True)
    (VALUES / name).write_text(json.dumps({**VERSIONS, **content}, indent=1) + "\n", encoding="utf-8")


def theirs():
    torch.manual_seed(20)
    config = GPT2Config(
        n_layer=2, n_head=3, n_embd=21, n_positions=17, vocab_size=35, layer_norm_epsilon=3e-4,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=34, eos_token_id=None,
        attn_implementation="eager",
    )
    model = GPT2LMHeadModel(config)
    with torch.no_grad():  # gains and biases too: zeros and ones would hide a swap
        for name, parameter in model.named_parameters():
            centre = 1.0 if name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight")) else 0.0
            parameter.copy_(centre + 0.25 * torch.randn_like(parameter))
    model.save_pretrained(VALUES / "theirs")
    (VALUES / "theirs" / "generation_config.json").unlink(missing_ok=True)  # not read here
    model = model.double().eval()

    ids = torch.randint(0, 35, (2, 18))
    inputs, targets = ids[:, :-1], ids[:, 1:]
    output = model(inputs, output_attentions=True)
    log_probs = torch.log_softmax(output.logits, -1)
    chosen = log_probs.gather(-1, targets[..., None])[..., 0]
    steps, parameters = [], dict(model.named_parameters())
    matrices = [p for p in parameters.values() if p.dim() >= 2]
    vectors = [p for p in parameters.values() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}],
        lr=0.01, betas=(0.9, 0.95), eps=1e-8,
    )
    gradients = None
    for _ in range(3):
        optimizer.zero_grad()
        logits = model(inputs).logits
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, 35), targets.reshape(-1))
        loss.backward()
        if gradients is None:
            gradients = {name: sampled(name, p.grad) for name, p in parameters.items()}
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        steps.append({"loss": loss.item(), "norm": norm.item()})
        optimizer.step()
    write("theirs.json", {
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
        "logits": numbers(output.logits[1]),
        "logProb": numbers(chosen),
        "attention": numbers(torch.stack([layer[0] for layer in output.attentions])),
        "gradients": gradients,
        "adamw": {
            "learningRate": 0.01, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "weightDecay": 0.1, "clipNorm": 1.0,
            "steps": steps,
            "weights": {name: sampled(name, p) for name, p in parameters.items()},
        },
    })


def ours():
    folder = VALUES / "ours"
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    complaints = {key: sorted(map(str, value)) for key, value in report.items() if value}
    if complaints:
        raise SystemExit(f"{folder} does not load cleanly: {complaints}")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = json.loads((folder / "text.json").read_text(encoding="utf-8"))
    ids = torch.tensor([tokenizer(text)["input_ids"]])[:, : model.config.n_positions + 1]
    with torch.no_grad():
        log_probs = torch.log_softmax(model.double().eval()(ids[:, :-1]).logits, -1)
    chosen = log_probs.gather(-1, ids[:, 1:, None])[0, :, 0]
    write("ours.json", {"text": text, "ids": ids[0].tolist(), "logProb": numbers(chosen), "class": type(model).__name__})


def functions():
    torch.manual_seed(3)
    u = torch.tensor([-30, -6, -3, -1.5, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 1.5, 3, 6, 30], dtype=torch.float64)
    x = torch.cat([torch.randn(3, 7) * 3 + 5, torch.full((1, 7), 2.5)]).double()  # the last row has no variance
    gain, bias = torch.randn(7).double(), torch.randn(7).double()
    logits = torch.cat([torch.randn(3, 5) * 4, torch.tensor([[900.0, -900, 0, 1, 2]])]).double()
    targets = torch.tensor([0, 4, 2, 1])
    write("functions.json", {
        "gelu": {"u": numbers(u), "y": numbers(torch.nn.functional.gelu(u, approximate="tanh"))},
        "layerNorm": {
            "x": numbers(x), "gain": numbers(gain), "bias": numbers(bias), "epsilon": 1e-5,
            "y": numbers(torch.nn.functional.layer_norm(x, (7,), gain, bias, 1e-5)),
        },
        "crossEntropy": {
            "logits": numbers(logits), "targets": targets.tolist(),
            "nats": numbers(torch.nn.functional.cross_entropy(logits, targets, reduction="none")),
        },
    })


if __name__ == "__main__":
    subprocess.run(["node", str(HERE / "write.mjs")], check=True)
    theirs()
    ours()
    functions()
