"""Contrastive start of an encoder: pairs of one label are drawn together before there is a classifier to train."""

from __future__ import annotations

import random
import time

import torch

from ..optimisation import autocast, make_optimiser, rate_factor
from ..passes import Noise, PassBuilder, collate
from ..relation_examples import Example
from .contrast import contrastive_loss
from .model import StudyEncoder
from .recipe import ContrastiveStart
from .related import Pool


def start_contrastively(model: StudyEncoder, builder: PassBuilder, pools: list[Pool], recipe: ContrastiveStart,
                        seed: int) -> dict:
    """Train encoder and markers in place; a step draws from one pool. Returns steps, pairs, last loss, seconds.

    Most mentions are masked, as in CP: else names alone would tell pairs apart.
    """
    generator = random.Random(seed)
    noise = Noise(generator, recipe.masked_mentions, random_types=0)
    optimiser = make_optimiser(model, recipe.rate, recipe.head_rate)
    sizes = [sum(len(examples) for examples in pool.values()) for pool in pools]
    started, smoothed = time.time(), 0.0
    model.train()
    for step in range(recipe.steps):
        factor = rate_factor(step / recipe.steps, recipe.warm_up)
        for group, rate in zip(optimiser.param_groups, (recipe.rate, recipe.head_rate)):
            group["lr"] = rate * factor
        pool = generator.choices(pools, sizes)[0]
        examples, labels = _drawn(pool, recipe, generator)
        batch = collate(builder.build(examples, noise))
        with autocast():
            vectors, _ = model(*batch.inputs())
        # Labels count from 1: every pair has a relation.
        targets = torch.tensor([labels[index] + 1 for index, _ in batch.keys])
        loss = contrastive_loss(model.norm(vectors.float()), targets, recipe.temperature)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, foreach=True)
        optimiser.step()
        smoothed = loss.item() if step == 0 else 0.95 * smoothed + 0.05 * loss.item()
        if step % 25 == 0:
            print(f"  contrastive step {step}/{recipe.steps} loss {smoothed:.4f} {time.time() - started:.0f} s",
                  flush=True)
    return {"phase": "contrastive start", "steps": recipe.steps, "pools": sizes, "loss": round(smoothed, 4),
            "seconds": round(time.time() - started)}


def _drawn(pool: Pool, recipe: ContrastiveStart, generator: random.Random) -> tuple[list[Example], list[int]]:
    """Examples of some labels, and the number of each example's label."""
    # By the root of their number, so that rare labels are seen too.
    names = list(pool)
    weights = [len(pool[name]) ** 0.5 for name in names]
    chosen = list(dict.fromkeys(generator.choices(names, weights, k=recipe.labels)))
    examples, labels = [], []
    for number, name in enumerate(chosen):
        drawn = generator.sample(pool[name], min(recipe.pairs_of_label, len(pool[name])))
        examples += drawn
        labels += [number] * len(drawn)
    return examples, labels
