"""Golden values that other runtimes are held to. `python -m neighborkb_training.parity --help`.

Texts are the project's own sentences with their gold mentions. Each sentence is one pass of the relation
encoder and one run of the detector, alone in its batch (dynamic int8 scales depend on the batch).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from .artefacts import detect_with, encode_with, open_session
from .passes import PassBuilder
from .readers import Mention, OwnSentence, read_own_sentences
from .relation_examples import own_example
from .schema import Schema, read_predicates
from .tokens import PieceTokenizer

COMPONENTS = [0, 101, 202, 303, 384, 485, 586, 767]
"""Components of the representation that are kept."""


def main() -> None:
    """Write the goldens and print how far int8 and fp32 agree."""
    options = parse_options()
    tokenizer = PieceTokenizer(options.base)
    package = options.models / "relation-encoder"
    labels = json.loads((package / "card.json").read_text())["labels"]
    predicates = read_predicates(options.predicates)
    schema = Schema(predicates, labels[len(predicates) + 1:])
    builder = PassBuilder(tokenizer)
    sessions = {"int8": open_session(package / "model.onnx", 1),
                "fp32": open_session(options.work / "relation-encoder.fp32.onnx", 1)}
    detector = open_session(options.models / "mention-detector" / "model.onnx", 1)
    sentences = evenly_spaced(read_own_sentences(options.own), options.sentences)
    entries = [golden_entry(sentence, schema, tokenizer, builder, sessions, detector, options.pairs)
               for sentence in sentences]
    hashes = {name: hashlib.sha256((options.models / name / "model.onnx").read_bytes()).hexdigest()
              for name in ("mention-detector", "relation-encoder")}
    golden = {"about": "made by training/neighborkb_training/parity.py; spans in UTF-16 units; tokenIds without "
                       "[CLS] and [SEP]; casing one a word; one pass a sentence with its pairs in this order; "
                       "labels are ids of the card's list",
              "models": hashes, "components": COMPONENTS, "sentences": entries}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("{" + ",\n".join(
        f"{json.dumps(key)}: " + (json.dumps(value, ensure_ascii=False) if key != "sentences" else
                                  "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
                                                     for entry in value) + "\n]")
        for key, value in golden.items()) + "}\n")
    pairs = [pair for entry in entries for pair in entry["pairs"]]
    same = sum(pair["fp32Label"] == pair["int8Label"] for pair in pairs)
    print(f"{len(entries)} sentences, {len(pairs)} pairs, int8 and fp32 labels equal in {same / len(pairs):.4f}")


def evenly_spaced(sentences: list[OwnSentence], count: int) -> list[OwnSentence]:
    """At most `count` of the sentences, spread over all files."""
    step = max(1.0, len(sentences) / count)
    return [sentences[int(index * step)] for index in range(min(count, len(sentences)))]


def golden_entry(sentence: OwnSentence, schema: Schema, tokenizer: PieceTokenizer, builder: PassBuilder,
                 sessions: dict, detector: object, limit: int) -> dict:
    """One sentence's golden values; facts first, then hard negatives, then other pairs, up to the limit."""
    example = own_example(sentence, schema)
    example.pairs = sorted(example.pairs, key=lambda pair: (not pair.labels, not pair.kept))[:limit]
    pieces = tokenizer.encode(sentence.text)
    entry = {"text": sentence.text, "tokenIds": pieces.ids,
             "casing": [pieces.casing_ids[start] for start in pieces.word_starts],
             "mentions": in_utf16(sentence.text, example.mentions),
             "detected": in_utf16(sentence.text, detect_with(detector, tokenizer, [sentence.text])[0]), "pairs": []}
    if not example.pairs:
        return entry
    exact, served = (encode_with(sessions[name], builder, [example]) for name in ("fp32", "int8"))
    for row, (_, pair) in enumerate(served.keys):
        vector = served.representations[row]
        entry["pairs"].append({
            "subject": pair.subject, "object": pair.object, "fp32Label": int(exact.logits[row].argmax()),
            "int8Label": int(served.logits[row].argmax()),
            "int8Margin": round(float(np.diff(np.sort(served.logits[row])[-2:])[0]), 4),
            "components": [round(float(vector[index]), 5) for index in COMPONENTS],
            "norm": round(float(np.linalg.norm(vector)), 5)})
    return entry


def in_utf16(text: str, mentions: list[Mention]) -> list[list]:
    """[start, end, type] of mentions in UTF-16 units."""
    def units(position: int) -> int:
        return len(text[:position].encode("utf-16-le")) // 2

    return [[units(start), units(end), kind] for start, end, kind in mentions]


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder of the fp32 graph")
    parser.add_argument("--models", type=Path, required=True, help="folder of the packages")
    parser.add_argument("--predicates", type=Path, required=True, help="predicates.json")
    parser.add_argument("--own", type=Path, required=True, help="folder of the project's own sentences")
    parser.add_argument("--out", type=Path, required=True, help="the golden file")
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=6, help="pairs of a sentence")
    return parser.parse_args()


if __name__ == "__main__":
    main()
