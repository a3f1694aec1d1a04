"""Average the weights of checkpoints that go back to one run. `python -m neighborkb_training.mean_weights --help`.

Wortsman et al., "Model soups" (ICML 2022): runs of one model from one start with other settings often lie in one
basin, and their mean is better than each. Measure it on dev before exporting it, as `train_relations` does."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .optimisation import save_atomically


def main() -> None:
    """Write a checkpoint with the mean of the averaged weights and the histories of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="relation-encoder.pt of two or more runs")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    options = parser.parse_args()
    states = [torch.load(path, weights_only=True) for path in options.checkpoints]
    save_atomically(mean_checkpoint(states), options.out)


def mean_checkpoint(states: list[dict]) -> dict:
    """The mean of several checkpoints' averaged weights; whole numbers are the first one's.

    @raise ValueError: where labels or the names of weights differ
    """
    first = states[0]
    if any(state["labels"] != first["labels"] or state["averaged"].keys() != first["averaged"].keys()
           for state in states):
        raise ValueError("the checkpoints are of different models: labels and weights must have the same names")
    averaged = {name: mean_tensor([state["averaged"][name] for state in states]) for name in first["averaged"]}
    history = [{"run": place, **record} for place, state in enumerate(states, 1) for record in state["history"]]
    return {"averaged": averaged, "labels": first["labels"], "history": history,
            "seconds": sum(state["seconds"] for state in states),
            "epochsDone": sum(state["epochsDone"] for state in states)}


def mean_tensor(tensors: list[torch.Tensor]) -> torch.Tensor:
    """The mean of tensors of one shape; the first one where they hold whole numbers."""
    return torch.stack(tensors).mean(0) if tensors[0].is_floating_point() else tensors[0]


if __name__ == "__main__":
    main()
