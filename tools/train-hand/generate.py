"""Makes cut letters and writes them as shards: letters-NNNN.npz with pictures (n, 32, 32), labels and digits.

Usage: python3 generate.py OUT --fonts train|tune|test [--shards N] [--seed S] [--font-share P]
"""

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

import cells
import writers

SHARD = 2048


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--fonts", choices=("train", "tune", "test"), required=True)
    arguments.add_argument("--shards", type=int, default=10**6)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--font-share", type=float, default=writers.FONT_SHARE)
    words = arguments.parse_args()
    cv2.setNumThreads(1)
    writers.FONT_SHARE = words.font_share
    words.out.mkdir(parents=True, exist_ok=True)
    for number in range(words.shards):
        random = np.random.default_rng([words.seed, number])
        letters = []
        while len(letters) < SHARD:
            letters += cells.made_letters(random, words.fonts)
        pictures, labels, digits = zip(*letters[:SHARD])
        path = words.out / f"letters-{words.seed}-{number:04}.npz"
        with open(path.with_suffix(".part"), "wb") as file:
            np.savez(file, pictures=np.stack(pictures), labels=np.array(labels, np.uint8), digits=np.array(digits))
        os.replace(path.with_suffix(".part"), path)


if __name__ == "__main__":
    main()
