"""Export a trained model as a package. `python -m neighborkb_training.export --help`."""

from __future__ import annotations

import argparse
import random
import shlex
from pathlib import Path

import torch

from . import train_mentions, train_relations
from .artefacts import DETECTOR_INPUTS, RELATION_INPUTS, detect_with, open_session
from .encoder import load_encoder
from .mention_detector import MAX_TOKENS, collate as collate_texts, load_detector
from .onnx_graphs import export_graph, quantise
from .packages import BASE, write_package
from .passes import MARKERS, MAX_PAIRS, MAX_TEXT_TOKENS, PassBuilder, collate
from .readers import ENTITY_TYPES, MENTION_TYPES, PRONOUNS, read_docred
from .relation_encoder import RelationEncoder
from .relation_examples import Example, Pair
from .schema import read_predicates
from .tagging import TAGS, span_scores
from .text import CASING_CLASSES
from .tokens import PieceTokenizer

# Two texts of different length for tracing; the words do not matter.
_TRACED = ["Ada met Bob in 1950 .", "She left ."]

_DATA = {
    "redocred": {"name": "Re-DocRED", "split": "train", "license": "MIT"},
    "knowledgenet": {"name": "KnowledgeNet", "split": "train", "license": "CC BY-SA 4.0"},
    "own": {"name": "NeighborKB general memory sentences", "split": "all", "license": "MIT"},
    "kbp37": {"name": "KBP37", "split": "train", "license": "not stated"},
    "conll04": {"name": "CoNLL04", "split": "train", "license": "not stated"},
    "wiki80": {"name": "Wiki80", "split": "train (10 %)", "license": "not stated"},
}


def main() -> None:
    """Export the chosen model."""
    options = parse_options()
    tokenizer = PieceTokenizer(options.base)
    tokenizer_file = options.work / "tokenizer.json"
    tokenizer.save(tokenizer_file)
    run = export_detector if options.model == "mention-detector" else export_relation_encoder
    card = run(options, tokenizer)
    write_package(options.models / options.model, options.work / f"{options.model}.int8.onnx", tokenizer_file, card)
    print(f"{options.models / options.model} written")


def export_detector(options: argparse.Namespace, tokenizer: PieceTokenizer) -> dict:
    """Write the detector's graphs to the work folder and measure both on Re-DocRED dev; its card."""
    checkpoint = options.work / "mention-detector.pt"
    model = load_detector(checkpoint, load_encoder(options.base))
    axes = {name: {0: "batch", 1: "seq"} for name in DETECTOR_INPUTS}
    inputs = collate_texts(tokenizer, [tokenizer.encode(text) for text in _TRACED])
    plain, small = _paths(options)
    export_graph(model, inputs, axes, {"logits": {0: "batch", 1: "seq"}}, plain)
    quantise(plain, small)
    dev = [sentence.rendered(True, random.Random(index))
           for index, sentence in enumerate(read_docred(options.data / "redocred" / "dev.json"))]
    scores = {}
    for name, path in (("fp32", plain), ("int8", small)):
        found = detect_with(open_session(path), tokenizer, [text for text, _ in dev])
        scores[name] = span_scores([mentions for _, mentions in dev], found)
        print(name, scores[name]["all"], flush=True)
    state = torch.load(checkpoint, weights_only=True)
    data = [{**_DATA["redocred"], "use": "training; dev for the scores"}]
    if state["own"]:
        data.append({**_DATA["own"], "use": f"training: {state['own']} sentences"})
    history = [{**record, "dev": record["dev"]["natural"]["all"]} for record in state["history"]]
    return {**_card(options, "mention-detector", TAGS, MAX_TOKENS, data, history),
            "decision": "tag of each word's first piece, by Viterbi under the BIO constraints",
            "pronouns": PRONOUNS, "mentionTypes": ENTITY_TYPES,
            "scores": {"Re-DocRED dev, exact typed spans": scores["int8"], "the same in fp32": scores["fp32"]["all"]}}


def export_relation_encoder(options: argparse.Namespace, tokenizer: PieceTokenizer) -> dict:
    """Write the relation encoder's graphs to the work folder; its card (evaluate_relations adds the scores)."""
    state = torch.load(options.work / "relation-encoder.pt", weights_only=True)
    model = RelationEncoder(load_encoder(options.base, len(MARKERS)), len(state["labels"]))
    model.load_state_dict(state["averaged"])
    model.encoder.merge_markers()
    examples = [Example(_TRACED[0], [(0, 3, "PER"), (8, 11, "PER")], [Pair(0, 1, []), Pair(1, 0, [])], [], None, ""),
                Example(_TRACED[1], [(0, 3, "PRON"), (4, 8, "MISC")], [Pair(0, 1, [])], [], None, "")]
    axes = {**{name: {0: "batch", 1: "seq"} for name in RELATION_INPUTS[:4]},
            **{name: {0: "pairs"} for name in RELATION_INPUTS[4:]}}
    plain, small = _paths(options)
    export_graph(model, collate(PassBuilder(tokenizer).build(examples)).inputs(), axes,
                 {"representations": {0: "pairs"}, "logits": {0: "pairs"}}, plain)
    quantise(plain, small)
    history = state["history"]
    own = [record["own"] for record in history if "own" in record]
    data = [{**_DATA["knowledgenet"], "use": "training; dev for the scores and the choice of nilRatio"},
            {**_DATA["redocred"], "use": "training; dev for the scores"},
            *([{**_DATA["own"], "use": f"training, read anew every epoch: {own} sentences"}] if any(own) else []),
            *({**_DATA[name], "use": "first phase of training"} for name in options.warm_up_sets.split(",") if name)]
    return {**_card(options, "relation-encoder", state["labels"], MAX_TEXT_TOKENS + 2 + 4 * MAX_PAIRS, data, history),
            "emittedLabels": [predicate.id for predicate in read_predicates(options.predicates)
                              if predicate.id in state["labels"]],
            "mentionTypes": MENTION_TYPES,
            "markers": {name: tokenizer.vocabulary_size + index for index, name in enumerate(MARKERS)},
            "maxTextTokens": MAX_TEXT_TOKENS, "maxPairsPerPass": MAX_PAIRS,
            "representationSize": 2 * model.encoder.hidden_size,
            "nilRatio": history[-1].get("dev", {}).get("ratio", 1.0), "weakLabels": [],
            "scores": {"KnowledgeNet dev text F1 (overlap), fp32": history[-1].get("dev")}}


def _card(options: argparse.Namespace, name: str, labels: list[str], max_tokens: int, data: list, history: list
          ) -> dict:
    descriptions = {
        "mention-detector": "finds people, organisations, places, times, numbers and other named things in English",
        "relation-encoder": "represents and classifies ordered pairs of mentions in a sentence or short passage"}
    return {"name": name, "version": "1.0.0", "kind": name, "description": descriptions[name], "base": BASE,
            "labels": labels, "hiddenSize": 384, "maxTokens": max_tokens, "lowercase": True,
            "casingClasses": CASING_CLASSES, "precision": "int8 (dynamic, per channel)", "data": data,
            "recipe": {"command": options.recipe, **_hyperparameters(options), "history": history}}


def _hyperparameters(options: argparse.Namespace) -> dict:
    """Every number of the training command, defaults included."""
    parse = train_mentions.parse_options if options.model == "mention-detector" else train_relations.parse_options
    values = vars(parse(shlex.split(options.recipe)[3:]))  # after `python -m module`
    return {name: value for name, value in values.items() if isinstance(value, (int, float)) and name != "resume"}


def _paths(options: argparse.Namespace) -> tuple[Path, Path]:
    return options.work / f"{options.model}.fp32.onnx", options.work / f"{options.model}.int8.onnx"


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=["mention-detector", "relation-encoder"])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoints; graphs are written there")
    parser.add_argument("--models", type=Path, required=True, help="folder of the packages")
    parser.add_argument("--predicates", type=Path, required=True, help="predicates.json")
    parser.add_argument("--warm-up-sets", default="kbp37,conll04,wiki80", help="as in training, for the card")
    parser.add_argument("--recipe", required=True, help="the training command, for the card")
    return parser.parse_args()


if __name__ == "__main__":
    main()
