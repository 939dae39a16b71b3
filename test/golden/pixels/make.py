"""Golden values of the pixel families: PixelCNN and Gated PixelCNN written for the purpose in PyTorch.

One command, from the project's root:  python3 test/golden/pixels/make.py
Needs Python with torch (2.15.0 made the stored values); not part of npm test. Writes test/golden/values/pixels.json.

Here every convolution is torch.nn.functional.conv2d with a whole k x k kernel times a mask of zeros and ones, built cell
by cell from the definitions; the project stores only the cells that are read. Double precision throughout.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).parent.parent / "values" / "pixels.json"
torch.set_default_dtype(torch.float64)


def group(feature, width, channels):
    return feature * channels // width


class Conv:
    """A masked convolution; `reads(row, column)` says which cells, `centre(to, from)` which channel groups there."""

    def __init__(self, name, k, inputs, outputs, reads, centre, in_group, out_group, bias=True):
        self.name, self.k, self.inputs, self.outputs = name, k, inputs, outputs
        self.mask = torch.zeros(outputs, inputs, k, k)
        r = k // 2
        self.cells = []
        for row in range(-r, r + 1):
            for column in range(-r, r + 1):
                if (row, column) != (0, 0) and reads(row, column):
                    self.cells.append((row, column))
                    self.mask[:, :, r + row, r + column] = 1
        pairs = [(o, i) for o in range(outputs) for i in range(inputs) if centre(out_group(o), in_group(i))]
        for o, i in pairs:
            self.mask[o, i, r, r] = 1
        if pairs:
            self.cells.append((0, 0))
        self.weight = (0.5 * torch.randn(outputs, inputs, k, k) / max(1, len(self.cells)) ** 0.5).requires_grad_()
        self.bias = (0.3 * torch.randn(outputs)).requires_grad_() if bias else None

    def __call__(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.k // 2)

    def stored(self, kernel):
        """[cells * inputs, outputs], the project's layout."""
        r = self.k // 2
        return torch.cat([kernel[:, :, r + row, r + column].T for row, column in self.cells])

    def tensors(self):
        yield f"{self.name}.weight", self.weight, self.stored
        if self.bias is not None:
            yield f"{self.name}.bias", self.bias, lambda value: value


class Table:
    def __init__(self, name, classes, width):
        self.name, self.value = name, (0.7 * torch.randn(classes, width)).requires_grad_()

    def tensors(self):
        yield self.name, self.value, lambda value: value


above_or_left = lambda row, column: row < 0 or (row == 0 and column < 0)
rows_above_and_own = lambda row, column: row <= 0
left = lambda row, column: row == 0 and column < 0
only_above = lambda row, column: (row, column) == (-1, 0)
nowhere = lambda row, column: False
before = lambda to, source: source < to
up_to = lambda to, source: source <= to
every = lambda to, source: True
none = lambda to, source: False
one = lambda feature: 0


def pixelcnn(config, facts):
    C, channels, K = config["width"], facts["channels"], facts["levels"]
    of = lambda feature: group(feature, C, channels)
    out = lambda feature: group(feature, channels * K, channels)
    k = config["kernel"]
    first = Conv("first", config["firstKernel"], channels, C, above_or_left, before, lambda c: c, of)
    blocks = []
    for index in range(config["layers"] - 1):
        name = f"blocks.{index}"
        convolution = Conv(f"{name}.convolution", k, C, C, above_or_left, up_to, of, of)
        project = Conv(f"{name}.project", 1, C, C, nowhere, up_to, of, of) if config["residual"] else None
        blocks.append((convolution, project))
    head = Conv("head", 1, C, C, nowhere, up_to, of, of)
    last = Conv("logits", 1, C, channels * K, nowhere, up_to, of, out)

    def forward(x, labels):
        h = first(x)
        for convolution, project in blocks:
            seen = convolution(F.relu(h))
            h = h + project(F.relu(seen)) if project else seen
        return last(F.relu(head(F.relu(h))))

    parts = [first, *[each for block in blocks for each in block if each], head, last]
    return forward, parts


def gated(config, facts):
    C, channels, K, classes = config["width"], facts["channels"], facts["levels"], config["classes"]
    of = lambda feature: group(feature, C, channels)
    half = lambda feature: of(feature % C)
    out = lambda feature: group(feature, channels * K, channels)
    layers, parts = [], []
    for index in range(config["layers"]):
        name, start = f"layers.{index}", index == 0
        k = config["firstKernel"] if start else config["kernel"]
        inputs = channels if start else C
        layer = {
            "vertical": Conv(f"{name}.vertical", k, inputs, 2 * C, rows_above_and_own, every, one, one),
            "across": Conv(f"{name}.horizontal", k, inputs, 2 * C, left, before if start else up_to,
                           (lambda c: c) if start else of, half),
            "down": Conv(f"{name}.down", 3, 2 * C, 2 * C, only_above, none, one, one, bias=False),
            "out": Conv(f"{name}.out", 1, C, C, nowhere, up_to, of, of),
        }
        if classes:
            layer["v"] = Table(f"{name}.vertical.class", classes, 2 * C)
            layer["h"] = Table(f"{name}.horizontal.class", classes, 2 * C)
        layers.append(layer)
        parts.extend(layer.values())
    head = Conv("head", 1, C, C, nowhere, up_to, of, of)
    last = Conv("logits", 1, C, channels * K, nowhere, up_to, of, out)

    def gate(x):
        f, g = x.chunk(2, dim=1)
        return torch.tanh(f) * torch.sigmoid(g)

    def with_class(x, table, labels):
        if labels is None:
            return x
        rows = torch.stack([table.value[label] if label >= 0 else torch.zeros(2 * C) for label in labels])
        return x + rows[:, :, None, None]

    def forward(x, labels, gates=None):
        v = h = x
        for index, layer in enumerate(layers):
            raw_v = with_class(layer["vertical"](v), layer.get("v"), labels)
            raw_h = with_class(layer["across"](h) + layer["down"](raw_v), layer.get("h"), labels)
            if gates is not None:
                gates.append({"vertical": raw_v, "horizontal": raw_h})
            v = gate(raw_v)
            out_h = layer["out"](gate(raw_h))
            h = out_h if index == 0 else h + out_h
        return last(F.relu(head(F.relu(h))))

    return forward, [*parts, head, last]


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def activations(raw):
    """tanh(W_f * x), sigma(W_g * x) and their product, [B, H, W, C]."""
    f, g = raw.permute(0, 2, 3, 1).chunk(2, dim=3)
    return {"tanh": numbers(torch.tanh(f)), "sigma": numbers(torch.sigmoid(g)),
            "product": numbers(torch.tanh(f) * torch.sigmoid(g))}


def case(family, config, facts, labels):
    forward, parts = (pixelcnn if family == "pixelcnn" else gated)(config, facts)
    # What the project reads from a file is float32.
    with torch.no_grad():
        for part in parts:
            for _, value, _ in part.tensors():
                value.copy_(value.float().double())
    B, H, W, C, K = 2, facts["height"], facts["width"], facts["channels"], facts["levels"]
    pixels = torch.randint(0, K, (B, H, W, C))
    x = pixels.permute(0, 3, 1, 2).double() / (K - 1)
    logits = forward(x, labels).reshape(B, C, K, H, W).permute(0, 3, 4, 1, 2)
    loss = F.cross_entropy(logits.reshape(-1, K), pixels.reshape(-1))
    loss.backward()
    tensors = {}
    for part in parts:
        for name, value, stored in part.tensors():
            kept = stored(value)
            tensors[name] = {"shape": list(kept.shape), "values": numbers(kept), "gradient": numbers(stored(value.grad))}
    gates = []
    if family == "gatedPixelcnn":
        raw = []
        forward(x, labels, raw)
        gates = [{stack: activations(value) for stack, value in layer.items()} for layer in raw]
    return {"gates": gates, "family": family, "config": config, "facts": facts, "labels": labels, "pixels": pixels.flatten().tolist(),
            "logits": numbers(logits), "loss": loss.item(), "tensors": tensors}


torch.manual_seed(11)
grey = {"height": 5, "width": 4, "channels": 1, "levels": 3}
rgb = {"height": 3, "width": 4, "channels": 3, "levels": 4}
plain = {"layers": 3, "width": 6, "kernel": 3, "firstKernel": 5}
stacks = {"layers": 2, "width": 6, "kernel": 3, "firstKernel": 5, "labelDropout": 0}
cases = [
    case("pixelcnn", {**plain, "residual": True}, grey, None),
    case("pixelcnn", {**plain, "residual": False}, rgb, None),
    case("gatedPixelcnn", {**stacks, "classes": 0}, grey, None),
    case("gatedPixelcnn", {**stacks, "classes": 3}, rgb, [2, -1]),
]
OUT.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}) + "\n", encoding="utf-8")
