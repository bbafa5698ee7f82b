"""The letter network: 32 x 32 ink in, one score per class out. Small enough for 30 letters in a few milliseconds on one core."""

import torch
from torch import nn

import alphabet

# (channels in, channels out, kernel, stride)
CONVOLUTIONS = [(1, 16, 5, 2), (16, 32, 3, 2), (32, 48, 3, 1), (48, 64, 3, 2)]
HIDDEN = 128
FLAT = 64 * 4 * 4


class Letters(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for before, after, kernel, stride in CONVOLUTIONS:
            layers += [nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
        self.features = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(FLAT, HIDDEN), nn.ReLU(inplace=True), nn.Dropout(0.2),
                                  nn.Linear(HIDDEN, len(alphabet.CLASSES)))

    def forward(self, ink):
        """ink: (n, 1, 32, 32), 0 paper, 1 ink."""
        return self.head(self.features(ink * 2 - 0.3))


def kinds():
    """(2, classes): 0 where a class may stand in a name (row 0) or a date (row 1), minus infinity elsewhere."""
    mask = torch.full((2, len(alphabet.CLASSES)), -1e4)
    for digits in (False, True):
        mask[int(digits), alphabet.allowed(digits)] = 0
    return mask
