"""Data sets of the studies: SciERC and Wiki80, as sentences with their judged pairs.

Text is the tokens joined by single spaces, as the product's readers have it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ..relation_examples import Example, Pair
from ..schema import NIL
from ..text import join_with_spaces

ENTITY = "ENTITY"
"""The one mention type of encoders with untyped markers."""


@dataclass
class Split:
    """Sentences of a split; pairs carry label ids."""

    examples: list[Example]
    gold: int
    """Relations of the files, duplicates included: what recall counts over."""


@dataclass
class StudySet:
    """A data set with its labels ("NIL" first) and mention types in order."""

    name: str
    labels: list[str]
    kinds: list[str]
    has_nil: bool
    """Whether its pairs may hold no relation."""
    splits: dict[str, Split]


_SCIERC_KINDS = ["Generic", "Material", "Method", "Metric", "OtherScientificTerm", "Task"]


def read_scierc(folder: Path) -> StudySet:
    """SciERC (PURE's JSON lines) with typed mentions; every ordered pair of a sentence is judged."""
    records = {split: _read_lines(folder / f"{split}.json") for split in ("train", "dev", "test")}
    names = {relation[4] for record in records["train"] for found in record["relations"] for relation in found}
    labels = ["NIL", *sorted(names)]
    splits = {split: _pure_split(found, labels, typed=True) for split, found in records.items()}
    return StudySet("SciERC", labels, _SCIERC_KINDS, True, splits)


def read_wiki80(folder: Path) -> StudySet:
    """Wiki80: splits 1pct, 10pct (training), dev and test; one related pair a sentence, untyped mentions."""
    lines = {share: _read_lines(folder / f"train_{share}.txt") for share in ("1pct", "10pct")}
    labels = ["NIL", *sorted({line["relation"] for line in lines["10pct"]})]
    splits = {share: Split([_opennre_example(line, labels) for line in found], len(found))
              for share, found in lines.items()}
    for split in ("dev", "test"):
        splits[split] = _pure_split(_read_lines(folder / f"{split}.json"), labels, typed=False)
    return StudySet("Wiki80", labels, [ENTITY], False, splits)


def wiki80_types(folder: Path) -> list[str]:
    """Mention types that Wiki80's files name, sorted; its encoders have one marker for all of them."""
    lines = _read_lines(folder / "train_10pct.txt")
    return sorted({line[end]["type"] for line in lines for end in ("h", "t")} | {"sub", "obj"})


def _pure_split(records: list[dict], labels: list[str], typed: bool) -> Split:
    """Sentences of PURE's documents. With `typed`, all ordered pairs; else the related ones alone."""
    examples, gold = [], 0
    for record in records:
        offset = 0
        for tokens, entities, relations in zip(record["sentences"], record["ner"], record["relations"]):
            text, spans = join_with_spaces(tokens)
            index: dict[tuple[int, int], int] = {}
            mentions = []
            for first, last, kind in entities:
                if (first, last) not in index:
                    index[(first, last)] = len(mentions)
                    mentions.append((spans[first - offset][0], spans[last - offset][1], kind if typed else ENTITY))
            # A pair that is listed twice keeps its last label, as the paper's code has it.
            facts = {(index[(first, last)], index[(start, end)]): labels.index(name)
                     for first, last, start, end, name in relations}
            every = [(subject, object_) for subject in range(len(mentions)) for object_ in range(len(mentions))
                     if subject != object_]
            pairs = [Pair(*pair, [facts[pair]] if pair in facts else []) for pair in (every if typed else facts)]
            examples.append(Example(text, mentions, pairs, [NIL], None, "PURE"))
            gold += len(relations)
            offset += len(tokens)
    return Split(examples, gold)


def _opennre_example(line: dict, labels: list[str]) -> Example:
    text, spans = join_with_spaces(line["token"])
    mentions = [(spans[line[end]["pos"][0]][0], spans[line[end]["pos"][1] - 1][1], ENTITY) for end in ("h", "t")]
    return Example(text, mentions, [Pair(0, 1, [labels.index(line["relation"])])], [NIL], None, "OpenNRE")


def _read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]
