"""Readers of the data sets that both models use: Re-DocRED, KnowledgeNet and the project's own sentences.

Every reader yields text with mentions as (start, end, type), offsets in code points.
"""

from __future__ import annotations

import collections
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .text import detokenise, join_with_spaces

ENTITY_TYPES = ["PER", "ORG", "LOC", "TIME", "NUM", "MISC"]
MENTION_TYPES = [*ENTITY_TYPES, "PRON"]

PRONOUNS = ["he", "she", "him", "her", "his", "hers", "they", "their", "theirs", "them", "it", "its", "who",
            "whose", "whom", "which", "i", "my", "me", "we", "our", "us", "himself", "herself", "itself",
            "themselves", "where", "that"]
"""Lower-case forms of the words that stand for entities ("US" in capitals is none). "that" and "where" often stand
for none: pairs with them are trained as any other, and mostly hold nothing."""

_MARKUP = re.compile(r"\[\[(.+?)\|(PER|ORG|LOC|TIME|NUM|MISC|PRON)\]\]")
_LETTERS = re.compile(r"[A-Za-z']+")

Mention = tuple[int, int, str]


@dataclass
class DocredSentence:
    """A sentence of Re-DocRED: tokens, mentions as token spans, and the properties of ordered pairs."""

    tokens: list[str]
    mentions: list[Mention]
    """(first token, token after the last, type)."""
    pairs: list[tuple[int, int, list[str]]]
    """(subject, object, property ids): mention indices of every pair whose label this sentence decides."""

    def rendered(self, natural: bool, generator: random.Random) -> tuple[str, list[Mention]]:
        """Text and character mentions, detokenised (natural) or with tokens joined by spaces."""
        text, spans = detokenise(self.tokens, generator) if natural else join_with_spaces(self.tokens)
        return text, [(spans[first][0], spans[last - 1][1], kind) for first, last, kind in self.mentions]


def read_docred(path: Path, canonical: Callable[[str, int, int], list[tuple[str, int, int]]] | None = None
                ) -> list[DocredSentence]:
    """All sentences of a Re-DocRED file. A pair whose relation has evidence only in other sentences is left out.

    `canonical` may rename and turn facts: (property, head, tail) -> facts.
    """
    sentences = []
    for document in json.loads(path.read_text()):
        labels = collections.defaultdict(list)
        for label in document["labels"]:
            fact = (label["r"], label["h"], label["t"])
            for relation, head, tail in canonical(*fact) if canonical else [fact]:
                labels[(head, tail)].append((relation, label["evidence"]))
        mentions = collections.defaultdict(set)
        for entity, vertex in enumerate(document["vertexSet"]):
            for mention in vertex:
                first, last = mention["pos"]
                mentions[mention["sent_id"]].add((first, last, mention["type"], entity))
        for index, tokens in enumerate(document["sents"]):
            ordered = sorted(mentions[index])
            sentences.append(DocredSentence(tokens, [mention[:3] for mention in ordered],
                                            _docred_pairs(index, ordered, labels)))
    return sentences


def _docred_pairs(sentence: int, mentions: list, labels: dict) -> list[tuple[int, int, list[str]]]:
    pairs = []
    for subject, (*_, head) in enumerate(mentions):
        for object_, (*_, tail) in enumerate(mentions):
            if head == tail:
                continue
            known = labels.get((head, tail), [])
            here = sorted({relation for relation, evidence in known if not evidence or sentence in evidence})
            if here or not known:
                pairs.append((subject, object_, here))
    return pairs


@dataclass
class Passage:
    """A passage of KnowledgeNet: facts as (subject span, object span, property name)."""

    text: str
    properties: list[str]
    """The properties that are annotated exhaustively here."""
    facts: list[tuple[tuple[int, int], tuple[int, int], str]]


def read_knowledgenet(path: Path) -> list[Passage]:
    """All passages of a KnowledgeNet split."""
    passages = []
    for line in path.read_text().splitlines():
        record = json.loads(line)
        facts = [(tuple(fact["subject"]), tuple(fact["object"]), fact["property"]) for fact in record["facts"]]
        passages.append(Passage(record["text"], record["properties"], facts))
    return passages


@dataclass
class OwnSentence:
    """A labelled sentence of the project's own memory sources."""

    text: str
    mentions: list[Mention]
    facts: list[tuple[int, str, int]] = field(default_factory=list)
    """(subject mention, predicate id, object mention)."""
    nil: list[tuple[int, int]] = field(default_factory=list)
    """Pairs that hold no predicate although they look like it."""


def parse_markup(marked: str) -> tuple[str, list[Mention]]:
    """Text and mentions of inline markup `[[surface|TYPE]]`."""
    text, mentions, position = "", [], 0
    for match in _MARKUP.finditer(marked):
        text += marked[position:match.start()]
        start = len(text)
        text += match.group(1)
        mentions.append((start, len(text), match.group(2)))
        position = match.end()
    return text + marked[position:], mentions


def read_own_sentences(directory: Path) -> list[OwnSentence]:
    """All well-formed sentences under a directory of *.jsonl; a line that does not parse (a file may be
    half written) or whose indices are out of range is left out."""
    sentences = []
    for path in sorted(directory.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            try:
                record = json.loads(line)
                text, mentions = parse_markup(record["text"])
                facts = [(int(subject), str(predicate), int(object_))
                         for subject, predicate, object_ in record.get("facts", [])]
                nil = [(int(subject), int(object_)) for subject, object_ in record.get("nil", [])]
            except (ValueError, KeyError, TypeError):
                continue
            used = [index for subject, _, object_ in facts for index in (subject, object_)]
            used += [index for pair in nil for index in pair]
            if all(0 <= index < len(mentions) for index in used):
                sentences.append(OwnSentence(text, mentions, facts, nil))
    return sentences


def with_pronouns(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions and every pronoun that overlaps none of them, in order."""
    found = list(mentions)
    for match in _LETTERS.finditer(text):
        if match.group().lower() in PRONOUNS and match.group() != "US":
            if not any(start < match.end() and match.start() < end for start, end, _ in mentions):
                found.append((match.start(), match.end(), "PRON"))
    return sorted(found)
