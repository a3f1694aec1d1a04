"""The studies' recipes."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ContrastiveStart:
    """A phase before the training: contrastive loss alone, over pairs of other sets."""

    steps: int = 120
    labels: int = 16
    """Draws of a label a step."""
    pairs_of_label: int = 4
    masked_mentions: float = 0.7
    """Share of mentions that are masked."""
    temperature: float = 0.1
    rate: float = 3e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1


@dataclass(frozen=True)
class Recipe:
    """How an encoder is trained; every number goes to its card."""

    dataset: str
    """scierc or wiki80."""
    train: str
    """Split that trains."""
    epochs: int
    memory: tuple[str, ...]
    """Splits whose pairs the reference memory holds."""
    one_pair: bool
    """One pair a pass, the text seeing the markers; else up to 30 pairs a pass, the text seeing itself alone."""
    batch: int
    """Passes a step."""
    rate: float = 3e-4
    """Learning rate of the encoder."""
    head_rate: float = 1e-3
    """Learning rate of head, markers and casing."""
    warm_up: float = 0.1
    """Share of the schedule."""
    contrast: float = 0.0
    """Weight of the supervised contrastive loss beside cross entropy."""
    temperature: float = 0.1
    """Temperature of the contrastive loss."""
    start: ContrastiveStart | None = None
    best_epoch: bool = False
    """Whether the epoch with the best dev F1 is kept, else the last."""


_SCIERC = Recipe("scierc", "train", 6, ("train",), one_pair=False, batch=8, best_epoch=True)
_WIKI80 = Recipe("wiki80", "1pct", 20, ("10pct",), one_pair=True, batch=16)

RECIPES = {
    "wiki80-1pct": _WIKI80,
    "wiki80-10pct": replace(_WIKI80, train="10pct", epochs=6),
    "wiki80-10pct-cp": replace(_WIKI80, train="10pct", epochs=6, start=ContrastiveStart()),
    "scierc": _SCIERC,
    "scierc-contrast": replace(_SCIERC, contrast=0.2),
    "scierc-one-pair": replace(_SCIERC, one_pair=True, batch=32, epochs=4),
}
"""By name of the study."""
