"""What the studies' commands share: options, a seed's model, its scores and its package."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from ..passes import MAX_PAIRS, PassBuilder
from ..relation_encoder import encode
from ..tokens import PieceTokenizer
from .model import StudyEncoder, new_study_encoder
from .package import export_package, study_card
from .recipe import RECIPES, Recipe
from .scores import Scored, scored, study_scores
from .sets import StudySet, read_scierc, read_wiki80, wiki80_types


class Run:
    """A study with its data, tokenizer and folders."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Options: those of study_parser."""
        self.options = options
        self.recipe: Recipe = RECIPES[options.study]
        folder = options.data / self.recipe.dataset
        self.data: StudySet = (read_scierc if self.recipe.dataset == "scierc" else read_wiki80)(folder)
        self.tokenizer = PieceTokenizer(options.base)
        self.builder = PassBuilder(self.tokenizer, self.data.kinds, 1 if self.recipe.one_pair else MAX_PAIRS)
        self._aliases = {kind: [kind] for kind in self.data.kinds}
        if self.recipe.dataset == "wiki80":
            self._aliases = {kind: [kind, *wiki80_types(folder)] for kind in self.data.kinds}

    def new_model(self) -> StudyEncoder:
        """Untrained model."""
        return new_study_encoder(self.options.base, self.tokenizer, self.data.kinds, len(self.data.labels),
                                 self.recipe.one_pair, self.data.has_nil)

    def work(self, seed: int) -> Path:
        """Folder of a seed's checkpoint, encodings and fp32 graph."""
        return self.options.work / self.options.study / f"seed{seed}"

    def encoded(self, model: StudyEncoder, split: str) -> Scored:
        """A split after the encoder."""
        return scored(encode(model, self.builder, self.data.splits[split].examples), self.data.splits[split].gold)

    def deliver(self, model: StudyEncoder, name: str, seed: int, history: list[dict]) -> None:
        """Write a variant's package (and, unless told not to measure, its scores) to OUT/STUDY."""
        options, scores = self.options, {}
        model.eval()
        if options.scores:
            scores = self._measured(model, self.work(seed) / f"{name}.npz")
            print(f"{options.study} {name}: {json.dumps(scores)}", flush=True)
        folder = options.out / options.study
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.scores.json").write_text(json.dumps({"history": history, **scores}, indent=2) + "\n")
        title = "fp32, micro-F1 x 100 with gold mentions; kNN settings tuned on dev"
        card = study_card(f"{options.study}-{name}", self.data, self._aliases, self.recipe, model,
                          self.tokenizer.vocabulary_size, seed, history, {title: scores} if scores else {})
        export_package(model, self.tokenizer, self.data.kinds, self.work(seed) / name, folder / name, card)
        print(f"{folder / name} written", flush=True)

    def _measured(self, model: StudyEncoder, encodings: Path) -> dict:
        memory = self.recipe.memory
        parts = {split: self.encoded(model, split) for split in dict.fromkeys((*memory, "dev", "test"))}
        arrays = ("vectors", "probabilities", "labels")
        np.savez(encodings, **{f"{split}_{name}": getattr(part, name) for split, part in parts.items()
                               for name in arrays})
        joined = Scored(*(np.concatenate([getattr(parts[split], name) for split in memory]) for name in arrays),
                        sum(parts[split].gold for split in memory))
        return {"memory": list(memory), **study_scores(joined, parts["dev"], parts["test"])}


def study_parser(description: str | None) -> argparse.ArgumentParser:
    """The options of every study command."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("study", choices=list(RECIPES))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints, encodings and fp32 graphs")
    parser.add_argument("--out", type=Path, required=True, help="folder of the packages: OUT/STUDY/seedN")
    parser.add_argument("--seeds", type=lambda value: [int(seed) for seed in value.split(",")], default=[1])
    parser.add_argument("--no-scores", dest="scores", action="store_false",
                        help="train and export alone (the product's `reproduce` measures the packages)")
    return parser
