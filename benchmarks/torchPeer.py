# The peer of `ar-lens bench`: the same GPT-2 sizes in PyTorch, a training step and sampling one stream.
# Called by the CLI with one JSON argument; by hand:
#   python3 benchmarks/torchPeer.py '{"layers":4,"heads":4,"width":128,"contextLength":64,"batchSize":12,"vocabulary":65,"threads":2,"card":false,"names":["gptStep","samplingCached64"]}'
# PyTorch comes from `pip install torch` (its own BLAS); distributions that link a reference BLAS are no peer.
import json

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchTimer import KIND, NAME, THREADS, fastest, request

LAYERS, HEADS, WIDTH = request["layers"], request["heads"], request["width"]
CONTEXT, BATCH, VOCABULARY = request["contextLength"], request["batchSize"], request["vocabulary"]
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, cache=None, position=0):
        b, t, c = x.shape
        q, k, v = (
            part.view(b, t, HEADS, c // HEADS).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(c, dim=2)
        )
        if cache is None:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            keys, values = cache
            keys[:, :, position : position + t] = k
            values[:, :, position : position + t] = v
            y = F.scaled_dot_product_attention(q, keys[:, :, : position + t], values[:, :, : position + t])
        x = x + self.out(y.transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, ids, caches=None, position=0, last=False):
        x = self.tokens(ids) + self.positions(torch.arange(position, position + ids.shape[1], device=KIND))
        for layer, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[layer], position)
        x = self.norm(x[:, -1:] if last else x)
        return F.linear(x, self.tokens.weight)


model = Gpt().to(KIND)


def train_step_milliseconds():
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    inputs = torch.randint(0, VOCABULARY, (BATCH, CONTEXT), device=KIND)
    targets = torch.randint(0, VOCABULARY, (BATCH, CONTEXT), device=KIND)

    def step():
        loss = F.cross_entropy(model(inputs).view(-1, VOCABULARY), targets.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return 1000 * fastest(step, 40, warm=3)


@torch.no_grad()
def tokens_per_second(length, cached):
    def pick(logits):
        return torch.multinomial(F.softmax(logits[:, -1] / 0.8, dim=-1), 1)

    def stream_cached():
        shape = (1, HEADS, CONTEXT, WIDTH // HEADS)
        caches = [(torch.zeros(shape, device=KIND), torch.zeros(shape, device=KIND)) for _ in range(LAYERS)]
        token = torch.zeros((1, 1), dtype=torch.long, device=KIND)
        for position in range(length):
            token = pick(model(token, caches, position, last=True))

    def stream_recomputed():
        ids = torch.zeros((1, 1), dtype=torch.long, device=KIND)
        for _ in range(length):
            ids = torch.cat((ids, pick(model(ids[:, -CONTEXT:], last=True))), dim=1)

    return length / fastest(stream_cached if cached else stream_recomputed, 20, warm=3)


def measure(name):
    if name == "gptStep":
        return train_step_milliseconds()
    cached = name.startswith("samplingCached")
    length = int(name[len("samplingCached" if cached else "samplingRecomputed") :])
    return tokens_per_second(length, cached)


# PyTorch at its best: sampling one stream of so small a model is often faster on one thread than on several.
results = {}
for name in request["names"]:
    better = min if name == "gptStep" else max
    for threads in THREADS:
        torch.set_num_threads(threads)
        value = measure(name)
        results[name] = better(results.get(name, value), value)
print(json.dumps({"version": torch.__version__, "device": NAME, "results": results}))
