# What the peers of `ar-lens bench` share: where PyTorch computes, and how its time is taken.
import json
import sys
import time

import torch

request = json.loads(sys.argv[1])


def card():
    """The graphics card that PyTorch reaches, if one was asked for; the processor otherwise."""
    if request["card"] and torch.cuda.is_available():
        return "cuda", torch.cuda.get_device_name()
    if request["card"] and torch.backends.mps.is_available():
        return "mps", "Apple GPU"
    return "cpu", "cpu"


KIND, NAME = card()
# On a processor the better of one thread and all: a model this small is often faster on one than on several.
THREADS = sorted({1, request["threads"]}) if KIND == "cpu" else [1]


def wait():
    """A card works on after it was told what to do."""
    if KIND == "cuda":
        torch.cuda.synchronize()
    elif KIND == "mps":
        torch.mps.synchronize()


def fastest(work, runs, warm):
    """Seconds of the fastest of `runs`."""
    for _ in range(warm):
        work()
    wait()
    best = float("inf")
    for _ in range(runs):
        began = time.perf_counter()
        work()
        wait()
        best = min(best, time.perf_counter() - began)
    return best
