"""Passes: the encoder's inputs for a text and up to 30 of its pairs, and batches of them.

Layout of a pass: [CLS] pieces [SEP], then four marker tokens a pair (subject start, subject end, object
start, object end) at the positions of the mentions' first and last pieces. The text attends to the text
alone; a pair's markers attend to the text and to one another.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .readers import MENTION_TYPES
from .relation_examples import Example, Pair
from .tokens import Pieces, PieceTokenizer

MAX_PAIRS = 30
MAX_TEXT_TOKENS = 300
"""Longest text of a pass in pieces, without [CLS] and [SEP]."""


def marker_names(kinds: list[str]) -> list[str]:
    """Markers of these mention types in order; marker n has id vocabulary size + n."""
    return [f"{role}:{kind}:{side}" for role in "SO" for kind in kinds for side in ("start", "end")]


MARKERS = marker_names(MENTION_TYPES)
"""Marker names of the product's mention types."""


@dataclass
class Noise:
    """Augmentation of training passes."""

    generator: random.Random
    masked_mentions: float
    """Share of the mentions (pronouns apart) whose pieces become [MASK]."""
    random_types: float
    """Share of the markers whose mention type is drawn at random."""
    kept_nil: dict[str, float] = field(default_factory=dict)
    """Share of the NIL pairs that a pass keeps, by source (1 where absent); hard negatives are all kept."""
    kept_implausible: float = 1.0
    """The same for NIL pairs whose types no annotated predicate admits."""

    def keeps(self, pair: Pair, source: str) -> bool:
        """Draw whether a pair takes part."""
        share = self.kept_nil.get(source, 1.0) if pair.plausible else self.kept_implausible
        return bool(pair.labels) or pair.kept or share >= 1 or self.generator.random() < share


@dataclass
class Pass:
    """One row of the encoder's inputs; every list but pairs has one item a token."""

    ids: list[int]
    casing_ids: list[int]
    positions: list[int]
    segments: list[int]
    pairs: list[Pair]
    example: int
    """Index of the example in its list."""


class PassBuilder:
    """Builds passes of examples; keeps the tokenisation of texts it has seen."""

    def __init__(self, tokenizer: PieceTokenizer, kinds: list[str] = MENTION_TYPES, max_pairs: int = MAX_PAIRS) -> None:
        """`kinds`: the mention types that have markers; `max_pairs`: most pairs of a pass."""
        self._tokenizer = tokenizer
        self._kinds = kinds
        self._max_pairs = max_pairs
        self._marker_index = {name: index for index, name in enumerate(marker_names(kinds))}
        self._seen: dict[str, Pieces] = {}

    def build(self, examples: list[Example], noise: Noise | None = None) -> list[Pass]:
        """Passes of all examples. With noise, pairs are shuffled and NIL pairs thinned."""
        passes: list[Pass] = []
        for index, example in enumerate(examples):
            passes += self._passes(index, example, noise)
        return passes

    def _passes(self, index: int, example: Example, noise: Noise | None) -> list[Pass]:
        if example.text not in self._seen:
            self._seen[example.text] = self._tokenizer.encode(example.text)
        pieces = self._seen[example.text]
        if len(pieces) > MAX_TEXT_TOKENS or not example.pairs:
            return []
        spans = [pieces.pieces_of(start, end) for start, end, _ in example.mentions]
        pairs = [pair for pair in example.pairs if spans[pair.subject] and spans[pair.object]]
        if noise:
            pairs = [pair for pair in pairs if noise.keeps(pair, example.source)]
            noise.generator.shuffle(pairs)
        count = math.ceil(len(pairs) / self._max_pairs)
        return [self._pass(index, example, pieces, spans, pairs[part::count], noise) for part in range(count)]

    def _pass(self, index: int, example: Example, pieces: Pieces, spans: list, pairs: list[Pair],
              noise: Noise | None) -> Pass:
        ids = [self._tokenizer.cls_id, *pieces.ids, self._tokenizer.sep_id]
        casing_ids = [0, *pieces.casing_ids, 0]
        if noise:
            for span, (_, _, kind) in zip(spans, example.mentions):
                if span and kind != "PRON" and noise.generator.random() < noise.masked_mentions:
                    ids[span[0] + 1:span[1] + 2] = [self._tokenizer.mask_id] * (span[1] - span[0] + 1)
        text_length = len(ids)
        positions, segments = list(range(text_length)), [0] * text_length
        for group, pair in enumerate(pairs):
            for role, mention in (("S", pair.subject), ("O", pair.object)):
                kind = example.mentions[mention][2]
                if noise and noise.generator.random() < noise.random_types:
                    kind = noise.generator.choice(self._kinds)
                first = self._tokenizer.vocabulary_size + self._marker_index[f"{role}:{kind}:start"]
                ids += [first, first + 1]
                positions += [spans[mention][0] + 1, spans[mention][1] + 1]
                segments += [group + 1] * 2
        casing_ids += [0] * (len(ids) - text_length)
        return Pass(ids, casing_ids, positions, segments, pairs, index)


@dataclass
class Batch:
    """Inputs of the encoder for several passes; the names are those of the exported graph."""

    input_ids: Tensor
    casing_ids: Tensor
    position_ids: Tensor
    segments: Tensor
    """int64 [batch, seq]: 0 text, n > 0 the row's n-th pair, -1 padding."""
    pair_batch: Tensor
    pair_subject: Tensor
    pair_object: Tensor
    """int64 [pairs]: row, and positions of the subject's and object's start markers."""
    keys: list[tuple[int, Pair]]
    """The (example index, pair) of each pair."""

    def inputs(self) -> tuple[Tensor, ...]:
        """The graph's inputs in order."""
        return (self.input_ids, self.casing_ids, self.position_ids, self.segments, self.pair_batch,
                self.pair_subject, self.pair_object)


def collate(passes: list[Pass]) -> Batch:
    """Pad passes to one batch."""
    length = max(len(row.ids) for row in passes)
    input_ids = torch.zeros(len(passes), length, dtype=torch.long)
    casing_ids, position_ids = torch.zeros_like(input_ids), torch.zeros_like(input_ids)
    segments = torch.full_like(input_ids, -1)
    rows, subjects, objects, keys = [], [], [], []
    for index, row in enumerate(passes):
        size = len(row.ids)
        input_ids[index, :size] = torch.tensor(row.ids)
        casing_ids[index, :size] = torch.tensor(row.casing_ids)
        position_ids[index, :size] = torch.tensor(row.positions)
        segments[index, :size] = torch.tensor(row.segments)
        first_marker = size - 4 * len(row.pairs)
        for group, pair in enumerate(row.pairs):
            rows.append(index)
            subjects.append(first_marker + 4 * group)
            objects.append(first_marker + 4 * group + 2)
            keys.append((row.example, pair))
    return Batch(input_ids, casing_ids, position_ids, segments, torch.tensor(rows), torch.tensor(subjects),
                 torch.tensor(objects), keys)
