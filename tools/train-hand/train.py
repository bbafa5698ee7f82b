"""Trains the letter network on whatever shards are there, newest generation included as it arrives; writes a checkpoint every minute.

Usage: python3 train.py SHARDS CHECKPOINT --steps N [--threads 1] [--tune TUNING_SHARDS]

Stop it and start it again with the same arguments: it goes on from the checkpoint.
"""

import argparse
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import alphabet
from network import Letters, kinds

BATCH = 128


def load(paths):
    arrays = [np.load(path) for path in paths]
    return [torch.from_numpy(np.concatenate([a[name] for a in arrays])) for name in ("pictures", "labels", "digits")]


class Shards:
    """All letters made so far; looks for new ones between epochs of 512 steps."""

    def __init__(self, folder, limit=400):
        self.folder, self.limit, self.known = folder, limit, []
        self.refresh()

    def refresh(self):
        paths = sorted(self.folder.glob("letters-*.npz"), key=lambda p: p.stat().st_mtime)[-self.limit:]
        if paths != self.known and paths:
            self.known = paths
            self.pictures, self.labels, self.digits = load(paths)
        return bool(self.known)

    def batch(self):
        i = torch.randint(0, len(self.labels), (BATCH,))
        return augmented(self.pictures[i].float().div_(255).unsqueeze(1)), self.labels[i].long(), self.digits[i].long()


def augmented(ink):
    """Every showing of a letter differs: turn, shear, size, place, darkness, a patch lost."""
    n = len(ink)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = 1 + torch.randn(n) * 0.06
    theta[:, 1, 1] = 1 + torch.randn(n) * 0.06
    theta[:, 0, 1] = torch.randn(n) * 0.09
    theta[:, 1, 0] = torch.randn(n) * 0.05
    theta[:, :, 2] = torch.randn(n, 2) * 0.05
    ink = functional.grid_sample(ink, functional.affine_grid(theta, ink.shape, align_corners=False), align_corners=False)
    ink = ink.clamp(1e-4, 1) ** torch.exp(torch.randn(n, 1, 1, 1) * 0.2)
    for i in torch.nonzero(torch.rand(n) < 0.08).flatten().tolist():
        y, x = torch.randint(0, 28, (2,)).tolist()
        ink[i, :, y : y + 5, x : x + 5] = 0
    return ink


@torch.no_grad()
def accuracy(network, data, mask):
    """(of letters, of digits), blanks and signs included."""
    network.eval()
    pictures, labels, digits = data
    right = []
    for i in range(0, len(labels), 512):
        scores = network(pictures[i : i + 512].float().div(255).unsqueeze(1)) + mask[digits[i : i + 512].long()]
        right.append(same_base(scores.argmax(1), labels[i : i + 512].long()))
    right = torch.cat(right)
    network.train()
    return [right[digits == kind].float().mean().item() for kind in (False, True)]


BASE = torch.tensor([alphabet.index(alphabet.BASES.get(c, c)) for c in alphabet.CLASSES])


def same_base(a, b):
    return BASE[a] == BASE[b]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("shards", type=Path)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--steps", type=int, required=True)
    arguments.add_argument("--rate", type=float, default=2e-3)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--tune", type=Path)
    words = arguments.parse_args()
    torch.set_num_threads(words.threads)
    shards = Shards(words.shards)
    while not shards.refresh():
        time.sleep(5)
    network, mask, step = Letters(), kinds(), 0
    averaged = {k: v.clone() for k, v in network.state_dict().items()}
    optimiser = torch.optim.AdamW(network.parameters(), lr=words.rate, weight_decay=0.02)
    if words.checkpoint.exists():
        saved = torch.load(words.checkpoint)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        averaged, step = saved["averaged"], saved["step"]
    saved_at, losses = time.time(), []
    while step < words.steps:
        for group in optimiser.param_groups:
            group["lr"] = words.rate * min(1, (step + 1) / 300) * (0.5 + 0.5 * math.cos(math.pi * step / words.steps)) + 1e-5
        ink, labels, digits = shards.batch()
        loss = functional.cross_entropy(network(ink) + mask[digits], labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        step += 1
        keep = min(0.998, step / (step + 10))
        for name, value in network.state_dict().items():
            averaged[name] = averaged[name] * keep + value * (1 - keep) if value.is_floating_point() else value.clone()
        if step % 256 == 0:
            shards.refresh()
        if time.time() - saved_at > 60 or step == words.steps:
            saved_at = time.time()
            torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict(), "averaged": averaged, "step": step},
                       words.checkpoint.with_suffix(".part"))
            os.replace(words.checkpoint.with_suffix(".part"), words.checkpoint)
            print(f"step {step} loss {np.mean(losses):.4f} of {len(shards.labels)} letters", flush=True)
            losses = []
    if words.tune:
        network.load_state_dict(averaged)
        print("tuning fonts: letters %.4f, digits %.4f" % tuple(accuracy(network, load(sorted(words.tune.glob("*.npz"))), mask)))


if __name__ == "__main__":
    main()
