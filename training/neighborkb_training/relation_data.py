"""The relation encoder's data: which examples train it in an epoch, and which evaluate it."""

from __future__ import annotations

import argparse
import random

from .encoder import load_encoder
from .mention_detector import Detect, detect, load_detector
from .readers import Mention, Passage, read_docred, read_knowledgenet, read_own_sentences, with_pronouns
from .relation_examples import Example, docred_example, merge_gold, own_example, passage_example
from .schema import Canonical, Schema, auxiliary_labels, read_predicates, without
from .tokens import PieceTokenizer


class RelationData:
    """Examples from KnowledgeNet, Re-DocRED and the project's own sentences.

    Options needed: data, base, work (with mention-detector.pt), predicates, own; held_out may be absent.
    """

    def __init__(self, options: argparse.Namespace, tokenizer: PieceTokenizer, detect_: Detect | None = None
                 ) -> None:
        """`detect_` finds mentions; without it, the detector's checkpoint does."""
        self._options = options
        predicates = read_predicates(options.predicates)
        self._canonical = Canonical(predicates)
        self._docred = options.data / "redocred"
        self._held_out = set(getattr(options, "held_out", None) or [])
        self.schema = without(Schema(predicates, auxiliary_labels(predicates, self._docred / "train.json")),
                              sorted(self._held_out))
        self.detect = detect_ or _checkpoint_detector(options, tokenizer)
        self.train_passages = read_knowledgenet(options.data / "knowledgenet" / "train.jsonl")
        self.dev_passages = read_knowledgenet(options.data / "knowledgenet" / "dev.jsonl")
        self._train_mentions: list[list[Mention]] = []
        self._dev_mentions: list[list[Mention]] = []
        self._train_sentences: list = []

    def train_examples(self, epoch: int) -> tuple[list[Example], int]:
        """Training examples of an epoch, and how many of them are own sentences."""
        if not self._train_sentences:
            self._train_sentences = read_docred(self._docred / "train.json", self._canonical)
            for sentence in self._train_sentences:  # such a pair is neither NIL nor any label
                sentence.pairs = [pair for pair in sentence.pairs if self._held_out.isdisjoint(pair[2])]
            self._train_mentions = self._candidates(self.train_passages)
        examples = [passage_example(passage, merge_gold(passage, mentions, self.schema), self.schema)
                    for passage, mentions in zip(self.train_passages, self._train_mentions)]
        examples += [docred_example(sentence, self.schema, (index + epoch) % 2 == 0, random.Random(index))
                     for index, sentence in enumerate(self._train_sentences)]
        own = self.own_examples()
        return examples + own, len(own)

    def own_examples(self) -> list[Example]:
        """Examples of the own sentences as the files are now."""
        sentences = read_own_sentences(self._options.own) if self._options.own else []
        return [own_example(sentence, self.schema) for sentence in sentences]

    def dev_examples(self, gold: bool = False) -> list[Example]:
        """KnowledgeNet dev with the detector's mentions, or with gold spans merged in."""
        if not self._dev_mentions:
            self._dev_mentions = self._candidates(self.dev_passages)
        return [passage_example(passage, merge_gold(passage, mentions, self.schema) if gold else mentions, self.schema)
                for passage, mentions in zip(self.dev_passages, self._dev_mentions)]

    def docred_dev_examples(self) -> list[Example]:
        """Re-DocRED dev with gold mentions, natural text."""
        sentences = read_docred(self._docred / "dev.json", self._canonical)
        return [docred_example(sentence, self.schema, True, random.Random(index))
                for index, sentence in enumerate(sentences)]

    def _candidates(self, passages: list[Passage]) -> list[list[Mention]]:
        """Detected mentions and pronouns of each passage."""
        texts = [passage.text for passage in passages]
        return [with_pronouns(text, mentions) for text, mentions in zip(texts, self.detect(texts))]


def _checkpoint_detector(options: argparse.Namespace, tokenizer: PieceTokenizer) -> Detect:
    model = load_detector(options.work / "mention-detector.pt", load_encoder(options.base))
    return lambda texts: detect(model, tokenizer, texts)
