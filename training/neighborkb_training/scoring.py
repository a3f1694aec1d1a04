"""Scores: KnowledgeNet text F1 (overlap and exact spans), relation F1 over labelled pairs."""

from __future__ import annotations

import collections

import numpy as np

from .readers import Passage
from .relation_encoder import Encoded
from .relation_examples import Example
from .schema import NIL, Schema

RATIOS = (0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
"""Values of c that are tried: a label wins if p(label) > c p(NIL)."""

FLAT = 0.002
"""F1 that is given up for a lower ratio."""


class TextScorer:
    """KnowledgeNet text F1 of encoded passages: a gold fact is found when a predicted fact of its property
    overlaps (or equals) both spans; another prediction counts against precision where its property is
    annotated."""

    def __init__(self, passages: list[Passage], examples: list[Example], encoded: Encoded, schema: Schema) -> None:
        self._passages, self._examples, self._keys, self._schema = passages, examples, encoded.keys, schema
        self._names = {label: name for name, label in schema.from_knowledge_net.items()}
        self._gates = type_gates(examples, encoded, schema)

    def score(self, probabilities: np.ndarray, ratio: float, *, exact: bool = False, gated: bool = False,
              among_all: bool = False, several: bool = False) -> dict:
        """Precision, recall and F1 of probabilities [pairs, labels].

        gated: labels that the mention types rule out cannot win. among_all: the best of all predicates must
        be KnowledgeNet's, else only KnowledgeNet's labels compete. several: every label past the threshold is
        predicted, not the best alone.
        """
        counts = self._counts(self._choose(probabilities, ratio, gated, among_all, several), exact)
        return {**_f1(sum(counts.values(), np.zeros(3, dtype=np.int64))), "ratio": ratio}

    def by_property(self, probabilities: np.ndarray, ratio: float, **options: bool) -> dict:
        """The score of each property; options as in score."""
        flags = {"gated": False, "among_all": False, "several": False, **options}
        return {name: _f1(row) for name, row in sorted(
            self._counts(self._choose(probabilities, ratio, **flags), False).items())}

    def _counts(self, chosen: dict, exact: bool) -> dict[str, np.ndarray]:
        """Found facts, guesses that count (each found fact once, and wrong guesses) and gold facts, by property."""
        counts: dict[str, np.ndarray] = collections.defaultdict(lambda: np.zeros(3, dtype=np.int64))
        for index, passage in enumerate(self._passages):
            guesses = chosen.get(index, [])
            used: set[int] = set()
            for subject, object_, name in passage.facts:
                found = [number for number, (first, second, label) in enumerate(guesses)
                         if label == name and _matches(first, subject, exact) and _matches(second, object_, exact)]
                used.update(found)
                counts[name] += (bool(found), bool(found), 1)
            for number, guess in enumerate(guesses):
                if number not in used and guess[2] in passage.properties:
                    counts[guess[2]] += (0, 1, 0)
        return counts

    def best(self, probabilities: np.ndarray, **options: bool) -> dict:
        """The score at the ratio with the highest F1."""
        return max((self.score(probabilities, ratio, **options) for ratio in RATIOS), key=lambda score: score["f1"])

    def lowest_good_ratio(self, probabilities: np.ndarray, **options: bool) -> float:
        """The lowest ratio within FLAT of the best F1: the optimum is flat, and recall elsewhere gains."""
        scores = [self.score(probabilities, ratio, **options) for ratio in RATIOS]
        best = max(score["f1"] for score in scores)
        return next(score["ratio"] for score in scores if score["f1"] >= best - FLAT)

    def _choose(self, probabilities: np.ndarray, ratio: float, gated: bool, among_all: bool, several: bool) -> dict:
        labels = np.array(self._schema.enabled if among_all else self._schema.knowledge_net_labels)
        scores = probabilities[:, labels]
        if gated:
            scores = scores * self._gates[:, labels - 1]
        passed = scores > ratio * probabilities[:, [NIL]]
        if not several:
            passed &= np.arange(len(labels)) == scores.argmax(1)[:, None]
        chosen = collections.defaultdict(list)
        for row, column in zip(*passed.nonzero()):
            name = self._names.get(int(labels[column]))
            if name:
                index, pair = self._keys[row]
                mentions = self._examples[index].mentions
                chosen[index].append((mentions[pair.subject][:2], mentions[pair.object][:2], name))
        return chosen


def type_gates(examples: list[Example], encoded: Encoded, schema: Schema) -> np.ndarray:
    """bool [pairs, predicates]: whether each predicate admits the pair's mention types."""
    return np.array([
        [schema.gate(label, examples[index].mentions[pair.subject][2], examples[index].mentions[pair.object][2])
         for label in schema.enabled] for index, pair in encoded.keys])


def relation_scores(encoded: Encoded, probabilities: np.ndarray, ratio: float, schema: Schema,
                    gated: list[Example] | None = None) -> dict:
    """Micro F1 over the predicates on pairs with gold mentions, and each label's F1 and support.

    A pair with several gold labels counts each; the best predicate wins if p > ratio p(NIL). With examples
    in `gated`, labels that the mention types rule out cannot win.
    """
    enabled = np.array(schema.enabled)
    allowed = type_gates(gated, encoded, schema) if gated else 1
    scores = probabilities[:, enabled] * allowed
    best = enabled[scores.argmax(1)]
    wins = scores.max(1) > ratio * probabilities[:, NIL]
    counts = np.zeros((len(schema.labels), 3), dtype=np.int64)  # hits, guesses, gold
    for (_, pair), label, is_guess in zip(encoded.keys, best, wins):
        for gold in pair.labels:
            counts[gold, 2] += 1
        if is_guess:
            counts[label, 1] += 1
            counts[label, 0] += label in pair.labels
    counts = counts[enabled]
    return {"all": _f1(counts.sum(0)), **{schema.labels[label]: _f1(row) for label, row in zip(enabled, counts)}}


def _f1(counts: np.ndarray) -> dict:
    hits, guesses, gold = (int(value) for value in counts)
    return {"f1": round(2 * hits / max(1, guesses + gold), 4), "precision": round(hits / max(1, guesses), 4),
            "recall": round(hits / max(1, gold), 4), "support": gold}


def _matches(guess: tuple[int, int], gold: tuple[int, int], exact: bool) -> bool:
    return guess == gold if exact else guess[0] < gold[1] and gold[0] < guess[1]
