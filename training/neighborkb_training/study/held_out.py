"""New relations without training: `python -m neighborkb_training.study.held_out --help`.

Measures, on Re-DocRED dev with gold mentions, an encoder that never saw some labels, beside a memory of Re-DocRED's
train pairs that holds N examples of each of them. Settings are fixed beforehand, not tuned.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import torch

from ..encoder import load_encoder
from ..passes import MARKERS, PassBuilder
from ..readers import read_docred
from ..relation_encoder import Encoded, RelationEncoder, encode
from ..relation_examples import docred_example
from ..schema import NIL, Canonical, Schema, auxiliary_labels, read_predicates
from ..tokens import PieceTokenizer
from .scores import normalised

K, TEMPERATURE, SHARES, DRAWS = 16, 0.3, (0.3, 0.5, 0.7), 3
NIL_KEPT = 1 / 3
"""Share of the NIL pairs that the memory keeps."""


@dataclass
class Pairs:
    """Encoded pairs with the labels that hold for them (ids of the whole schema)."""

    vectors: np.ndarray
    probabilities: np.ndarray
    """Columns are the whole schema's labels; those that the encoder lacks are 0."""
    labels: list[list[int]]


def main() -> None:
    """Write OUT/held-out.scores.json."""
    options = parse_options()
    predicates = read_predicates(options.predicates)
    schema = Schema(predicates, auxiliary_labels(predicates, options.data / "redocred" / "train.json"))
    state = torch.load(options.work / "relation-encoder.pt", weights_only=True)
    new = [index for label, index in schema.ids.items() if label not in state["labels"]]
    model = RelationEncoder(load_encoder(options.base, len(MARKERS)), len(state["labels"]))
    model.load_state_dict(state["averaged"])
    columns = [schema.ids[label] for label in state["labels"]]
    tokenizer = PieceTokenizer(options.base)
    parts = {}
    for split in ("train", "dev"):
        sentences = read_docred(options.data / "redocred" / f"{split}.json", Canonical(predicates))
        examples = [docred_example(sentence, schema, True, random.Random(index))
                    for index, sentence in enumerate(sentences)]
        parts[split] = _pairs(encode(model, PassBuilder(tokenizer), examples), columns, len(schema.labels))
        print(f"{split}: {len(parts[split].labels)} pairs", flush=True)
    scores = {"newLabels": [schema.labels[label] for label in new], "k": K, "T": TEMPERATURE, "nilKept": NIL_KEPT,
              "classifier": _scored(parts["dev"].probabilities, parts["dev"].labels, new)}
    for count in (0, 5, 10, 50):
        draws = [_with_memory(parts, new, count, random.Random(draw)) for draw in range(DRAWS if count else 1)]
        scores[f"{count} examples"] = {share: {name: round(float(np.mean([draw[share][name] for draw in draws])), 2)
                                               for name in ("new", "known")} for share in draws[0]}
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "held-out.scores.json").write_text(json.dumps(scores, indent=2) + "\n")
    print(json.dumps(scores, indent=2))


def _pairs(encoded: Encoded, columns: list[int], width: int) -> Pairs:
    probabilities = np.zeros((len(encoded.keys), width), np.float32)
    probabilities[:, columns] = encoded.probabilities()
    return Pairs(normalised(encoded.representations).astype(np.float32), probabilities,
                 [pair.labels for _, pair in encoded.keys])


def _with_memory(parts: dict[str, Pairs], new: list[int], count: int, generator: random.Random) -> dict[str, dict]:
    """Scores by lambda with `count` examples of each new label in the memory."""
    train, dev = parts["train"], parts["dev"]
    entries = [(index, label) for index, labels in enumerate(train.labels) for label in labels
               if not set(labels) & set(new)]
    entries += [(index, NIL) for index, labels in enumerate(train.labels)
                if not labels and generator.random() < NIL_KEPT]
    for label in new:
        of_label = [index for index, labels in enumerate(train.labels) if label in labels]
        entries += [(index, label) for index in generator.sample(of_label, min(count, len(of_label)))]
    index = faiss.IndexFlatL2(train.vectors.shape[1])
    index.add(train.vectors[[row for row, _ in entries]])
    distances, found = index.search(dev.vectors, K)
    scale = np.maximum(2 * distances.var(1, keepdims=True) * TEMPERATURE, 1e-12)
    weights = np.exp(-(distances - distances[:, :1]) / scale)
    weights /= weights.sum(1, keepdims=True)
    votes = np.zeros_like(dev.probabilities)
    labels = np.array([label for _, label in entries])[found]
    np.add.at(votes, (np.arange(len(votes))[:, None], labels), weights)
    return {f"lambda {share}": _scored((1 - share) * dev.probabilities + share * votes, dev.labels, new)
            for share in SHARES}


def _scored(probabilities: np.ndarray, gold: list[list[int]], new: list[int]) -> dict[str, float]:
    """Micro-F1 x 100 of the new labels and of the known ones, by the most probable label of each pair."""
    predicted = probabilities.argmax(1)
    result = {}
    for name, labels in (("new", set(new)), ("known", set(range(1, probabilities.shape[1])) - set(new))):
        right = sum(int(guess) in labels and guess in own for guess, own in zip(predicted, gold))
        total = sum(int(guess) in labels for guess in predicted) + sum(len(labels & set(own)) for own in gold)
        result[name] = round(200 * right / max(1, total), 2)
    return result


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder with relation-encoder.pt of `--held-out`")
    parser.add_argument("--predicates", type=Path, required=True, help="predicates.json")
    parser.add_argument("--out", type=Path, required=True, help="folder for held-out.scores.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
