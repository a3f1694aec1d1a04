"""Reference scores of the studies: the classifier, and a memory beside it (kNN-RE) over a grid tuned on dev."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np

from ..relation_encoder import Encoded
from ..schema import NIL

NEIGHBOURS = (2, 4, 8, 16, 32, 64, 128, 256)
TEMPERATURES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.2, 0.5, 1.0)
SHARES = tuple(share / 10 for share in range(11))
"""Values of lambda, the share of p_kNN. Together the grid of the paper's authors."""


@dataclass
class Scored:
    """A split after the encoder."""

    vectors: np.ndarray
    """float32 [pairs, width]."""
    probabilities: np.ndarray
    """float32 [pairs, labels]."""
    labels: np.ndarray
    """int64 [pairs]."""
    gold: int
    """Relations that recall counts over."""


def scored(encoded: Encoded, gold: int) -> Scored:
    """The arrays of an encoded split."""
    labels = np.array([pair.labels[0] if pair.labels else NIL for _, pair in encoded.keys])
    return Scored(encoded.representations, encoded.probabilities(), labels, gold)


def micro_f1(predicted: np.ndarray, labels: np.ndarray, gold: int) -> float:
    """F1 x 100 over the labels but NIL; recall over `gold` relations."""
    right = int(((predicted == labels) & (labels != NIL)).sum())
    return 200 * right / max(1, int((predicted != NIL).sum()) + gold)


def normalised(vectors: np.ndarray) -> np.ndarray:
    """Rows at length 1."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def layer_normalised(vectors: np.ndarray) -> np.ndarray:
    """Rows at mean 0 and variance 1."""
    centred = vectors - vectors.mean(1, keepdims=True)
    return centred / np.sqrt(centred.var(1, keepdims=True) + 1e-12)


FORMS = {"raw": lambda vectors: vectors, "unit": normalised, "layer-normalised": layer_normalised}
"""What is done to representations before the search."""


class Neighbours:
    """The nearest entries of every query, found once for all settings."""

    def __init__(self, memory: Scored, queries: Scored, form: str) -> None:
        stored, sought = (np.ascontiguousarray(FORMS[form](part.vectors), np.float32) for part in (memory, queries))
        index = faiss.IndexFlatL2(stored.shape[1])
        index.add(stored)
        self.distances, entries = index.search(sought, min(max(NEIGHBOURS), len(memory.labels)))
        self.labels = memory.labels[entries]
        self._last: tuple[tuple[int, float], np.ndarray] | None = None

    def votes(self, count: int, temperature: float, labels: int) -> np.ndarray:
        """As p_knn; the last result is kept, since a grid asks for each of them once a lambda."""
        if self._last is None or self._last[0] != (count, temperature):
            self._last = (count, temperature), self.p_knn(count, temperature, labels)
        return self._last[1]

    def p_knn(self, count: int, temperature: float, labels: int) -> np.ndarray:
        """p_kNN [queries, labels]: softmax(-d / (2 var(d) T)) over squared distances, equal weights at no variance."""
        distances = self.distances[:, :count]
        variance = distances.var(1, keepdims=True)
        scale = np.where(variance > 0, 2 * variance * temperature, np.inf)
        weights = np.exp(-(distances - distances[:, :1]) / scale)
        weights /= weights.sum(1, keepdims=True)
        cells = np.arange(len(distances))[:, None] * labels + self.labels[:, :count]
        return np.bincount(cells.ravel(), weights.ravel(), len(distances) * labels).reshape(-1, labels)


def study_scores(memory: Scored, dev: Scored, test: Scored, forms: tuple[str, ...] = tuple(FORMS)) -> dict:
    """F1 of the classifier, and for every form of the representations the best settings on dev, with the memory
    mixed in and alone, and their test F1."""
    result: dict = {"classifier": {split: _rounded(micro_f1(part.probabilities.argmax(1), part.labels, part.gold))
                                   for split, part in (("dev", dev), ("test", test))},
                    "entries": len(memory.labels)}
    for form in forms:
        found = {"dev": Neighbours(memory, dev, form), "test": Neighbours(memory, test, form)}
        settings = [(_f1(found["dev"], dev, *setting), setting) for setting in _grid()]
        # Of equals the smallest lambda, then the first in grid order.
        best = max(settings, key=lambda entry: (entry[0], -entry[1][2]))
        alone = max((entry for entry in settings if entry[1][2] == 1.0), key=lambda entry: entry[0])
        result[form] = {name: {"k": k, "T": temperature, "lambda": share, "dev": _rounded(f1),
                               "test": _rounded(_f1(found["test"], test, k, temperature, share))}
                        for name, (f1, (k, temperature, share)) in (("mixed", best), ("alone", alone))}
    return result


def _grid() -> list[tuple[int, float, float]]:
    return [(k, temperature, share) for k in NEIGHBOURS for temperature in TEMPERATURES for share in SHARES]


def _f1(found: Neighbours, queries: Scored, k: int, temperature: float, share: float) -> float:
    votes = found.votes(k, temperature, queries.probabilities.shape[1])
    predicted = ((1 - share) * queries.probabilities + share * votes).argmax(1)
    return micro_f1(predicted, queries.labels, queries.gold)


def _rounded(value: float) -> float:
    return round(value, 2)
