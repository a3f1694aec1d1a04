"""A tiny tokenizer, so that the tests need no downloaded model."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from neighborkb_training.tokens import PieceTokenizer

_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ada", "bob", "met", "works", "##hop", "work", ".", "'", "s",
          "subject", "object", "person"]


@pytest.fixture
def tokenizer(tmp_path: Path) -> PieceTokenizer:
    """A WordPiece tokenizer of a few words."""
    inner = Tokenizer(models.WordPiece({word: index for index, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.save(str(tmp_path / "tokenizer.json"))
    return PieceTokenizer(tmp_path)
