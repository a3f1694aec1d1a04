"""BIO tags on words: encoding of mentions, Viterbi decoding under the BIO constraints, span F1."""

from __future__ import annotations

import numpy as np

from .readers import ENTITY_TYPES, Mention
from .tokens import Pieces

TAGS = ["O"] + [f"{prefix}-{kind}" for kind in ENTITY_TYPES for prefix in ("B", "I")]
"""Tag names; tag 0 is O, type t has B at 1 + 2t and I at 2 + 2t."""

IMPOSSIBLE = -1e4


def tags_of(pieces: Pieces, mentions: list[Mention]) -> list[int]:
    """One tag id a word. Where mentions overlap the first (and there the longest) wins."""
    tags = [0] * len(pieces.word_starts)
    for start, end, kind in sorted(mentions, key=lambda mention: (mention[0], -mention[1])):
        span = pieces.pieces_of(start, end)
        if span is None or kind not in ENTITY_TYPES:
            continue
        first, last = pieces.words[span[0]], pieces.words[span[1]]
        if any(tags[first:last + 1]):
            continue
        begin = 1 + 2 * ENTITY_TYPES.index(kind)
        tags[first:last + 1] = [begin] + [begin + 1] * (last - first)
    return tags


def viterbi(scores: np.ndarray) -> list[int]:
    """Best tag sequence for scores [words, tags] (log probabilities or logits) in which I-x follows B-x or I-x."""
    if len(scores) == 0:
        return []
    total = scores[0] + _START
    back = np.zeros(scores.shape, dtype=np.int64)
    for word in range(1, len(scores)):
        candidates = total[:, None] + _TRANSITIONS
        back[word] = candidates.argmax(0)
        total = candidates.max(0) + scores[word]
    path = [int(total.argmax())]
    for word in range(len(scores) - 1, 0, -1):
        path.append(int(back[word, path[-1]]))
    return path[::-1]


def mentions_of(pieces: Pieces, tags: list[int]) -> list[Mention]:
    """Character mentions of a valid tag sequence (one tag a word, may be shorter than the text)."""
    mentions: list[Mention] = []
    for word, tag in enumerate(tags):
        start, end = pieces.word_span(word)
        if tag % 2 == 1:
            mentions.append((start, end, ENTITY_TYPES[tag // 2]))
        elif tag > 0:
            mentions[-1] = (mentions[-1][0], end, mentions[-1][2])
    return mentions


def span_scores(gold: list[list[Mention]], predicted: list[list[Mention]]) -> dict:
    """Exact typed precision, recall and F1, over all types and for each."""
    counts = {kind: [0, 0, 0] for kind in ["all", *ENTITY_TYPES]}
    for right, guess in zip(gold, predicted):
        right_set, guess_set = set(right), set(guess)
        for column, mentions in enumerate((right_set & guess_set, guess_set, right_set)):
            for mention in mentions:
                counts["all"][column] += 1
                counts[mention[2]][column] += 1
    return {kind: {"precision": round(hit / max(1, guessed), 4), "recall": round(hit / max(1, total), 4),
                   "f1": round(2 * hit / max(1, guessed + total), 4), "support": total}
            for kind, (hit, guessed, total) in counts.items()}


def _transitions() -> tuple[np.ndarray, np.ndarray]:
    start = np.zeros(len(TAGS), dtype=np.float32)
    between = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for tag in range(2, len(TAGS), 2):  # the I tags
        start[tag] = IMPOSSIBLE
        between[:, tag] = IMPOSSIBLE
        between[[tag - 1, tag], tag] = 0
    return start, between


_START, _TRANSITIONS = _transitions()
