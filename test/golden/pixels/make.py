"""Golden values of the pixel families: each written for the purpose in PyTorch, from its definition.

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


def features_of(facts):
    """Numbers of the condition at each pixel."""
    condition = facts.get("condition")
    if not condition:
        return 0
    return {"shrunken": facts["channels"], "picture": condition.get("channels"),
            "labels": condition.get("labels")}[condition["kind"]]


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
everywhere = lambda row, column: True
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
    seen = features_of(facts)
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
        if seen:
            for key, stream in (("sv", "vertical"), ("sh", "horizontal")):
                layer[key] = Conv(f"{name}.{stream}.condition", 1, C, 2 * C, nowhere, every, one, one, bias=False)
        layers.append(layer)
        parts.extend(layer.values())
    head = Conv("head", 1, C, C, nowhere, up_to, of, of)
    last = Conv("logits", 1, C, channels * K, nowhere, up_to, of, out)
    whole = Conv("condition", config["firstKernel"], seen, C, everywhere, every, one, one) if seen else None

    def gate(x):
        f, g = x.chunk(2, dim=1)
        return torch.tanh(f) * torch.sigmoid(g)

    def with_class(x, table, labels):
        if labels is None:
            return x
        rows = torch.stack([table.value[label] if label >= 0 else torch.zeros(2 * C) for label in labels])
        return x + rows[:, :, None, None]

    def forward(x, labels, gates=None, condition=None):
        v = h = x
        s = F.relu(whole(condition.permute(0, 3, 1, 2))) if whole else None
        term = lambda layer, key: layer[key](s) if whole else 0
        for index, layer in enumerate(layers):
            raw_v = with_class(layer["vertical"](v), layer.get("v"), labels) + term(layer, "sv")
            raw_h = with_class(layer["across"](h) + layer["down"](raw_v), layer.get("h"), labels) + term(layer, "sh")
            if gates is not None:
                gates.append({"vertical": raw_v, "horizontal": raw_h})
            v = gate(raw_v)
            out_h = layer["out"](gate(raw_h))
            h = out_h if index == 0 else h + out_h
        return last(F.relu(head(F.relu(h))))

    return forward, [*parts, head, last, *([whole] if whole else [])]


def in_raster(forward, facts):
    """Logits [B, H, W, C, K] of pixels, from a stack over levels of 0 to 1 that answers [B, C * K, H, W]."""
    H, W, C, K = facts["height"], facts["width"], facts["channels"], facts["levels"]

    def logits(pixels, labels, **more):
        x = pixels.permute(0, 3, 1, 2).double() / (K - 1)
        return forward(x, labels, **more).reshape(len(pixels), C, K, H, W).permute(0, 3, 4, 1, 2)

    return logits


class Vector:
    def __init__(self, name, *shape, around=0.0):
        self.name, self.value = name, (around + 0.4 * torch.randn(*shape)).requires_grad_()

    def tensors(self):
        yield self.name, self.value, lambda value: value


class Normed(Conv):
    """Weight normalisation: gain * direction / |direction|, output by output, over the cells that are read."""

    def __init__(self, name, k, inputs, outputs, reads, own=True, stride=1):
        super().__init__(name, k, inputs, outputs, reads, every if own else none, one, one)
        self.gain, self.stride = (1 + 0.3 * torch.randn(outputs)).requires_grad_(), stride

    def __call__(self, x):
        direction = self.weight * self.mask
        length = direction.square().sum(dim=(1, 2, 3), keepdim=True).sqrt()
        kernel = self.gain[:, None, None, None] * direction / length
        return F.conv2d(x, kernel, self.bias, padding=self.k // 2, stride=self.stride)

    def tensors(self):
        yield from super().tensors()
        yield f"{self.name}.gain", self.gain, lambda value: value


class Doubled:
    """A transposed convolution of 2 x 2 with stride 2; stored as a 1 x 1 layer to the four pixels of a block."""

    def __init__(self, name, width):
        self.name, self.width = name, width
        self.weight = (torch.randn(width, 4 * width) / width ** 0.5).requires_grad_()
        self.bias = (0.3 * torch.randn(4 * width)).requires_grad_()
        self.gain = (1 + 0.3 * torch.randn(4 * width)).requires_grad_()

    def __call__(self, x, height, width):
        C = self.width
        weight = self.gain * self.weight / self.weight.square().sum(0).sqrt()
        kernel = weight.reshape(C, 2, 2, C).permute(0, 3, 1, 2)
        y = F.conv_transpose2d(x, kernel, stride=2)
        y = y + self.bias.reshape(2, 2, C).permute(2, 0, 1).repeat(1, x.shape[2], x.shape[3])
        return y[:, :, :height, :width]

    def tensors(self):
        for name in ("weight", "bias", "gain"):
            yield f"{self.name}.{name}", getattr(self, name), lambda value: value


def plus_plus(config, facts):
    C, channels, K, M = config["width"], facts["channels"], facts["levels"], config["mixtures"]
    H, W, k, classes = facts["height"], facts["width"], config["kernel"], config["classes"]
    r = config["firstKernel"] // 2
    parts = []

    def keep(part):
        parts.append(part)
        return part

    fields = {
        "vertical": lambda row, column: row <= 0,
        "across": lambda row, column: row <= 0 and column <= 0,
    }

    class Block:
        def __init__(self, name, stream, beside):
            self.first = keep(Normed(f"{name}.first", k, 2 * C, C, fields[stream]))
            self.aside = keep(Normed(f"{name}.aside", 1, 2 * C * beside, C, nowhere)) if beside else None
            self.second = keep(Normed(f"{name}.second", k, 2 * C, 2 * C, fields[stream]))
            self.table = keep(Table(f"{name}.class", classes, 2 * C)) if classes else None

        def __call__(self, x, beside, labels):
            y = self.first(both(x))
            if self.aside:
                y = y + self.aside(torch.cat([both(each) for each in beside], 1))
            y = self.second(both(y))
            if self.table and labels is not None:
                rows = [self.table.value[label] if label >= 0 else torch.zeros(2 * C) for label in labels]
                y = y + torch.stack(rows)[:, :, None, None]
            value, gate = y.chunk(2, 1)
            return x + value * torch.sigmoid(gate)

    def both(x):
        return F.elu(torch.cat([x, -x], 1))

    first = {
        "vertical": keep(Normed("first.vertical", 2 * r + 3, channels + 1, C,
                                lambda row, column: row < 0 and abs(column) <= r, own=False)),
        "across": keep(Normed("first.across", max(3, 2 * r + 1), channels + 1, C,
                              lambda row, column: (row == -1 and abs(column) <= r) or (row == 0 and column < 0),
                              own=False)),
    }
    S, L = config["halvings"], config["layers"]
    down, up, halve, double = {}, {}, {}, {}
    for level in range(S + 1):
        for stream in ("vertical", "across"):
            if level:
                halve[level, stream] = keep(Normed(f"halve.{level}.{stream}", k, C, C, fields[stream], stride=2))
            for index in range(L):
                name = f"down.{level}.{index}.{stream}"
                down[level, index, stream] = Block(name, stream, 0 if stream == "vertical" else 1)
            if level < S:
                double[level, stream] = keep(Doubled(f"double.{level}.{stream}", C))
            for index in range(L + (level < S)):
                name = f"up.{level}.{index}.{stream}"
                up[level, index, stream] = Block(name, stream, 1 if stream == "vertical" else 2)
    size = M * (1 + 2 * channels + channels * (channels - 1) // 2)
    head = keep(Normed("head", 1, C, size, nowhere))

    def mixtures(pixels, labels):
        x = pixels.permute(0, 3, 1, 2).double() * 2 / (K - 1) - 1
        x = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        u, a = first["vertical"](x), first["across"](x)
        us, others = [u], [a]
        for level in range(S + 1):
            if level:
                u, a = halve[level, "vertical"](u), halve[level, "across"](a)
                us.append(u), others.append(a)
            for index in range(L):
                u = down[level, index, "vertical"](u, [], labels)
                a = down[level, index, "across"](a, [u], labels)
                us.append(u), others.append(a)
        us.pop(), others.pop()
        for level in reversed(range(S + 1)):
            if level < S:
                shape = -(-H // 2 ** level), -(-W // 2 ** level)
                u, a = double[level, "vertical"](u, *shape), double[level, "across"](a, *shape)
            for index in range(L + (level < S)):
                u = up[level, index, "vertical"](u, [us.pop()], labels)
                a = up[level, index, "across"](a, [u, others.pop()], labels)
        assert not us and not others
        return head(F.elu(a)).permute(0, 2, 3, 1)  # [B, H, W, parameters]

    def logits(pixels, labels):
        """ln p of each level, from differences of sigmoids: the channels one after another, given those before."""
        params = mixtures(pixels, labels)
        weight = F.softmax(params[..., :M], -1)
        means, scales = (params[..., at * M:(at + channels) * M].unflatten(-1, (channels, M)) for at in (1, 1 + channels))
        bends = torch.tanh(params[..., (1 + 2 * channels) * M:]).unflatten(-1, (-1, M)) if channels > 1 else None
        values = pixels.double() * 2 / (K - 1) - 1
        edges = (2 * torch.arange(K - 1) + 1) / (K - 1) - 1
        out = []
        for c in range(channels):
            mean = means[..., c, :]
            for earlier in range(c):
                mean = mean + bends[..., c * (c - 1) // 2 + earlier, :] * values[..., earlier, None]
            z = (edges[:, None] - mean[..., None, :]) / scales[..., c, None, :].exp()
            zero, full = torch.zeros_like(z[..., :1, :]), torch.ones_like(z[..., :1, :])
            # From the side where both edges are small: 1 - sigmoid loses what a far bin holds.
            below = torch.diff(torch.cat([zero, torch.sigmoid(z), full], -2), dim=-2)
            above = -torch.diff(torch.cat([full, torch.sigmoid(-z), zero], -2), dim=-2)
            right = (2 * torch.arange(K) / (K - 1) - 1)[:, None] > mean[..., None, :]
            share = torch.where(right, above, below)  # [B, H, W, K, M]
            out.append((weight[..., None, :] * share).sum(-1).log())
            chosen = share.gather(-2, pixels[..., c, None, None].expand(*weight.shape[:-1], 1, M))[..., 0, :]
            weight = weight * chosen
            weight = weight / weight.sum(-1, keepdim=True)
        return torch.stack(out, -2)

    return logits, parts


def visit(order, height, width):
    """The order of generation, pixel by pixel, from its words."""
    if order == "snake":
        return [(r, c if r % 2 == 0 else width - 1 - c) for r in range(height) for c in range(width)]
    pixels = [(r, c) for r in range(height) for c in range(width)]
    if order == "raster":
        return pixels
    if order == "column":
        return sorted(pixels, key=lambda pixel: (pixel[1], pixel[0]))
    if order == "diagonal":
        return sorted(pixels, key=lambda pixel: (sum(pixel), pixel[0]))
    if order == "zigzag":
        return sorted(pixels, key=lambda pixel: (sum(pixel), pixel[0] if sum(pixel) % 2 else -pixel[0]))
    raise ValueError(order)


def pixel_transformer(config, facts):
    C, heads, K, classes = config["width"], config["heads"], facts["levels"], config["classes"]
    H, W, channels = facts["height"], facts["width"], facts["channels"]
    T = H * W * channels
    parts = {}

    def vector(name, *shape, around=0.0):
        parts[name] = Vector(name, *shape, around=around)

    vector("transformer.wte.weight", K + 1 + classes, C)
    vector("transformer.wpe.weight", T, C)
    for layer in range(config["layers"]):
        h = f"transformer.h.{layer}"
        for norm in ("ln_1", "ln_2"):
            vector(f"{h}.{norm}.weight", C, around=1.0)
            vector(f"{h}.{norm}.bias", C)
        for name, inputs, outputs in (("attn.c_attn", C, 3 * C), ("attn.c_proj", C, C),
                                      ("mlp.c_fc", C, 4 * C), ("mlp.c_proj", 4 * C, C)):
            vector(f"{h}.{name}.weight", inputs, outputs)
            vector(f"{h}.{name}.bias", outputs)
    vector("transformer.ln_f.weight", C, around=1.0)
    vector("transformer.ln_f.bias", C)

    def logits(pixels, labels):
        of = lambda name: parts[f"transformer.{name}"].value
        norm = lambda x, name: F.layer_norm(x, (C,), of(f"{name}.weight"), of(f"{name}.bias"), 1e-5)
        dense = lambda x, name: x @ of(f"{name}.weight") + of(f"{name}.bias")
        B = len(pixels)
        path = [(r, c, k) for r, c in visit(config["order"], H, W) for k in range(channels)]
        levels = torch.stack([pixels[:, r, c, k] for r, c, k in path], 1)
        starts = torch.tensor([K if label < 0 else K + 1 + label for label in (labels or [-1] * B)])
        x = of("wte.weight")[torch.cat([starts[:, None], levels[:, :-1]], 1)] + of("wpe.weight")
        future = torch.triu(torch.full((T, T), float("-inf")), 1)
        for layer in range(config["layers"]):
            h = f"h.{layer}"
            q, key, v = (part.reshape(B, T, heads, C // heads).transpose(1, 2)
                         for part in dense(norm(x, f"{h}.ln_1"), f"{h}.attn.c_attn").chunk(3, -1))
            attended = F.softmax(q @ key.transpose(2, 3) / (C // heads) ** 0.5 + future, -1) @ v
            x = x + dense(attended.transpose(1, 2).reshape(B, T, C), f"{h}.attn.c_proj")
            inner = F.gelu(dense(norm(x, f"{h}.ln_2"), f"{h}.mlp.c_fc"), approximate="tanh")
            x = x + dense(inner, f"{h}.mlp.c_proj")
        steps = norm(x, "ln_f") @ of("wte.weight").T[:, :K]
        out = torch.empty(B, H, W, channels, K)
        for step, (r, c, k) in enumerate(path):
            out[:, r, c, k] = steps[:, step]
        return out

    return logits, list(parts.values())


def stack(build):
    def built(config, facts):
        forward, parts = build(config, facts)
        return in_raster(forward, facts), parts

    return built


FAMILIES = {
    "pixelcnn": stack(pixelcnn),
    "gatedPixelcnn": stack(gated),
    "pixelcnnPlusPlus": plus_plus,
    "pixelTransformer": pixel_transformer,
}


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def activations(raw):
    """tanh(W_f * x), sigma(W_g * x) and their product, [B, H, W, C]."""
    f, g = raw.permute(0, 2, 3, 1).chunk(2, dim=3)
    return {"tanh": numbers(torch.tanh(f)), "sigma": numbers(torch.sigmoid(g)),
            "product": numbers(torch.tanh(f) * torch.sigmoid(g))}


def case(family, config, facts, labels):
    forward, parts = FAMILIES[family](config, facts)
    # What the project reads from a file is float32.
    with torch.no_grad():
        for part in parts:
            for _, value, _ in part.tensors():
                value.copy_(value.float().double())
    B, H, W, C, K = 2, facts["height"], facts["width"], facts["channels"], facts["levels"]
    pixels = torch.randint(0, K, (B, H, W, C))
    given = {}
    if features_of(facts):
        given["condition"] = torch.rand(B, H, W, features_of(facts)).float().double()
    logits = forward(pixels, labels, **given)
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
        forward(pixels, labels, gates=raw, **given)
        gates = [{stack: activations(value) for stack, value in layer.items()} for layer in raw]
    condition = {name: numbers(value) for name, value in given.items()}
    return {"gates": gates, "family": family, "config": config, "facts": facts, "labels": labels, "pixels": pixels.flatten().tolist(),
            **condition, "logits": numbers(logits), "loss": loss.item(), "tensors": tensors}


torch.manual_seed(11)
grey = {"height": 5, "width": 4, "channels": 1, "levels": 3}
rgb = {"height": 3, "width": 4, "channels": 3, "levels": 4}
plain = {"layers": 3, "width": 6, "kernel": 3, "firstKernel": 5}
stacks = {"layers": 2, "width": 6, "kernel": 3, "firstKernel": 5, "labelDropout": 0}
sizes = {"layers": 1, "width": 4, "kernel": 3, "firstKernel": 3, "mixtures": 2, "dropout": 0, "labelDropout": 0}
blocks = {"layers": 2, "heads": 2, "width": 8, "dropout": 0, "orderSeed": 0, "classes": 2, "labelDropout": 0}
cases = [
    case("pixelcnn", {**plain, "residual": True}, grey, None),
    case("pixelcnn", {**plain, "residual": False}, rgb, None),
    case("gatedPixelcnn", {**stacks, "classes": 0}, grey, None),
    case("gatedPixelcnn", {**stacks, "classes": 3}, rgb, [2, -1]),
    case("pixelcnnPlusPlus", {**sizes, "halvings": 2, "classes": 0}, {**grey, "levels": 256}, None),
    case("pixelcnnPlusPlus", {**sizes, "halvings": 1, "classes": 2}, rgb, [-1, 1]),
    *[case("pixelTransformer", {**blocks, "order": order}, facts, labels) for order, facts, labels in (
        ("snake", grey, None), ("zigzag", rgb, [1, -1]), ("diagonal", grey, [0, 1]), ("column", rgb, None))],
    case("gatedPixelcnn", {**stacks, "classes": 0}, {**grey, "condition": {"kind": "labels", "labels": 2}}, None),
    case("gatedPixelcnn", {**stacks, "classes": 2}, {**rgb, "condition": {"kind": "picture", "channels": 1}}, [1, -1]),
]
OUT.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}) + "\n", encoding="utf-8")
