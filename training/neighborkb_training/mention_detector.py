"""The mention detector: a tag classifier on the encoder, its batches and its predictions."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from .encoder import Encoder
from .optimisation import autocast
from .readers import Mention
from .tagging import TAGS, mentions_of, viterbi
from .tokens import Pieces, PieceTokenizer

Detect = Callable[[list[str]], list[list[Mention]]]
"""Finds the mentions of each text, without pronouns."""

MAX_TOKENS = 256
"""Longest input, [CLS] and [SEP] included; words past it get tag O."""


class MentionDetector(nn.Module):
    """Logits [batch, seq, tags]; the first piece of a word carries the word's decision."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(encoder.hidden_size, len(TAGS))

    def forward(self, input_ids: Tensor, casing_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Ids and mask (1 text, 0 padding) int64 [batch, seq]."""
        positions = torch.arange(input_ids.shape[1])[None].expand(input_ids.shape[0], -1)
        states = self.encoder(input_ids, casing_ids, positions, attention_mask.bool()[:, None, :])
        return self.classifier(self.dropout(states.float()))


def batches_by_length(lengths: list[int], size: int, generator: random.Random | None) -> list[list[int]]:
    """Indices in batches of similar length; shuffled (and lengths jittered) with a generator, else sorted."""
    def key(index: int) -> float:
        return lengths[index] * (generator.uniform(0.9, 1.1) if generator else 1)

    order = sorted(range(len(lengths)), key=key)
    batches = [order[start:start + size] for start in range(0, len(order), size)]
    if generator:
        generator.shuffle(batches)
    return batches


def collate(tokenizer: PieceTokenizer, texts: list[Pieces]) -> tuple[Tensor, Tensor, Tensor]:
    """input_ids, casing_ids, attention_mask, each int64 [batch, seq]."""
    rows = [text.ids[:MAX_TOKENS - 2] for text in texts]
    length = max(map(len, rows)) + 2
    input_ids = torch.full((len(rows), length), tokenizer.pad_id)
    casing_ids = torch.zeros_like(input_ids)
    attention_mask = torch.zeros_like(input_ids)
    for index, row in enumerate(rows):
        input_ids[index, :len(row) + 2] = torch.tensor([tokenizer.cls_id, *row, tokenizer.sep_id])
        casing_ids[index, 1:len(row) + 1] = torch.tensor(texts[index].casing_ids[:len(row)])
        attention_mask[index, :len(row) + 2] = 1
    return input_ids, casing_ids, attention_mask


def decode(pieces: Pieces, logits: Tensor) -> list[Mention]:
    """Mentions from one text's logits [seq, tags], [CLS] first."""
    starts = [start + 1 for start in pieces.word_starts if start < MAX_TOKENS - 2]
    scores = logits[starts].log_softmax(-1).numpy()
    return mentions_of(pieces, viterbi(scores))


def detect(model: MentionDetector, tokenizer: PieceTokenizer, texts: list[str]) -> list[list[Mention]]:
    """Mentions of each text, without pronouns."""
    encoded = [tokenizer.encode(text) for text in texts]
    found: list[list[Mention]] = [[] for _ in texts]
    model.eval()
    with torch.inference_mode(), autocast():
        for batch in batches_by_length([len(pieces) for pieces in encoded], 32, None):
            logits = model(*collate(tokenizer, [encoded[index] for index in batch])).float()
            for row, index in enumerate(batch):
                found[index] = decode(encoded[index], logits[row])
    return found


def load_detector(checkpoint: Path, encoder: Encoder) -> MentionDetector:
    """Detector with the averaged weights of a training checkpoint."""
    model = MentionDetector(encoder)
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["averaged"])
    return model
