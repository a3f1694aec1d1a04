"""The relation encoder: representations of pairs and a classifier over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .encoder import Encoder, load_encoder
from .mention_detector import batches_by_length
from .optimisation import autocast
from .passes import MARKERS, PassBuilder, collate
from .relation_examples import Example, Pair
from .tokens import PieceTokenizer

_WORDS_OF_TYPES = {"PER": "person", "ORG": "organization", "LOC": "location", "TIME": "date", "NUM": "number",
                   "MISC": "thing", "PRON": "he she it"}
_WORDS_OF_ROLES = {"S": "subject", "O": "object"}


class RelationEncoder(nn.Module):
    """Representations [pairs, 2 hidden] (subject start marker, object start marker; not normalised) and
    logits [pairs, labels]."""

    def __init__(self, encoder: Encoder, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.norm = nn.LayerNorm(2 * encoder.hidden_size)
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(2 * encoder.hidden_size, labels)
        nn.init.normal_(self.classifier.weight, 0, 0.02)
        nn.init.zeros_(self.classifier.bias)

    def forward(self, input_ids: Tensor, casing_ids: Tensor, position_ids: Tensor, segments: Tensor,
                pair_batch: Tensor, pair_subject: Tensor, pair_object: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs as in passes.Batch."""
        states = self.encoder(input_ids, casing_ids, position_ids, visibility(segments))
        representations = torch.cat([states[pair_batch, pair_subject], states[pair_batch, pair_object]], -1).float()
        return representations, self.classifier(self.dropout(self.norm(representations)))


def visibility(segments: Tensor) -> Tensor:
    """bool [batch, seq, seq]: what each token (row) attends to; from segments int64 [batch, seq]."""
    attended = segments[:, None, :]
    return (attended == 0) | ((segments[:, :, None] == attended) & (attended > 0))


def new_relation_encoder(base: Path, tokenizer: PieceTokenizer, labels: int) -> RelationEncoder:
    """Untrained model whose markers start at the mean of the words for their role and type."""
    return RelationEncoder(encoder_with_markers(base, tokenizer, MARKERS, _WORDS_OF_TYPES.__getitem__), labels)


def encoder_with_markers(base: Path, tokenizer: PieceTokenizer, names: Sequence[str],
                         words_of_type: Callable[[str], str]) -> Encoder:
    """The base encoder with markers of these names, which start near the mean of the words for their role and type."""
    encoder = load_encoder(base, len(names))
    for index, name in enumerate(names):
        role, kind, _ = name.split(":")
        words = tokenizer.encode(f"{_WORDS_OF_ROLES[role]} {words_of_type(kind)}").ids
        noise = 0.01 * torch.randn(encoder.hidden_size)
        encoder.markers.weight.data[index] = encoder.words.weight[words].mean(0) + noise
    return encoder


@dataclass
class Encoded:
    """Pairs after the encoder."""

    representations: np.ndarray
    """float32 [pairs, 2 hidden]."""
    logits: np.ndarray
    """float32 [pairs, labels]."""
    keys: list[tuple[int, Pair]]
    """The (example index, pair) of each."""

    def probabilities(self) -> np.ndarray:
        """Softmax of the logits."""
        shifted = np.exp(self.logits - self.logits.max(1, keepdims=True))
        return shifted / shifted.sum(1, keepdims=True)


def encode(model: RelationEncoder, builder: PassBuilder, examples: list[Example]) -> Encoded:
    """Encode every pair of the examples."""
    model.eval()
    passes = builder.build(examples)
    representations, logits, keys = [], [], []
    with torch.inference_mode(), autocast():
        for indices in batches_by_length([len(row.ids) for row in passes], 16, None):
            batch = collate([passes[index] for index in indices])
            vectors, scores = model(*batch.inputs())
            representations.append(vectors.float())
            logits.append(scores.float())
            keys += batch.keys
    return Encoded(torch.cat(representations).numpy(), torch.cat(logits).numpy(), keys)
