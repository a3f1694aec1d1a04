"""Write docs/model-cards.md from the cards in models/. `python -m neighborkb_training.cards_page --help`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

INTRODUCTION = """# Model cards

The cards that count are `models/*/card.json`: labels, markers, base, data and licences, the recipe with every number
and the history of the training, scores, hashes. This page is what they say, for reading
(`python -m neighborkb_training.cards_page` writes it). How to train again: [training/README.md](../training/README.md).
All scores are on development sets, one seed; thresholds were chosen on the same sets.

Both models are all-MiniLM-L6-v2 (Apache-2.0; 6 layers, width 384) with a casing embedding, fine-tuned here and exported
to ONNX as int8 (dynamic, per channel), 23 MB each.
"""

DETECTOR = """## mention-detector

Finds people, organisations, places, times, numbers and other named things. Trained on Re-DocRED train and 429 of the
sentences in `memories/general/source`. Exact, typed spans on Re-DocRED dev:
"""

ENCODER = """## relation-encoder

Represents and classifies ordered pairs of mentions; all pairs of a sentence in one pass, their markers after the text.
Trained on KnowledgeNet train, Re-DocRED train and the 1,793 sentences of `memories/general/source`, after a short first
phase on KBP37, CoNLL04 and Wiki80; its weights are the mean of two runs. Each data set's NIL pairs count only against
the properties that it annotates.

KnowledgeNet dev text F1 (overlap), classifier alone, from raw text, as the training code measures it (the run time's
own figures, with the memory, are in the [README](../README.md#figures)):
"""

BY_PREDICATE = """### By predicate

KnowledgeNet: text F1 from raw text. Re-DocRED: relation F1 with gold mentions, over mention pairs of one sentence; part of
what it annotates is background knowledge that the sentence does not state. **Weak** predicates reach less than .5 on
Re-DocRED dev and are not covered by KnowledgeNet: treat what they find as suggestions.
"""

SPANS = ("all", "PER", "ORG", "LOC", "TIME", "NUM", "MISC")
SETTINGS = ("knowledgenet labels", "all predicates", "all predicates, gated",
            "all predicates, gated, several labels", "exact spans")


def main() -> None:
    """Read the cards, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("../models"))
    parser.add_argument("--out", type=Path, default=Path("../docs/model-cards.md"))
    options = parser.parse_args()
    detector, encoder = (json.loads((options.models / name / "card.json").read_text())
                         for name in ("mention-detector", "relation-encoder"))
    predicates = json.loads((options.models / "predicates.json").read_text())["predicates"]
    parts = [INTRODUCTION, DETECTOR, detector_table(detector), ENCODER, settings_table(encoder), BY_PREDICATE,
             predicates_table(encoder, predicates), "### Data and licences\n", data_table(encoder)]
    options.out.write_text("\n".join(parts))


def table(columns: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, a line end behind it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def scores(name: str, score: dict, *more: str) -> list[str]:
    """A row with F1, precision and recall."""
    return [name, *(f"{score[key]:.3f}" for key in ("f1", "precision", "recall")), *more]


def detector_table(card: dict) -> str:
    """Span scores by type."""
    by_type = card["scores"]["Re-DocRED dev, exact typed spans"]
    rows = [scores(name, by_type[name], str(by_type[name]["support"])) for name in SPANS]
    fp32 = card["scores"]["the same in fp32"]["f1"]
    return table(["type", "F1", "precision", "recall", "spans"], rows) + f"\nIn fp32: {fp32:.3f}.\n"


def settings_table(card: dict) -> str:
    """The classifier's text F1 under each way of deciding."""
    found = card["scores"]["KnowledgeNet dev text F1"]
    rows = [scores(name, found[name]) for name in SETTINGS]
    rows.append(scores("all predicates, gated, gold mentions", card["scores"]["KnowledgeNet dev text F1, gold mentions"]))
    return table(["setting", "F1", "precision", "recall"], rows)


def predicates_table(card: dict, predicates: list[dict]) -> str:
    """Both data sets' F1 of every predicate, and which are weak."""
    knowledgenet = card["scores"]["KnowledgeNet dev, by property"]
    redocred = card["scores"]["Re-DocRED dev, gold mentions, gated"]
    weak = {item["label"] for item in card["weakLabels"]}

    def cells(score: dict | None) -> list[str]:
        return [f"{score['f1']:.3f}", str(score["support"])] if score and score["support"] else ["", ""]

    rows = [[item["id"], item["name"], *cells(knowledgenet.get(item.get("knowledgeNet", ""))),
             *cells(redocred.get(item["id"])), "weak" if item["id"] in weak else ""] for item in predicates]
    over_all = redocred["all"]
    return (table(["id", "predicate", "KnowledgeNet F1", "facts", "Re-DocRED F1", "facts", ""], rows)
            + f"\nOver all of them on Re-DocRED dev: F1 {over_all['f1']:.3f}, precision {over_all['precision']:.3f}, "
              f"recall {over_all['recall']:.3f}, {over_all['support']} facts.\n{len(predicates) - len(weak)} of the "
              f"{len(predicates)} predicates are covered by KnowledgeNet or reach .5; {len(weak)} are weak.\n")


def data_table(card: dict) -> str:
    """What the encoder was trained and measured on."""
    rows = [[item["name"], item["split"], item["license"], item["use"].split(": [")[0]] for item in card["data"]]
    return table(["data", "split", "licence", "use"], rows)


if __name__ == "__main__":
    main()
