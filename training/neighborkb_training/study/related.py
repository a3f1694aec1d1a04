"""Distantly labelled pairs for a contrastive start (CP, Peng et al. 2020), untyped, one pair an example.

Facts of Wiki80's train_10pct, matched over other text, find some 260 pairs: too few. So relations that other sets
name stand in for a knowledge base's: Re-DocRED and KBP37 beside train_10pct, each with its own label space.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

from ..readers import read_docred
from ..relation_examples import Example, Pair
from ..schema import NIL
from ..text import join_with_spaces
from .sets import ENTITY, StudySet

Pool = dict[str, list[Example]]
"""Examples by label, of labels that have at least two."""


def related_pools(data: Path, wiki80: StudySet) -> list[Pool]:
    """One pool a source. Sentences of Wiki80's dev and test are left out."""
    unseen = {_letters(example.text) for split in ("dev", "test") for example in wiki80.splits[split].examples}
    own: Pool = defaultdict(list)
    for example in wiki80.splits["10pct"].examples:
        own[str(example.pairs[0].labels[0])].append(example)
    return [_usable(pool, unseen) for pool in (own, _docred(data / "redocred" / "train.json"),
                                               _kbp37(data / "kbp37" / "train.txt"))]


def _docred(path: Path) -> Pool:
    """Related pairs of Re-DocRED's sentences; a pair with several properties is left out."""
    pool: Pool = defaultdict(list)
    for sentence in read_docred(path):
        text, spans = join_with_spaces(sentence.tokens)
        for subject, object_, properties in sentence.pairs:
            if len(properties) == 1:
                ends = [(spans[first][0], spans[last - 1][1], ENTITY)
                        for first, last, _ in (sentence.mentions[subject], sentence.mentions[object_])]
                pool[properties[0]].append(_example(text, ends))
    return pool


def _kbp37(path: Path) -> Pool:
    """Related pairs of KBP37's lines (`number TAB "sentence with <e1> and <e2>"`, then the relation)."""
    pool: Pool = defaultdict(list)
    lines = path.read_text().splitlines()
    for sentence, relation in zip(lines, lines[1:]):
        found = re.match(r"^\d+\t(.*)$", sentence)
        named = re.match(r"^(.+)\(e([12]),e[12]\)$", relation.strip())
        if not found or not named:
            continue
        words, ends = _tagged(found.group(1).strip().strip('"').split())
        if ends is not None:
            text, spans = join_with_spaces(words)
            first, second = [(spans[start][0], spans[end - 1][1], ENTITY) for start, end in ends]
            pool[named.group(1)].append(_example(text, [first, second] if named.group(2) == "1" else [second, first]))
    return pool


def _tagged(tokens: list[str]) -> tuple[list[str], list[tuple[int, int]] | None]:
    """Words without tags, and [start, end) of both entities; None where tags are missing or nothing is inside."""
    words: list[str] = []
    at: dict[str, int] = {}
    for token in tokens:
        if re.match(r"^</?e[12]>$", token):
            at[token] = len(words)
        else:
            words.append(token)
    if len(at) != 4 or any(at[f"<e{n}>"] >= at[f"</e{n}>"] for n in (1, 2)):
        return words, None
    return words, [(at[f"<e{n}>"], at[f"</e{n}>"]) for n in (1, 2)]


def _example(text: str, ends: list[tuple[int, int, str]]) -> Example:
    return Example(text, ends, [Pair(0, 1, [])], [NIL], None, "related")


def _usable(pool: Pool, unseen: set[str]) -> Pool:
    kept = {label: [example for example in examples if _letters(example.text) not in unseen]
            for label, examples in pool.items()}
    return {label: examples for label, examples in kept.items() if len(examples) >= 2}


def _letters(text: str) -> str:
    """Letters and digits alone, lower case: what two spellings of one sentence share."""
    return re.sub(r"\W", "", text).lower()
