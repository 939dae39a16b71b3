"""Golden safetensors files: Python's library and ours read each other's.

One command, from this folder:  python golden.py   (needs: safetensors, torch; not part of npm test)
Writes ../values/safetensors/python.safetensors and values.json; where write.mjs has put ours.safetensors beside them (a
test holds our writer to its bytes), checks that Python reads the same values from it.
"""
import json
import pathlib

import safetensors
import torch
from safetensors.torch import load_file, save_file

values = pathlib.Path(__file__).parent.parent / "values" / "safetensors"
values.mkdir(parents=True, exist_ok=True)
numbers = [0.0, -0.0, 1.0, -1.5, 65504.0, 6e-8, 3.14159, -1e-7]
tensors = {
    "wte.weight": torch.tensor(numbers, dtype=torch.float32).reshape(2, 4),
    "half": torch.tensor([*numbers, float("inf"), float("-inf"), float("nan")], dtype=torch.float16),
    "brain": torch.tensor(numbers, dtype=torch.bfloat16).reshape(4, 1, 2),
    "double": torch.tensor([1 / 3, -1e300], dtype=torch.float64),
    "long": torch.tensor([[2**62, -(2**62), 7]], dtype=torch.int64),
    "int": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
    "short": torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16),
    "tiny": torch.tensor([-128, 127], dtype=torch.int8),
    "bytes": torch.tensor([0, 255, 10], dtype=torch.uint8),
    "truth": torch.tensor([True, False, True]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "1": torch.tensor([1.0]),
    "name with \"quotes\" and é": torch.tensor([4.0]),
}
save_file(tensors, values / "python.safetensors", metadata={"format": "pt", "note": "é"})


def plain(tensor):
    """Integers as text, floats exactly as float64 repr: JSON holds neither int64 nor infinities."""
    if tensor.dtype.is_floating_point:
        return [repr(value) for value in tensor.to(torch.float64).flatten().tolist()]
    return [str(int(value)) for value in tensor.flatten().tolist()]


golden = {
    "safetensors": safetensors.__version__,
    "tensors": {name: {"shape": list(tensor.shape), "values": plain(tensor)} for name, tensor in tensors.items()},
}
(values / "values.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

ours = values / "ours.safetensors"
if ours.exists():
    back = load_file(ours)
    assert set(back) == set(tensors), set(back) ^ set(tensors)
    for name, tensor in tensors.items():
        assert back[name].dtype == tensor.dtype and back[name].shape == tensor.shape, name
        assert torch.equal(back[name].flatten().view(torch.uint8), tensor.flatten().view(torch.uint8)), name
    print(f"{len(back)} tensors of ours.safetensors read by Python, bit for bit")
