# The image peer of `ar-lens bench`: PixelCNN and Gated PixelCNN of the same sizes in PyTorch, a training step and the naive
# sampling loop (a full forward for every pixel). Reads one JSON argument, then a benchmark's name a line, and answers each
# with one JSON line: the asker alternates between the two programs. By hand:
#   echo gatedStep32 | python3 benchmarks/torchImagePeer.py '{"side":28,"layers":8,"gatedLayers":4,"batchSize":16,"gatedBatch":8,"width":32,"kernel":3,"firstKernel":7,"threads":2,"card":false}'
import json
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchTimer import KIND, NAME, THREADS, fastest, request

SIDE, KERNEL, FIRST = request["side"], request["kernel"], request["firstKernel"]
torch.manual_seed(0)


class Masked(nn.Conv2d):
    def __init__(self, kind, inputs, outputs, kernel):
        super().__init__(inputs, outputs, kernel, padding=kernel // 2)
        mask = torch.ones(kernel, kernel)
        mask[kernel // 2, kernel // 2 + (kind == "B") :] = 0
        mask[kernel // 2 + 1 :] = 0
        self.register_buffer("mask", mask)

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)


class PixelCnn(nn.Module):
    def __init__(self, levels, width):
        super().__init__()
        self.first = Masked("A", 1, width, FIRST)
        blocks = request["layers"] - 1
        self.convolutions = nn.ModuleList([Masked("B", width, width, KERNEL) for _ in range(blocks)])
        self.projects = nn.ModuleList([nn.Conv2d(width, width, 1) for _ in range(blocks)])
        self.head, self.logits = nn.Conv2d(width, width, 1), nn.Conv2d(width, levels, 1)

    def forward(self, x):
        h = self.first(x)
        for convolution, project in zip(self.convolutions, self.projects):
            h = h + project(F.relu(convolution(F.relu(h))))
        return self.logits(F.relu(self.head(F.relu(h))))


class Gated(nn.Module):
    """The stacks as half kernels on padded inputs: nothing that a mask would only throw away is computed."""

    def __init__(self, levels, width):
        super().__init__()
        self.layers = nn.ModuleList()
        for layer in range(request["gatedLayers"]):
            kernel, inputs = (FIRST, 1) if layer == 0 else (KERNEL, width)
            r = kernel // 2
            self.layers.append(
                nn.ModuleDict(
                    {
                        "vertical": nn.Conv2d(inputs, 2 * width, (r + 1, kernel)),
                        "across": nn.Conv2d(inputs, 2 * width, (1, r if layer == 0 else r + 1)),
                        "down": nn.Conv2d(2 * width, 2 * width, 1, bias=False),
                        "out": nn.Conv2d(width, width, 1),
                    }
                )
            )
        self.head, self.logits = nn.Conv2d(width, width, 1), nn.Conv2d(width, levels, 1)

    def forward(self, x):
        def gate(y):
            f, g = y.chunk(2, 1)
            return torch.tanh(f) * torch.sigmoid(g)

        v = h = x
        for index, layer in enumerate(self.layers):
            r = (FIRST if index == 0 else KERNEL) // 2
            raw_v = layer["vertical"](F.pad(v, (r, r, r, 0)))
            # A first layer leaves its own pixel out: one column less on the right.
            left = F.pad(h, (r, -1, 0, 0)) if index == 0 else F.pad(h, (r, 0, 0, 0))
            raw_h = layer["across"](left) + layer["down"](F.pad(raw_v, (0, 0, 1, -1)))
            v = gate(raw_v)
            out = layer["out"](gate(raw_h))
            h = out if index == 0 else h + out
        return self.logits(F.relu(self.head(F.relu(h))))


def step_milliseconds(model, levels, batch):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    pixels = torch.randint(0, levels, (batch, SIDE, SIDE), device=KIND)
    x = pixels[:, None].float() / (levels - 1)

    def step():
        loss = F.cross_entropy(model(x), pixels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return 1000 * fastest(step, 3, warm=1)


@torch.no_grad()
def images_per_second(model, levels, count):
    """Every pixel costs the same full forward: some of them are timed and stand for all."""
    timed = 30 if count == 1 else 3
    image = torch.zeros(count, 1, SIDE, SIDE, device=KIND)

    def some():
        for pixel in range(timed):
            r, c = divmod(pixel, SIDE)
            chances = F.softmax(model(image)[:, :, r, c], dim=-1)
            image[:, 0, r, c] = torch.multinomial(chances, 1)[:, 0].float() / (levels - 1)

    return count / (fastest(some, 3, warm=1) * SIDE * SIDE / timed)


def measure(name):
    width = request["width"]
    if name.startswith("pixelcnnStep"):
        levels = int(name[len("pixelcnnStep") :])
        return step_milliseconds(PixelCnn(levels, width).to(KIND), levels, request["batchSize"])
    if name.startswith("gatedStep"):
        return step_milliseconds(Gated(2, int(name[len("gatedStep") :])).to(KIND), 2, request["gatedBatch"])
    if name.startswith("pixelcnnSample"):
        return images_per_second(PixelCnn(4, width).to(KIND), 4, int(name[len("pixelcnnSample") :]))
    return images_per_second(Gated(2, width).to(KIND), 2, int(name[len("gatedSample") :]))


print(json.dumps({"version": torch.__version__, "device": NAME}), flush=True)
for line in sys.stdin:
    name = line.strip()
    better = max if "Sample" in name else min
    value = None
    for threads in THREADS:
        torch.set_num_threads(threads)
        found = measure(name)
        value = found if value is None else better(value, found)
    print(json.dumps({"name": name, "value": value}), flush=True)
