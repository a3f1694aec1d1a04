"""Train, measure and export the encoders of a study. `python -m neighborkb_training.study --help`."""

from __future__ import annotations

from pathlib import Path

import torch

from ..optimisation import save_atomically, seed_everything
from .contrastive_start import start_contrastively
from .model import StudyEncoder
from .related import related_pools
from .run import Run, study_parser
from .scores import micro_f1
from .training import train


def main() -> None:
    """Run a study for every seed; a seed whose checkpoint is finished is not trained again."""
    options = study_parser(__doc__).parse_args()
    run = Run(options)
    for seed in options.seeds:
        seed_everything(seed)
        model = run.new_model()
        history = trained(run, model, seed, run.work(seed) / "model.pt")
        run.deliver(model, f"seed{seed}", seed, history)


def trained(run: Run, model: StudyEncoder, seed: int, checkpoint: Path) -> list[dict]:
    """Train the model, or load its finished checkpoint; the history of its epochs.

    Every epoch writes a checkpoint with the weights to keep: the best epoch's on dev, or the last's.
    """
    recipe = run.recipe
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["finished"]:
            model.load_state_dict(state["model"])
            return state["history"]
    history: list[dict] = []
    if recipe.start:
        pools = related_pools(run.options.data, run.data)
        history.append(start_contrastively(model, run.builder, pools, recipe.start, seed))
        print(history[-1], flush=True)
    kept: dict = {"f1": -1.0, "model": {}}

    def after_epoch(record: dict) -> None:
        if recipe.best_epoch:
            dev = run.encoded(model, "dev")
            record["dev"] = round(micro_f1(dev.probabilities.argmax(1), dev.labels, dev.gold), 2)
        if not recipe.best_epoch or record["dev"] >= kept["f1"]:
            kept["f1"] = record.get("dev", 0.0)
            kept["model"] = {name: value.clone() for name, value in model.state_dict().items()}
        history.append(record)
        print(record, flush=True)
        save_atomically({"model": kept["model"], "history": history,
                         "finished": record["epoch"] == recipe.epochs}, checkpoint)

    train(model, run.builder, run.data.splits[recipe.train].examples, recipe, seed, after_epoch)
    model.load_state_dict(kept["model"])
    return history


if __name__ == "__main__":
    main()
