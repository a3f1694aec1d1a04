"""Examples from KBP37, CoNLL04 and Wiki80 for a first phase of relation training.

Their relations are mapped where the meaning is clear; a pair without relation is negative only for the
labels that its data set knows. Mention types come from our detector where it agrees on a place.
"""

from __future__ import annotations

import ast
import json
import random
import re
from pathlib import Path

from .mention_detector import Detect
from .readers import PRONOUNS, Mention
from .relation_examples import Example, Pair
from .schema import NIL, Schema
from .text import join_with_spaces

KBP37_RELATIONS = {  # name: (label, reversed)
    "per:spouse": ("P26", False), "per:employee_of": ("P108", False),
    "per:countries_of_residence": ("P551", False), "per:cities_of_residence": ("P551", False),
    "per:stateorprovinces_of_residence": ("P551", False), "per:country_of_birth": ("P19", False),
    "per:origin": ("P27", False), "org:founded": ("P571", False), "org:founded_by": ("P112", False),
    "org:city_of_headquarters": ("P159", False), "org:country_of_headquarters": ("P159", False),
    "org:stateorprovince_of_headquarters": ("P159", False), "org:subsidiaries": ("P749", True),
    "org:top_members/employees": ("P108", True), "org:members": ("P463", True)}

CONLL04_RELATIONS = {"Live_In": "P551", "OrgBased_In": "P159", "Work_For": "P108", "Located_In": "P131"}
CONLL04_TYPES = {"Peop": "PER", "Org": "ORG", "Loc": "LOC", "Other": "MISC"}

WIKI80_RELATIONS = {
    "religion": ("P140", False), "contains administrative territorial entity": ("P131", True),
    "head of government": ("P6", False), "country of citizenship": ("P27", False), "performer": ("P175", False),
    "participant of": ("P1344", False), "has part": ("P361", True), "country of origin": ("P495", False),
    "publisher": ("P123", False), "director": ("P57", False), "father": ("P22", False), "mother": ("P22", False),
    "developer": ("P178", False), "military branch": ("P241", False), "mouth of the watercourse": ("P403", False),
    "followed by": ("P155", True), "member of political party": ("P102", False),
    "headquarters location": ("P159", False), "sibling": ("P3373", False), "country": ("P17", False),
    "residence": ("P551", False), "subsidiary": ("P749", True), "participant": ("P1344", True),
    "characters": ("P1441", True), "owned by": ("P127", False), "composer": ("P86", False),
    "league": ("P118", False), "record label": ("P264", False), "notable work": ("P800", False),
    "located in the administrative territorial entity": ("P131", False), "part of": ("P361", False),
    "located in or next to body of water": ("P206", False), "follows": ("P155", False), "spouse": ("P26", False),
    "member of": ("P108", False), "child": ("P22", True), "manufacturer": ("P176", False),
    "location of formation": ("P740", False), "work location": ("P937", False), "operator": ("P137", False),
    "platform": ("P400", False), "original network": ("P449", False), "screenwriter": ("P58", False),
    "applies to jurisdiction": ("P1001", False), "location": ("P276", False)}


def warm_up_examples(names: list[str], data: Path, schema: Schema, detect: Detect, limit: int, seed: int
                     ) -> list[Example]:
    """Examples of the named sets; KBP37 is cut so that all together stay within the limit."""
    readers = {"conll04": _conll04, "wiki80": _wiki80, "kbp37": _kbp37}
    generator = random.Random(seed)
    examples: list[Example] = []
    for name in sorted(names):  # conll04, kbp37, wiki80
        found = readers[name](data / name, schema, detect, generator, limit)
        print(f"{name}: {len(found)} examples, {sum(bool(p.labels) for e in found for p in e.pairs)} facts", flush=True)
        examples += found
    return examples


def _kbp37(folder: Path, schema: Schema, detect: Detect, generator: random.Random, limit: int) -> list[Example]:
    lines = (folder / "train.txt").read_text().splitlines()
    raw = []
    for first, second in zip(lines, lines[1:]):
        match = re.match(r"^\d+\t(.*)$", first)
        spans: dict[str, list[int]] = {}
        words: list[str] = []
        for word in match.group(1).strip().strip('"').split() if match else []:
            tag = re.match(r"^</?(e[12])>$", word)
            if tag:
                spans.setdefault(tag.group(1), []).append(len(words))
            else:
                words.append(word)
        if all(len(spans.get(entity, [])) == 2 and spans[entity][0] < spans[entity][1] for entity in ("e1", "e2")):
            raw.append((words, spans["e1"], spans["e2"], second.strip()))
    generator.shuffle(raw)
    raw = raw[:max(0, limit - 3000)]
    kinds = {"per": "PER", "org": "ORG"}
    records = []
    for words, first, second, relation in raw:
        match = re.match(r"(.*)\(e([12]),e[12]\)$", relation)
        name, turned = (match.group(1), match.group(2) == "2") if match else (relation, False)
        label, reverse = KBP37_RELATIONS.get(name, (None, False))
        subject_kind = kinds.get(name[:3], "MISC")
        fallback = ("MISC", subject_kind) if turned else (subject_kind, "MISC")
        records.append((words, first, second, label, turned != reverse, fallback))
    known = {label for label, _ in KBP37_RELATIONS.values()}
    negatives = sorted({NIL, *(schema.ids[label] for label in known if label in schema.ids)})
    return _two_mention_examples(records, schema, detect, negatives, "KBP37", positives_only=False)


def _wiki80(folder: Path, schema: Schema, detect: Detect, generator: random.Random, limit: int) -> list[Example]:
    records = []
    for line in (folder / "train_10pct.txt").read_text().splitlines():
        record = json.loads(line)
        label, reverse = WIKI80_RELATIONS.get(record["relation"], (None, False))
        if label in schema.ids:
            words = [word if word.strip() else "-" for word in record["token"]]
            records.append((words, record["h"]["pos"], record["t"]["pos"], label, reverse, ("MISC", "MISC")))
    return _two_mention_examples(records, schema, detect, None, "Wiki80", positives_only=True)


def _two_mention_examples(records: list[tuple], schema: Schema, detect: Detect, competitors: list[int] | None,
                          source: str, positives_only: bool) -> list[Example]:
    """Examples of (words, first span, second span, label or None, label holds of (second, first), types)."""
    rendered = [join_with_spaces(record[0]) for record in records]
    detected = detect([text for text, _ in rendered])
    examples = []
    for (words, first, second, label, turned, fallback), (text, spans), found in zip(records, rendered, detected):
        mentions = [_typed(text, (spans[start][0], spans[end - 1][1]), found, kind)
                    for (start, end), kind in zip((first, second), fallback)]
        related = (1, 0) if turned else (0, 1)
        pairs = []
        for pair in ((0, 1), (1, 0)):
            holds = label in schema.ids and (pair == related or label in schema.symmetric)
            if holds or not positives_only:
                pairs.append(Pair(*pair, [schema.ids[label]] if holds else []))
        examples.append(Example(text, mentions, pairs, competitors or [NIL], competitors, source))
    return examples


def _typed(text: str, span: tuple[int, int], found: list[Mention], fallback: str) -> Mention:
    if text[slice(*span)].lower() in PRONOUNS:
        return (*span, "PRON")
    kinds = [kind for start, end, kind in found if start < span[1] and span[0] < end]
    return (*span, kinds[0] if kinds else fallback)


def _conll04(folder: Path, schema: Schema, detect: Detect, generator: random.Random, limit: int) -> list[Example]:
    examples, rows = [], []
    negatives = [NIL, *sorted(schema.ids[label] for label in CONLL04_RELATIONS.values())]
    for line in [*(folder / "train.txt").read_text().splitlines(), "#doc"]:
        if line.startswith("#doc"):
            if rows:
                examples.append(_conll04_example(rows, schema, negatives))
            rows = []
        elif line.strip():
            rows.append(line.split("\t"))
    return [example for example in examples if example.pairs]


def _conll04_example(rows: list[list[str]], schema: Schema, negatives: list[int]) -> Example:
    """One sentence; a row is index, word, BIO tag, relation names, indices of the objects' last words."""
    text, spans = join_with_spaces([row[1] for row in rows])
    mentions: list[Mention] = []
    of_last_word: dict[int, int] = {}
    for index, row in enumerate(rows):
        if row[2].startswith("B-"):
            last = index
            while last + 1 < len(rows) and rows[last + 1][2].startswith("I-"):
                last += 1
            of_last_word[last] = len(mentions)
            mentions.append((spans[index][0], spans[last][1], CONLL04_TYPES[row[2][2:]]))
    facts = {}
    for index, row in enumerate(rows):
        for name, target in zip(ast.literal_eval(row[3]), ast.literal_eval(row[4])):
            if name in CONLL04_RELATIONS and index in of_last_word and target in of_last_word:
                facts[(of_last_word[index], of_last_word[target])] = schema.ids[CONLL04_RELATIONS[name]]
    pairs = [Pair(subject, object_, [facts[(subject, object_)]] if (subject, object_) in facts else [])
             for subject in range(len(mentions)) for object_ in range(len(mentions)) if subject != object_]
    return Example(text, mentions, pairs, negatives, negatives, "CoNLL04")
