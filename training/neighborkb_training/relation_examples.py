"""Training and evaluation examples of the relation encoder: a text, its mentions, and labelled pairs."""

from __future__ import annotations

import collections
import random
from dataclasses import dataclass

from .readers import ENTITY_TYPES, PRONOUNS, DocredSentence, Mention, OwnSentence, Passage
from .schema import Schema

MAX_MENTIONS = 40
"""Mentions of a text that are paired; those after are left out."""

_SUBJECTS_IN_PASSAGES = {"PER", "ORG", "PRON", "MISC"}


@dataclass
class Pair:
    """An ordered pair of mentions (indices) with its labels; no label means NIL."""

    subject: int
    object: int
    labels: list[int]
    kept: bool = False
    """A hard negative: never thinned."""
    plausible: bool = True
    """Whether a predicate that was annotated here admits the mention types."""


@dataclass
class Example:
    """A text with mentions and pairs, and which labels compete in the loss."""

    text: str
    mentions: list[Mention]
    pairs: list[Pair]
    negatives: list[int]
    """Labels (NIL included) that a pair without label is known not to hold."""
    competitors: list[int] | None
    """Labels that compete with a positive pair's own; None for all."""
    source: str
    """Name of the data set."""


def docred_example(sentence: DocredSentence, schema: Schema, natural: bool, generator: random.Random) -> Example:
    """All annotated pairs of a Re-DocRED sentence (read with canonical relations)."""
    text, mentions = sentence.rendered(natural, generator)
    pairs = []
    for subject, object_, relations in sentence.pairs:
        found = {schema.docred_label(relation, mentions[subject][2]) for relation in relations}
        pairs.append(Pair(subject, object_, sorted(label for label in found if label is not None)))
    negatives = schema.docred_negatives()
    return _weighed(Example(text, mentions, pairs, negatives, negatives, "Re-DocRED"), schema)


def own_example(sentence: OwnSentence, schema: Schema) -> Example:
    """All pairs of one of the project's sentences but those with a number that holds no fact."""
    facts = collections.defaultdict(set)
    refused = set(sentence.nil)
    for subject, predicate, object_ in sentence.facts:
        if predicate not in schema.ids:
            continue
        facts[(subject, object_)].add(schema.ids[predicate])
        if predicate in schema.symmetric and (object_, subject) not in refused:
            facts[(object_, subject)].add(schema.ids[predicate])
    pairs = []
    for subject, object_ in _ordered_pairs(sentence.mentions):
        labels = sorted(facts.get((subject, object_), ()))
        if labels or "NUM" not in (sentence.mentions[subject][2], sentence.mentions[object_][2]):
            pairs.append(Pair(subject, object_, labels, (subject, object_) in refused))
    negatives = schema.own_negatives()
    return _weighed(Example(sentence.text, sentence.mentions, pairs, negatives, negatives, "own"), schema)


def passage_example(passage: Passage, mentions: list[Mention], schema: Schema) -> Example:
    """Candidate pairs of a KnowledgeNet passage with these mentions; a pair without fact is negative only
    for the properties that the passage annotates."""
    mentions = sorted(mentions)[:MAX_MENTIONS]
    index = {mention[:2]: number for number, mention in enumerate(mentions)}
    facts = collections.defaultdict(set)
    for subject_span, object_span, name in passage.facts:
        key = (index.get(subject_span), index.get(object_span))
        if None not in key:
            facts[key].add(schema.from_knowledge_net[name])
    fact_subjects = {subject for subject, _ in facts}
    pairs = []
    for subject, object_ in _ordered_pairs(mentions):
        labels = sorted(facts.get((subject, object_), ()))
        if not labels and mentions[object_][2] == "NUM":
            continue
        if mentions[subject][2] in _SUBJECTS_IN_PASSAGES or subject in fact_subjects:
            pairs.append(Pair(subject, object_, labels))
    negatives = [0, *sorted(schema.from_knowledge_net[name] for name in passage.properties)]
    return _weighed(Example(passage.text, mentions, pairs, negatives, None, "KnowledgeNet"), schema)


def merge_gold(passage: Passage, detected: list[Mention], schema: Schema) -> list[Mention]:
    """The passage's gold spans, and the detected mentions that overlap none of them.

    A gold span takes the type of the same or an overlapping detected mention, else what its property wants.
    """
    found = {mention[:2]: mention[2] for mention in detected}
    gold: dict[tuple[int, int], str] = {}
    for subject_span, object_span, name in passage.facts:
        predicate = schema.predicates[schema.from_knowledge_net[name] - 1]
        for span, types in ((subject_span, predicate.subject_types), (object_span, predicate.object_types)):
            gold[span] = _gold_type(passage.text, span, found, types)
    rest = [mention for mention in detected
            if not any(mention[0] < end and start < mention[1] for start, end in gold)]
    return sorted(rest + [(start, end, kind) for (start, end), kind in gold.items()])


def _gold_type(text: str, span: tuple[int, int], found: dict[tuple[int, int], str], types: frozenset[str]) -> str:
    if span in found:
        return found[span]
    if text[slice(*span)].lower() in PRONOUNS:
        return "PRON"
    overlapping = [kind for (start, end), kind in found.items()
                   if start < span[1] and span[0] < end and kind != "PRON"]
    return overlapping[0] if overlapping else next(kind for kind in ENTITY_TYPES if kind in types)


def _weighed(example: Example, schema: Schema) -> Example:
    """The example with each pair's plausibility set."""
    annotated = [label for label in schema.enabled if label in set(example.negatives)]
    for pair in example.pairs:
        kinds = example.mentions[pair.subject][2], example.mentions[pair.object][2]
        pair.plausible = any(schema.gate(label, *kinds) for label in annotated)
    return example


def _ordered_pairs(mentions: list[Mention]) -> list[tuple[int, int]]:
    """Every (subject, object) of mentions that do not overlap."""
    return [(subject, object_) for subject, (start, end, _) in enumerate(mentions)
            for object_, (first, last, _) in enumerate(mentions)
            if subject != object_ and not (start < last and first < end)]
