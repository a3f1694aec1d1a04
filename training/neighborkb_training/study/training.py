"""Training of a study's encoder: cross entropy, with or without a contrastive loss beside it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from ..mention_detector import batches_by_length
from ..optimisation import autocast, make_optimiser, rate_factor
from ..passes import Batch, Noise, PassBuilder, collate
from ..relation_examples import Example
from ..schema import NIL
from .contrast import contrastive_loss
from .model import StudyEncoder
from .recipe import Recipe


def labels_of(batch: Batch) -> Tensor:
    """Label id of each pair, int64 [pairs]."""
    return torch.tensor([pair.labels[0] if pair.labels else NIL for _, pair in batch.keys])


def train(model: StudyEncoder, builder: PassBuilder, examples: list[Example], recipe: Recipe, seed: int,
          after_epoch: Callable[[dict], None]) -> None:
    """Train in place; `after_epoch` takes each epoch's record (epoch, loss, pairs, seconds)."""
    optimiser = make_optimiser(model, recipe.rate, recipe.head_rate)
    for epoch in range(recipe.epochs):
        started = time.time()
        noise = Noise(random.Random(seed * 1000 + epoch), masked_mentions=0, random_types=0)
        passes = builder.build(examples, noise)
        batches = batches_by_length([len(row.ids) for row in passes], recipe.batch, noise.generator)
        model.train()
        total = pairs = 0
        for step, indices in enumerate(batches):
            factor = rate_factor((epoch + step / len(batches)) / recipe.epochs, recipe.warm_up)
            for group, rate in zip(optimiser.param_groups, (recipe.rate, recipe.head_rate)):
                group["lr"] = rate * factor
            batch = collate([passes[index] for index in indices])
            loss = _loss(model, batch, recipe)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, foreach=True)
            optimiser.step()
            total, pairs = total + loss.item() * len(batch.keys), pairs + len(batch.keys)
        after_epoch({"epoch": epoch + 1, "loss": round(total / pairs, 4), "pairs": pairs,
                     "seconds": round(time.time() - started)})


def _loss(model: StudyEncoder, batch: Batch, recipe: Recipe) -> Tensor:
    with autocast():
        vectors, logits = model(*batch.inputs())
    labels = labels_of(batch)
    loss = functional.cross_entropy(logits.float(), labels)
    if recipe.contrast:
        loss = loss + recipe.contrast * contrastive_loss(model.norm(vectors.float()), labels, recipe.temperature)
    return loss
