"""Writes the trained network as models/korrigo-hand-letters.safetensors (what the program holds) and .onnx (for others).

Usage: python3 export.py CHECKPOINT TUNING_SHARDS [--out ../../models] [--version V]

Batch normalisation is folded into the convolutions. The temperature is the one under which the tuning shards (fonts and skeleton seeds
unseen in training) are likeliest.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import alphabet
from network import CONVOLUTIONS, Letters, kinds
from train import load


def folded(network):
    """{name: array} of convolutions and dense layers without batch normalisation."""
    tensors, layers = {}, list(network.features) + list(network.head)
    convolutions = [m for m in layers if isinstance(m, nn.Conv2d)]
    norms = [m for m in layers if isinstance(m, nn.BatchNorm2d)]
    for i, (convolution, norm) in enumerate(zip(convolutions, norms)):
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        tensors[f"conv{i}.weight"] = convolution.weight * gain[:, None, None, None]
        tensors[f"conv{i}.bias"] = norm.bias - norm.running_mean * gain
    for i, dense in enumerate(m for m in layers if isinstance(m, nn.Linear)):
        tensors[f"dense{i}.weight"], tensors[f"dense{i}.bias"] = dense.weight, dense.bias
    return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in tensors.items()}


def write_safetensors(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": "F16", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(a.tobytes() for a in tensors.values()))


@torch.no_grad()
def fitted_temperature(network, shards):
    pictures, labels, digits = load(sorted(shards.glob("*.npz"))[:3])
    mask = kinds()
    scores = torch.cat([network(pictures[i : i + 512].float().div(255).unsqueeze(1)) + mask[digits[i : i + 512].long()]
                        for i in range(0, len(labels), 512)])
    steps = np.geomspace(0.5, 4, 60)
    return min(steps, key=lambda t: functional.cross_entropy(scores / t, labels.long()).item())


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("tune", type=Path)
    arguments.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[2] / "models")
    arguments.add_argument("--version", default="1")
    words = arguments.parse_args()
    torch.set_num_threads(1)
    network = Letters()
    if words.checkpoint.exists():
        network.load_state_dict(torch.load(words.checkpoint)["averaged"])
    network.eval()
    temperature = fitted_temperature(network, words.tune) if list(words.tune.glob("*.npz")) else 1.0
    metadata = {"format": "korrigo-hand letters", "version": words.version, "classes": alphabet.CLASSES, "temperature": f"{temperature:.3f}",
                "strides": " ".join(str(stride) for _, _, _, stride in CONVOLUTIONS), "input": "1x32x32, ink 0..1, times 2 minus 0.3"}
    words.out.mkdir(exist_ok=True)
    write_safetensors(words.out / "korrigo-hand-letters.safetensors", folded(network), metadata)
    torch.onnx.export(network, torch.zeros(1, 1, 32, 32), str(words.out / "korrigo-hand-letters.onnx"), input_names=["ink"],
                      output_names=["scores"], dynamic_axes={"ink": {0: "letters"}, "scores": {0: "letters"}}, opset_version=13)
    print(f"temperature {temperature:.3f}")


if __name__ == "__main__":
    main()
