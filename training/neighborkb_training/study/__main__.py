"""Train, measure and export the encoders of a study. `python -m neighborkb_training.study --help`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from ..optimisation import save_atomically, seed_everything
from ..passes import MAX_PAIRS, PassBuilder
from ..relation_encoder import encode
from ..tokens import PieceTokenizer
from .model import StudyEncoder, new_study_encoder
from .package import export_package, study_card
from .recipe import RECIPES, Recipe
from .scores import Scored, micro_f1, scored, study_scores
from .sets import StudySet, read_scierc, read_wiki80, wiki80_types
from .training import train


def main() -> None:
    """Run a study for every seed; a seed whose checkpoint is there is not trained again."""
    options = parse_options()
    recipe = RECIPES[options.study]
    data = (read_scierc if recipe.dataset == "scierc" else read_wiki80)(options.data / recipe.dataset)
    for seed in options.seeds:
        run_seed(options, recipe, data, seed)


def run_seed(options: argparse.Namespace, recipe: Recipe, data: StudySet, seed: int) -> None:
    """Train with one seed; checkpoint, package and scores are written as they are ready."""
    seed_everything(seed)
    tokenizer = PieceTokenizer(options.base)
    builder = PassBuilder(tokenizer, data.kinds, 1 if recipe.one_pair else MAX_PAIRS)
    model = new_study_encoder(options.base, tokenizer, data.kinds, len(data.labels), recipe.one_pair, data.has_nil)
    work = options.work / options.study / f"seed{seed}"
    history = trained(model, builder, data, recipe, seed, work / "model.pt")
    model.eval()
    parts = {split: encoded_split(model, builder, data, split)
             for split in dict.fromkeys((*recipe.memory, "dev", "test"))}
    np.savez(work / "encoded.npz", **{f"{split}_{name}": getattr(part, name) for split, part in parts.items()
                                      for name in ("vectors", "probabilities", "labels")})
    scores = study_scores(joined([parts[split] for split in recipe.memory]), parts["dev"], parts["test"])
    scores["memory"] = list(recipe.memory)
    package = options.out / options.study / f"seed{seed}"
    write_json(package.parent / f"seed{seed}.scores.json", {"history": history, **scores})
    print(f"{options.study} seed {seed}: {json.dumps(scores)}", flush=True)
    aliases = {kind: [kind] for kind in data.kinds}
    if recipe.dataset == "wiki80":
        aliases = {data.kinds[0]: [data.kinds[0], *wiki80_types(options.data / "wiki80")]}
    card = study_card(f"{options.study}-seed{seed}", data, aliases, recipe, model, tokenizer.vocabulary_size, seed,
                      history, {"fp32, micro-F1 x 100 with gold mentions; kNN settings tuned on dev": scores})
    export_package(model, tokenizer, data.kinds, work / "model", package, card)
    print(f"{package} written", flush=True)


def trained(model: StudyEncoder, builder: PassBuilder, data: StudySet, recipe: Recipe, seed: int, checkpoint: Path
            ) -> list[dict]:
    """Train the model, or load its finished checkpoint; the history of its epochs."""
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if len(state["history"]) == recipe.epochs:
            model.load_state_dict(state["model"])
            return state["history"]
    history: list[dict] = []
    best = {"f1": -1.0, "model": {}}

    def after_epoch(record: dict) -> None:
        if recipe.best_epoch:
            dev = encoded_split(model, builder, data, "dev")
            record["dev"] = round(micro_f1(dev.probabilities.argmax(1), dev.labels, dev.gold), 2)
        if record.get("dev", 0.0) >= best["f1"] or not recipe.best_epoch:
            best["f1"] = record.get("dev", 0.0)
            best["model"] = {name: value.clone() for name, value in model.state_dict().items()}
        history.append(record)
        print(record, flush=True)
        save_atomically({"model": best["model"], "history": history}, checkpoint)

    train(model, builder, data.splits[recipe.train].examples, recipe, seed, after_epoch)
    model.load_state_dict(best["model"])
    return history


def encoded_split(model: StudyEncoder, builder: PassBuilder, data: StudySet, split: str) -> Scored:
    """A split after the encoder."""
    return scored(encode(model, builder, data.splits[split].examples), data.splits[split].gold)


def joined(parts: list[Scored]) -> Scored:
    """Several splits as one memory."""
    return Scored(*(np.concatenate([getattr(part, name) for part in parts])
                    for name in ("vectors", "probabilities", "labels")), sum(part.gold for part in parts))


def write_json(path: Path, value: dict) -> None:
    """Indented JSON, folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", choices=list(RECIPES))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints, encodings and fp32 graphs")
    parser.add_argument("--out", type=Path, required=True, help="folder of the packages: OUT/STUDY/seedN")
    parser.add_argument("--seeds", type=lambda value: [int(seed) for seed in value.split(",")], default=[1])
    return parser.parse_args()


if __name__ == "__main__":
    main()
