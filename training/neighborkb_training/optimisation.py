"""What both trainings share: optimiser, schedule, averaged weights, seeds, checkpoints."""

from __future__ import annotations

import os
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn


class AveragedWeights:
    """Exponential moving average of a module's trainable weights, with a ramp at the start."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self._sources = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.values = [parameter.detach().clone() for parameter in self._sources]

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after a step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.values, [source.detach() for source in self._sources], 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the model's weights and the averages; a second call undoes the first."""
        for value, source in zip(self.values, self._sources):
            kept = source.detach().clone()
            source.copy_(value)
            value.copy_(kept)


def make_optimiser(model: nn.Module, encoder_rate: float, head_rate: float) -> torch.optim.AdamW:
    """AdamW (decay 0.01): the layers and the embedding norm at one rate, everything new at another."""
    layers, rest = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (layers if name.startswith(("encoder.layers", "encoder.norm")) else rest).append(parameter)
    groups = [{"params": layers, "lr": encoder_rate}, {"params": rest, "lr": head_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def rate_factor(progress: float, warm_up: float) -> float:
    """Learning rate factor at a progress in [0, 1]: linear warm-up, then linear decay to zero."""
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)


def autocast() -> torch.autocast:
    """bfloat16 matrix products where the CPU has AMX; elsewhere single precision is the faster one."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_amx_tile_supported())


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy and torch, and use two threads."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))


def save_atomically(state: dict, path: Path) -> None:
    """torch.save to a temporary file beside the target, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.rename(path)
