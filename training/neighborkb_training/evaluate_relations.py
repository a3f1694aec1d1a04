"""Measure the exported relation encoder and write its scores into the card.
`python -m neighborkb_training.evaluate_relations --help`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import time
from pathlib import Path

from .artefacts import detect_with, encode_with, open_session
from .neighbours import Memory, measure
from .packages import read_card, write_card
from .passes import PassBuilder
from .relation_data import RelationData
from .relation_examples import Example
from .schema import Schema
from .scoring import RATIOS, TextScorer, relation_scores
from .tokens import PieceTokenizer

WEAK = 0.5
"""Predicates that KnowledgeNet lacks and whose F1 on Re-DocRED dev is below this are listed as weak."""

VARIANTS = {"knowledgenet labels": {}, "knowledgenet labels, gated": {"gated": True},
            "all predicates": {"among_all": True}, "all predicates, gated": {"among_all": True, "gated": True},
            "all predicates, gated, several labels": {"among_all": True, "gated": True, "several": True},
            "exact spans": {"exact": True}, "all predicates, gated, exact spans":
            {"among_all": True, "gated": True, "exact": True}}
SERVED = "all predicates, gated"
"""The variant that the product runs; the card's nilRatio is tuned on it."""


def main() -> None:
    """Evaluate, print, write the report to the work folder and the main figures to the card."""
    options = parse_options()
    tokenizer = PieceTokenizer(options.base)
    detector = open_session(options.models / "mention-detector" / "model.onnx")
    data = RelationData(options, tokenizer, lambda texts: detect_with(detector, tokenizer, texts))
    builder = PassBuilder(tokenizer)
    served = open_session(options.models / "relation-encoder" / "model.onnx")
    report = {"int8": evaluate(served, data, builder)}
    if not options.skip_fp32:
        report["fp32"] = evaluate_gated(open_session(options.work / "relation-encoder.fp32.onnx"), data, builder)
    if options.memory:
        report["memory"] = measure_memory(served, data, builder)
    (options.work / "relation-scores.json").write_text(json.dumps(report, indent=1))
    package = options.models / "relation-encoder"
    write_card(package, {**read_card(package), **card_scores(report, data.schema)})


def evaluate(session: object, data: RelationData, builder: PassBuilder) -> dict:
    """KnowledgeNet dev (detected and gold mentions) and Re-DocRED dev scores of an artefact."""
    started, result = time.time(), {}
    dev = data.dev_examples()
    encoded = encode_with(session, builder, dev)
    result["pairsPerSecond"] = round(len(encoded.keys) / (time.time() - started))
    probabilities = encoded.probabilities()
    scorer = TextScorer(data.dev_passages, dev, encoded, data.schema)
    result["text"] = {name: scorer.best(probabilities, **flags) for name, flags in VARIANTS.items()}
    ratio = result["ratio"] = scorer.lowest_good_ratio(probabilities, **VARIANTS[SERVED])
    result["text"][f"{SERVED}, at the card's c"] = scorer.score(probabilities, ratio, **VARIANTS[SERVED])
    result["properties"] = {name: scorer.by_property(probabilities, ratio, among_all=True, gated=gated)
                            for name, gated in (("gated", True), ("not gated", False))}
    print(json.dumps(result), flush=True)
    gold = plausible(data.dev_examples(gold=True))
    encoded = encode_with(session, builder, gold)
    scorer = TextScorer(data.dev_passages, gold, encoded, data.schema)
    result["text, gold mentions"] = scorer.best(encoded.probabilities(), among_all=True, gated=True)
    examples = data.docred_dev_examples()
    encoded = encode_with(session, builder, examples)
    probabilities = encoded.probabilities()
    result["docred"] = relation_scores(encoded, probabilities, ratio, data.schema)
    result["docred, gated"] = relation_scores(encoded, probabilities, ratio, data.schema, examples)
    result["docred, best c"] = max(
        ({**relation_scores(encoded, probabilities, value, data.schema, examples)["all"], "ratio": value}
         for value in RATIOS), key=lambda score: score["f1"])
    print(json.dumps({key: result[key] for key in ("text, gold mentions", "docred, gated", "docred, best c")}),
          flush=True)
    return result


def evaluate_gated(session: object, data: RelationData, builder: PassBuilder) -> dict:
    """KnowledgeNet dev text F1 with type gates: the quick comparison of two artefacts."""
    dev = plausible(data.dev_examples())
    encoded = encode_with(session, builder, dev)
    scorer = TextScorer(data.dev_passages, dev, encoded, data.schema)
    result = {name: scorer.best(encoded.probabilities(), **flags) for name, flags in VARIANTS.items()
              if flags.get("gated")}
    print(json.dumps(result), flush=True)
    return result


def plausible(examples: list[Example]) -> list[Example]:
    """The examples without the pairs that the gates of their annotated predicates refuse."""
    return [dataclasses.replace(example, pairs=[pair for pair in example.pairs if pair.plausible])
            for example in examples]


def measure_memory(session: object, data: RelationData, builder: PassBuilder) -> dict:
    """Dev text F1 with a memory of KnowledgeNet's and Re-DocRED's training pairs (every fact, a third of the
    plausible NIL pairs), raw and at unit length."""
    generator = random.Random(0)
    examples, own = data.train_examples(0)
    examples = [dataclasses.replace(example, pairs=[
        pair for pair in example.pairs if pair.labels or pair.plausible and generator.random() < 1 / 3])
        for example in examples[:len(examples) - own]]
    encoded = encode_with(session, builder, examples)
    dev = plausible(data.dev_examples())
    queries = encode_with(session, builder, dev)
    scorer = TextScorer(data.dev_passages, dev, queries, data.schema)
    result = {}
    for name, unit in (("raw", False), ("unit length", True)):
        memory = Memory(encoded, len(data.schema.labels), unit)
        result[name] = measure(memory, queries, scorer, among_all=True, gated=True)
        print(name, json.dumps(result[name]), flush=True)
    return result


def card_scores(report: dict, schema: Schema) -> dict:
    """What the card says: scores, the tuned c, and the weak labels."""
    served = report["int8"]
    weak = [{"label": predicate.id, "f1": served["docred, gated"][predicate.id]["f1"],
             "support": served["docred, gated"][predicate.id]["support"]}
            for predicate in schema.predicates if not predicate.knowledge_net
            and served["docred, gated"][predicate.id]["f1"] < WEAK]
    scores = {"KnowledgeNet dev text F1": served["text"],
              "KnowledgeNet dev text F1, gold mentions": served["text, gold mentions"],
              "KnowledgeNet dev, by property": served["properties"]["gated"],
              "Re-DocRED dev, gold mentions, gated": served["docred, gated"],
              "note": "c and every setting were tuned on these dev splits; all figures of the int8 artefact"}
    if "fp32" in report:
        scores["the same in fp32: KnowledgeNet dev text F1"] = report["fp32"]
    if "memory" in report:
        scores["KnowledgeNet dev text F1 with a memory of the training pairs"] = report["memory"]
    return {"nilRatio": served["ratio"], "scores": scores, "weakLabels": weak}


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder of the fp32 graph and of the report")
    parser.add_argument("--models", type=Path, required=True, help="folder of the packages")
    parser.add_argument("--predicates", type=Path, required=True, help="predicates.json")
    parser.add_argument("--own", type=Path, help="folder of the project's own sentences")
    parser.add_argument("--memory", action="store_true", help="measure a memory of the training pairs too")
    parser.add_argument("--skip-fp32", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
