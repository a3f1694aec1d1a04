"""k nearest neighbours over relation representations: the measure of what a memory of training pairs adds."""

from __future__ import annotations

import faiss
import numpy as np

from .relation_encoder import Encoded
from .schema import NIL
from .scoring import TextScorer

NEIGHBOURS = (4, 8, 16, 32, 64)
SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Values of lambda, the share of p_kNN."""
TEMPERATURES = {"rbf": (0.05, 0.1, 0.2, 0.4, 1.0), "rbf-variance": (0.1, 0.3, 1.0, 3.0)}
"""T; for `rbf` in units of the median over queries of the distance to the eighth neighbour."""
_GRID_RATIOS = (0.8, 1.2, 1.6, 2.0, 2.5, 3.0, 4.0)


class Memory:
    """Encoded pairs and their labels."""

    def __init__(self, encoded: Encoded, labels: int, unit: bool) -> None:
        """`unit`: representations are normalised to length 1 before the search."""
        self._unit = unit
        self.votes = np.zeros((len(encoded.keys), labels), dtype=np.float32)
        """[entries, labels]: an entry's labels in equal shares."""
        for entry, (_, pair) in enumerate(encoded.keys):
            pair_labels = pair.labels or [NIL]
            self.votes[entry, pair_labels] = 1 / len(pair_labels)
        vectors = self._prepared(encoded.representations)
        self._index = faiss.IndexFlatL2(vectors.shape[1])
        self._index.add(vectors)

    def search(self, queries: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Squared L2 distances and entries [queries, count], nearest first, of queries [queries, 2 hidden]."""
        return self._index.search(self._prepared(queries), count)

    def _prepared(self, vectors: np.ndarray) -> np.ndarray:
        vectors = vectors.astype(np.float32)
        if self._unit:
            vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.ascontiguousarray(vectors)


def neighbour_weights(distances: np.ndarray, kernel: str, temperature: float) -> np.ndarray:
    """Weights softmax(-d / tau) [queries, k]: tau is T (`rbf`) or 2 T var(d) (`rbf-variance`; equal weights at 0)."""
    scale = 2 * distances.var(1, keepdims=True) if kernel == "rbf-variance" else np.ones((len(distances), 1))
    safe = np.where(scale > 0, scale, np.inf) * temperature
    weights = np.exp(-(distances - distances.min(1, keepdims=True)) / safe)
    return weights / weights.sum(1, keepdims=True)


def measure(memory: Memory, encoded: Encoded, scorer: TextScorer, **options: bool) -> dict:
    """Best dev text F1 of the classifier, of the memory alone and of both over the grid, with their settings."""
    probabilities = encoded.probabilities()
    distances, entries = memory.search(encoded.representations, max(NEIGHBOURS))
    unit_of_rbf = float(np.median(distances[:, 7]))
    results = []
    for kernel, temperatures in TEMPERATURES.items():
        for count in NEIGHBOURS:
            for temperature in temperatures:
                value = temperature * (unit_of_rbf if kernel == "rbf" else 1)
                weights = neighbour_weights(distances[:, :count], kernel, value).astype(np.float32)
                votes = np.zeros_like(probabilities)
                for rank in range(count):
                    votes += weights[:, [rank]] * memory.votes[entries[:, rank]]
                for share in SHARES:
                    mixed = (1 - share) * probabilities + share * votes
                    best = max((scorer.score(mixed, ratio, **options) for ratio in _GRID_RATIOS),
                               key=lambda score: score["f1"])
                    results.append({**best, "kernel": kernel, "k": count, "T": round(value, 4), "lambda": share})
    alone = [result for result in results if result["lambda"] == 1.0]
    return {"classifier": scorer.best(probabilities, **options), "memory": max(alone, key=lambda r: r["f1"]),
            "both": max(results, key=lambda r: r["f1"]), "entries": len(memory.votes),
            "medianDistance": round(unit_of_rbf, 4)}
