"""Casing classes, detokenising, tokenisation by words."""

import random

import pytest

from neighborkb_training.text import CASING_CLASSES, casing_class, detokenise, join_with_spaces
from neighborkb_training.tokens import PieceTokenizer


@pytest.mark.parametrize(("word", "name"), [
    (",", "none"), ("東", "none"), ("river", "lower"), ("River", "title"), ("A", "title"), ("Étude", "title"),
    ("UN", "upper"), ("McKay", "mixed"), ("iPhone", "mixed"), ("1984", "digit"), ("B52", "digit"), ("µm", "lower")])
def test_a_word_has_the_casing_class_of_its_letters(word: str, name: str) -> None:
    assert CASING_CLASSES[casing_class(word)] == name


@pytest.mark.parametrize(("tokens", "text"), [
    (["Ada", "'s", "friend", ",", "Bob", "(", "a", "smith", ")", "."], "Ada's friend, Bob (a smith)."),
    (["He", "said", '"', "no", '"', "twice"], 'He said "no" twice'),
    (["the", "sisters", "'", "house"], "the sisters' house"),
    (["5", "%", "of", "$", "20"], "5% of $20"),
    (["June", "5", "-", "July", "6"], "June 5 - July 6")])
def test_detokenised_text_reads_like_natural_text(tokens: list[str], text: str) -> None:
    assert detokenise(tokens, random.Random(0))[0] == text


@pytest.mark.parametrize("render", [lambda tokens: detokenise(tokens, random.Random(1)), join_with_spaces])
def test_every_token_is_found_at_its_span(render: object) -> None:
    tokens = ["\"", "Ada", "-", "Bob", "\"", "(", "1990", "–", "1999", ")", "met", "it", "'s", "own", "/", "end", "."]
    text, spans = render(tokens)
    assert [text[start:end] for start, end in spans] == tokens


def test_pieces_of_a_word_share_its_casing(tokenizer: PieceTokenizer) -> None:
    pieces = tokenizer.encode("Workhop's ADA.")
    assert pieces.words == [0, 0, 1, 2, 3, 4]
    assert pieces.casing_ids == [2, 2, 0, 1, 3, 0]
    assert pieces.word_span(0) == (0, 7)
    assert pieces.pieces_of(2, 3) == (0, 0)
