"""Packages of the studies' encoders, which the product opens like its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from ..artefacts import RELATION_INPUTS
from ..onnx_graphs import export_graph, quantise
from ..packages import BASE, write_package
from ..passes import MAX_PAIRS, MAX_TEXT_TOKENS, PassBuilder, collate, marker_names
from ..relation_examples import Example, Pair
from ..text import CASING_CLASSES
from ..tokens import PieceTokenizer
from .model import StudyEncoder
from .recipe import Recipe
from .sets import StudySet

# Two texts of different length for tracing; the words do not matter.
_TRACED = ["Ada met Bob in 1950 .", "Ada left Bob ."]


def export_package(model: StudyEncoder, tokenizer: PieceTokenizer, kinds: list[str], graph: Path, package: Path,
                   card: dict) -> None:
    """Write the fp32 graph (`graph`.fp32.onnx) and the int8 one, and the package. Merges the model's marker rows
    into its word table: the model goes on working, but cannot be trained further."""
    if model.encoder.words.num_embeddings == model.encoder.vocabulary_size:
        model.encoder.merge_markers()
    builder = PassBuilder(tokenizer, kinds, 1 if model.one_pair else MAX_PAIRS)
    ends = ((0, 3, kinds[0]), (8, 11, kinds[-1])), ((0, 3, kinds[-1]), (9, 12, kinds[0]))
    examples = [Example(text, list(mentions), [Pair(0, 1, []), Pair(1, 0, [])], [], None, "")
                for text, mentions in zip(_TRACED, ends)]
    axes = {**{name: {0: "batch", 1: "seq"} for name in RELATION_INPUTS[:4]},
            **{name: {0: "pairs"} for name in RELATION_INPUTS[4:]}}
    graph.parent.mkdir(parents=True, exist_ok=True)
    plain, small, tokens = (graph.with_name(graph.name + ending)
                            for ending in (".fp32.onnx", ".int8.onnx", ".tokenizer.json"))
    export_graph(model, collate(builder.build(examples)).inputs(), axes,
                 {"representations": {0: "pairs"}, "logits": {0: "pairs"}}, plain)
    quantise(plain, small)
    tokenizer.save(tokens)
    write_package(package, small, tokens, card)


def study_card(name: str, data: StudySet, kinds: dict[str, list[str]], recipe: Recipe, model: StudyEncoder,
               vocabulary_size: int, seed: int, history: list[dict], scores: dict) -> dict:
    """Card of a study's encoder. `kinds`: the mention types that share each type's markers, itself among them."""
    rows = marker_names(data.kinds)
    markers = {row.replace(f":{kind}:", f":{alias}:"): vocabulary_size + index
               for index, row in enumerate(rows) for kind in [row.split(":")[1]] for alias in kinds[kind]}
    pairs = 1 if model.one_pair else MAX_PAIRS
    return {"name": name, "version": "1.0.0", "kind": "relation-encoder",
            "description": f"study encoder: represents and classifies ordered pairs of mentions as {data.name} does",
            "base": BASE, "labels": data.labels, "emittedLabels": data.labels[1:], "hiddenSize": 384,
            "maxTokens": MAX_TEXT_TOKENS + 2 + 4 * pairs, "lowercase": True, "casingClasses": CASING_CLASSES,
            "precision": "int8 (dynamic, per channel)",
            "data": [{"name": data.name, "split": recipe.train, "license": "not stated", "use": "training"}],
            "recipe": {"command": f"python -m neighborkb_training.study {name.rsplit('-seed', 1)[0]} --seeds {seed}",
                       **asdict(recipe), "seed": seed, "history": history},
            "mentionTypes": [alias for kind in data.kinds for alias in kinds[kind]], "markers": markers,
            "maxTextTokens": MAX_TEXT_TOKENS, "maxPairsPerPass": pairs, "representationSize": 768,
            "representation": model.representation, "nilRatio": 1.0, "weakLabels": [], "scores": scores}
