"""The label schema: predicates.json, the labels of the head, and how data sets' relations map to them."""

from __future__ import annotations

import collections
import json
from dataclasses import dataclass
from pathlib import Path

NIL = 0
"""Label id of "no relation"."""

_MEMBER_OF_PROPERTIES = {"P108", "P463", "P54"}
_UNANNOTATED_IN_DOCRED = {"P169", "P551"}
MINIMUM_FACTS = 20
"""Properties of Re-DocRED with fewer training facts get no label of their own."""


@dataclass(frozen=True)
class Predicate:
    """One predicate that the product emits."""

    id: str
    covers: tuple[str, ...]
    inverses: tuple[str, ...]
    subject_types: frozenset[str]
    object_types: frozenset[str]
    symmetric: bool
    knowledge_net: str | None


class Schema:
    """Labels of the classifier: "NIL", the predicates in file order, then auxiliary Wikidata properties."""

    def __init__(self, predicates: list[Predicate], auxiliary: list[str]) -> None:
        self.predicates = predicates
        self.labels = ["NIL", *(predicate.id for predicate in predicates), *auxiliary]
        self.ids = {label: index for index, label in enumerate(self.labels)}
        self.enabled = list(range(1, len(predicates) + 1))
        """Label ids of the predicates."""
        self.symmetric = {predicate.id for predicate in predicates if predicate.symmetric}
        self.from_knowledge_net = {predicate.knowledge_net: self.ids[predicate.id]
                                   for predicate in predicates if predicate.knowledge_net}
        self.knowledge_net_labels = sorted(self.from_knowledge_net.values())

    def docred_label(self, relation: str, subject_type: str) -> int | None:
        """Label id of a canonical Re-DocRED relation; the parts of P108 hold for persons alone, P571 for others."""
        if relation == "P571" and subject_type == "PER":
            return None
        if relation in _MEMBER_OF_PROPERTIES:
            return self.ids.get("P108" if subject_type == "PER" else "P463")
        return self.ids.get(relation)

    def docred_negatives(self) -> list[int]:
        """Labels that an unrelated pair of Re-DocRED is negative for: all that its annotators knew."""
        return [index for index, label in enumerate(self.labels) if label not in _UNANNOTATED_IN_DOCRED]

    def own_negatives(self) -> list[int]:
        """Labels that an unrelated pair of the own sentences is negative for: NIL and the predicates."""
        return [NIL, *self.enabled]

    def gate(self, label: int, subject_type: str, object_type: str) -> bool:
        """Whether the predicate of a label admits these mention types; pronouns fit everywhere."""
        predicate = self.predicates[label - 1]
        return ((subject_type == "PRON" or subject_type in predicate.subject_types)
                and (object_type == "PRON" or object_type in predicate.object_types))


class Canonical:
    """Turns facts to the schema's directions: merges covered properties, reverses inverses, closes symmetry."""

    def __init__(self, predicates: list[Predicate]) -> None:
        self._merged = {other: predicate.id for predicate in predicates for other in predicate.covers
                        if other not in _MEMBER_OF_PROPERTIES}
        self._reversed = {other: predicate.id for predicate in predicates for other in predicate.inverses}
        self._symmetric = {predicate.id for predicate in predicates if predicate.symmetric}

    def __call__(self, relation: str, head: int, tail: int) -> list[tuple[str, int, int]]:
        if relation in self._reversed:
            return [(self._reversed[relation], tail, head)]
        merged = self._merged.get(relation, relation)
        both = [(merged, tail, head)] if merged in self._symmetric else []
        return [(merged, head, tail), *both]


def read_predicates(path: Path) -> list[Predicate]:
    """The predicates of predicates.json, in order."""
    return [Predicate(record["id"], tuple(record["covers"]), tuple(record["inverses"]),
                      frozenset(record["subjectTypes"]), frozenset(record["objectTypes"]), record["symmetric"],
                      record.get("knowledgeNet"))
            for record in json.loads(path.read_text())["predicates"]]


def without(schema: Schema, held_out: list[str]) -> Schema:
    """The schema without some labels, for an encoder that never saw them.

    Raises ValueError for a label that it lacks, and for one that KnowledgeNet annotates: its passages would teach it.
    """
    for label in held_out:
        if label not in schema.ids:
            raise ValueError(f"{label} to hold out: expected a label of the schema")
        if schema.ids[label] in schema.knowledge_net_labels:
            raise ValueError(f"{label} to hold out: expected a label that KnowledgeNet does not annotate")
    kept = [predicate for predicate in schema.predicates if predicate.id not in held_out]
    auxiliary = schema.labels[1 + len(schema.predicates):]
    return Schema(kept, [label for label in auxiliary if label not in held_out])


def auxiliary_labels(predicates: list[Predicate], docred: Path) -> list[str]:
    """Properties of Re-DocRED that no predicate covers, with enough facts in this (training) file, sorted."""
    canonical = Canonical(predicates)
    counts: collections.Counter[str] = collections.Counter()
    for document in json.loads(docred.read_text()):
        kinds = [vertex[0]["type"] for vertex in document["vertexSet"]]
        for fact in document["labels"]:
            for relation, head, _ in canonical(fact["r"], fact["h"], fact["t"]):
                if not (relation in _MEMBER_OF_PROPERTIES and kinds[head] == "PER"):
                    counts[relation] += 1
    known = {predicate.id for predicate in predicates}
    return sorted((label for label, count in counts.items() if count >= MINIMUM_FACTS and label not in known),
                  key=lambda label: int(label[1:]))
