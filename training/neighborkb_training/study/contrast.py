"""Supervised contrastive loss (Khosla et al. 2020, equation 2) over the pairs of a step."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from ..schema import NIL


def contrastive_loss(vectors: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Mean over the pairs with a relation and another pair of the same label in the step; 0 when there is none.

    vectors [pairs, width], normalised here to length 1; labels int64 [pairs]. Pairs without relation are
    contrasted against, but not drawn together: NIL is no meaning of its own.
    """
    unit = functional.normalize(vectors, dim=-1)
    itself = torch.eye(len(labels), dtype=torch.bool)
    similar = (unit @ unit.T / temperature).masked_fill(itself, float("-inf"))
    shares = similar.log_softmax(-1).masked_fill(itself, 0.0)
    positive = (labels[:, None] == labels[None, :]) & ~itself
    anchors = (labels != NIL) & positive.any(1)
    if not anchors.any():
        return vectors.sum() * 0
    by_anchor = (shares * positive).sum(1)[anchors] / positive.sum(1)[anchors]
    return -by_anchor.mean()
