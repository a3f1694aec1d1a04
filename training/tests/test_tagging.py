"""BIO tags and their decoding."""

import itertools

import numpy as np

from neighborkb_training.tagging import TAGS, mentions_of, span_scores, tags_of, viterbi
from neighborkb_training.tokens import PieceTokenizer


def is_valid(path: list[int]) -> bool:
    return all(not TAGS[tag].startswith("I-") or before in (tag, tag - 1) for before, tag in zip([0, *path], path))


def test_viterbi_finds_the_best_valid_path() -> None:
    generator = np.random.default_rng(0)
    for _ in range(5):
        scores = generator.normal(size=(3, len(TAGS))).astype(np.float32)
        path = viterbi(scores)
        valid = [list(tags) for tags in itertools.product(range(len(TAGS)), repeat=3) if is_valid(list(tags))]
        best = max(valid, key=lambda tags: sum(scores[word, tag] for word, tag in enumerate(tags)))
        assert path == best


def test_an_empty_text_has_no_tags() -> None:
    assert viterbi(np.zeros((0, len(TAGS)))) == []


def test_mentions_survive_tagging_and_decoding(tokenizer: PieceTokenizer) -> None:
    pieces = tokenizer.encode("Ada Bob met Workhop.")
    mentions = [(0, 3, "PER"), (4, 7, "PER"), (12, 19, "ORG")]
    assert mentions_of(pieces, tags_of(pieces, mentions)) == mentions


def test_a_mention_grows_to_whole_words_and_pronouns_get_no_tag(tokenizer: PieceTokenizer) -> None:
    pieces = tokenizer.encode("Ada met Workhop.")
    assert mentions_of(pieces, tags_of(pieces, [(0, 3, "PRON"), (10, 13, "ORG")])) == [(8, 15, "ORG")]


def test_span_scores_count_exact_typed_spans() -> None:
    scores = span_scores([[(0, 3, "PER"), (5, 8, "LOC")]], [[(0, 3, "PER"), (5, 8, "ORG")]])
    assert scores["all"]["f1"] == 0.5
    assert scores["PER"]["f1"] == 1.0
