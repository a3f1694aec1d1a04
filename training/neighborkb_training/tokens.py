"""Tokenisation: word pieces with their words, casing classes and offsets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from .text import casing_class


@dataclass(frozen=True)
class Pieces:
    """A text as word pieces, without special tokens. All lists but word_starts have one item a piece."""

    ids: list[int]
    casing_ids: list[int]
    offsets: list[tuple[int, int]]
    """[start, end) of each piece in code points of the text."""
    words: list[int]
    """Index of each piece's word, counted from 0 without gaps."""
    word_starts: list[int]
    """Index of the first piece of each word."""

    def __len__(self) -> int:
        return len(self.ids)

    def word_span(self, word: int) -> tuple[int, int]:
        """[start, end) in code points of a word."""
        last = self.word_starts[word + 1] - 1 if word + 1 < len(self.word_starts) else len(self.ids) - 1
        return self.offsets[self.word_starts[word]][0], self.offsets[last][1]

    def pieces_of(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last (inclusive) piece that overlap [start, end) of the text."""
        inside = [index for index, (first, last) in enumerate(self.offsets) if last > start and first < end]
        return (inside[0], inside[-1]) if inside else None


class PieceTokenizer:
    """The base encoder's WordPiece tokenizer. A word is what its basic tokenisation yields: text between
    whitespace, with every punctuation character (and every CJK character) a word of its own."""

    def __init__(self, directory: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.cls_id = self._tokenizer.token_to_id("[CLS]")
        self.sep_id = self._tokenizer.token_to_id("[SEP]")
        self.pad_id = self._tokenizer.token_to_id("[PAD]")
        self.mask_id = self._tokenizer.token_to_id("[MASK]")
        self.vocabulary_size = self._tokenizer.get_vocab_size()

    def encode(self, text: str) -> Pieces:
        """Pieces of a text with the casing class of each piece's whole word."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        words: list[int] = []
        word_starts: list[int] = []
        previous = None
        for index, word in enumerate(encoding.word_ids):
            if word != previous:
                word_starts.append(index)
                previous = word
            words.append(len(word_starts) - 1)
        pieces = Pieces(encoding.ids, [0] * len(encoding.ids), encoding.offsets, words, word_starts)
        classes = [casing_class(text[slice(*pieces.word_span(word))]) for word in range(len(word_starts))]
        pieces.casing_ids[:] = [classes[word] for word in words]
        return pieces

    def save(self, path: Path) -> None:
        """Write tokenizer.json as the package ships it: no padding, no truncation."""
        self._tokenizer.save(str(path), pretty=False)
