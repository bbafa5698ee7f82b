"""What share of cut letters the network reads right, by set: `test` fonts are those of the sample generator, which training never sees.

Usage: python3 measure.py CHECKPOINT SHARDS...     (each a folder that generate.py wrote)
"""

import argparse
from pathlib import Path

import torch

import alphabet
from network import Letters, kinds
from train import load, same_base


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("shards", type=Path, nargs="+")
    words = arguments.parse_args()
    torch.set_num_threads(1)
    network, mask = Letters(), kinds()
    network.load_state_dict(torch.load(words.checkpoint)["averaged"])
    network.eval()
    for folder in words.shards:
        pictures, labels, digits = load(sorted(folder.glob("*.npz")))
        labels = labels.long()
        with torch.no_grad():
            scores = torch.cat([network(pictures[i : i + 512].float().div(255).unsqueeze(1)) for i in range(0, len(labels), 512)])
        scores += mask[digits.long()]
        right = same_base(scores.argmax(1), labels)
        top3 = same_base(scores.topk(3).indices, labels[:, None]).any(1)
        is_sign = torch.tensor([c in alphabet.SIGNS + alphabet.NOTHING for c in alphabet.CLASSES])[labels]
        for name, chosen in (("letters", ~digits & ~is_sign), ("digits", digits & ~is_sign), ("signs, remnants", is_sign)):
            print(f"{folder.name}: {name}: {right[chosen].float().mean():.4f} right, {top3[chosen].float().mean():.4f} among three, of {int(chosen.sum())}")


if __name__ == "__main__":
    main()
