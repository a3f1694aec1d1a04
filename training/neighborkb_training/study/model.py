"""The studies' encoder: the relation encoder with a choice of what sees what and of what the memory stores."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from ..passes import marker_names
from ..relation_encoder import RelationEncoder, encoder_with_markers, visibility
from ..tokens import PieceTokenizer

REPRESENTATIONS = ("last", "second-last", "last-two", "normed")
"""What an exported graph gives as representation: the start markers' states behind the last layer, the one before,
the mean of both, or the last's through the classifier's LayerNorm. The classifier always reads the last layer."""

NEVER = -1e4
"""Logit of NIL where a data set has none."""


class StudyEncoder(RelationEncoder):
    """Inputs and outputs as of RelationEncoder."""

    def __init__(self, encoder: nn.Module, labels: int, one_pair: bool, has_nil: bool) -> None:
        """`one_pair`: passes hold one pair, and the text sees its markers too."""
        super().__init__(encoder, labels)
        self.one_pair = one_pair
        self.representation = "last"
        never = torch.zeros(labels)
        never[0] = 0.0 if has_nil else NEVER
        self.register_buffer("never", never)

    def forward(self, input_ids: Tensor, casing_ids: Tensor, position_ids: Tensor, segments: Tensor,
                pair_batch: Tensor, pair_subject: Tensor, pair_object: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs as in passes.Batch."""
        visible = (segments >= 0)[:, None, :] if self.one_pair else visibility(segments)
        behind = self.encoder.every_layer(input_ids, casing_ids, position_ids, visible)

        def pairs(states: Tensor) -> Tensor:
            return torch.cat([states[pair_batch, pair_subject], states[pair_batch, pair_object]], -1).float()

        last = pairs(behind[-1])
        normed = self.norm(last)
        logits = self.classifier(self.dropout(normed)) + self.never
        if self.representation == "normed":
            return normed, logits
        if self.representation == "second-last":
            return pairs(behind[-2]), logits
        if self.representation == "last-two":
            return (last + pairs(behind[-2])) / 2, logits
        return last, logits


def new_study_encoder(base: Path, tokenizer: PieceTokenizer, kinds: list[str], labels: int, one_pair: bool,
                      has_nil: bool) -> StudyEncoder:
    """Untrained model whose markers start at the mean of the words for their role and type."""
    encoder = encoder_with_markers(base, tokenizer, marker_names(kinds), _spaced)
    return StudyEncoder(encoder, labels, one_pair, has_nil)


def _spaced(kind: str) -> str:
    """"OtherScientificTerm" as words; a type in capitals stays one word."""
    if kind.isupper():
        return kind.lower()
    return "".join(f" {letter}" if letter.isupper() else letter for letter in kind).lower().strip()
