"""Train the relation encoder. `python -m neighborkb_training.train_relations --help`."""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch
from torch import Tensor

from .mention_detector import batches_by_length
from .optimisation import AveragedWeights, autocast, make_optimiser, rate_factor, save_atomically, seed_everything
from .passes import Batch, Noise, Pass, PassBuilder, collate
from .relation_data import RelationData
from .relation_encoder import RelationEncoder, encode, new_relation_encoder
from .relation_examples import Example
from .schema import NIL
from .scoring import TextScorer
from .tokens import PieceTokenizer
from .warm_up_sets import warm_up_examples

EXCLUDED = -1e4
"""Added to the logit of a label that does not compete."""


class Trainer:
    """Steps over epochs with one learning rate schedule, which a time limit can shorten."""

    def __init__(self, options: argparse.Namespace, model: RelationEncoder, builder: PassBuilder, epochs: int) -> None:
        self.options, self.model, self.builder, self.epochs = options, model, builder, epochs
        self.optimiser = make_optimiser(model, options.rate, options.head_rate)
        self.average = AveragedWeights(model, options.average)
        self.epochs_done = 0
        self.started = time.time()

    def epoch(self, examples: list[Example]) -> dict:
        """One pass over the examples (fewer when time is up); loss, seconds and pairs per second."""
        options, started = self.options, time.time()
        noise = Noise(random.Random(options.seed * 1000 + self.epochs_done), options.masked_mentions,
                      options.random_types,
                      {"Re-DocRED": options.keep_docred_nil, "own": options.keep_own_nil,
                       "KnowledgeNet": options.keep_knowledgenet_nil},
                      options.keep_implausible)
        passes = self.builder.build(examples, noise)
        batches = batches_by_length([len(row.ids) for row in passes], options.batch, noise.generator)
        self.model.train()
        total = pairs = 0
        for step, indices in enumerate(batches):
            if not self._set_rate(step / len(batches)):
                break
            loss, count = self._step(examples, [passes[index] for index in indices])
            total, pairs = total + loss * count, pairs + count
            if step % 100 == 0:
                print(f"  step {step}/{len(batches)} loss {total / pairs:.4f} "
                      f"{pairs / (time.time() - started):.0f} pairs/s", flush=True)
        self.epochs_done += 1
        seconds = time.time() - started
        return {"loss": round(total / max(1, pairs), 4), "pairs": pairs, "seconds": round(seconds),
                "pairsPerSecond": round(pairs / seconds)}

    def time_is_up(self) -> bool:
        """Whether the time limit has passed."""
        return bool(self.options.minutes) and time.time() - self.started > 60 * self.options.minutes

    def _set_rate(self, share: float) -> bool:
        progress = (self.epochs_done + share) / self.epochs
        if self.options.minutes:
            progress = max(progress, (time.time() - self.started) / (60 * self.options.minutes))
        factor = rate_factor(min(1.0, progress), self.options.warm_up)
        for group, rate in zip(self.optimiser.param_groups, (self.options.rate, self.options.head_rate)):
            group["lr"] = rate * factor
        return progress < 1

    def _step(self, examples: list[Example], passes: list[Pass]) -> tuple[float, int]:
        batch = collate(passes)
        with autocast():
            _, logits = self.model(*batch.inputs())
        loss = relation_loss(logits.float(), batch, examples)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0, foreach=True)
        self.optimiser.step()
        self.average.update()
        return loss.item(), len(batch.keys)


def relation_loss(logits: Tensor, batch: Batch, examples: list[Example]) -> Tensor:
    """Mean cross entropy of logits [pairs, labels] against each pair's labels in equal shares (or NIL), among
    the labels that its data set annotates."""
    targets = torch.zeros_like(logits)
    excluded = torch.zeros_like(logits)
    for row, (index, pair) in enumerate(batch.keys):
        example = examples[index]
        competitors = example.competitors if pair.labels else example.negatives
        if competitors is not None:
            excluded[row] = EXCLUDED
            excluded[row, competitors] = 0
            excluded[row, pair.labels] = 0
        targets[row, pair.labels or [NIL]] = 1 / max(1, len(pair.labels))
    return -(targets * (logits + excluded).log_softmax(-1)).sum(1).mean()


def main() -> None:
    """Train, evaluating and saving the averaged weights after every epoch."""
    options = parse_options()
    seed_everything(options.seed)
    tokenizer = PieceTokenizer(options.base)
    data = RelationData(options, tokenizer)
    model = new_relation_encoder(options.base, tokenizer, len(data.schema.labels))
    builder = PassBuilder(tokenizer)
    first_phase = []
    if options.warm_up_sets:
        first_phase = warm_up_examples(options.warm_up_sets.split(","), options.data, data.schema, data.detect,
                                       options.warm_up_limit, options.seed)
    trainer = Trainer(options, model, builder, options.epochs + bool(first_phase))
    dev = data.dev_examples() if options.dev else []
    for example in dev:
        example.pairs = [pair for pair in example.pairs if pair.plausible]  # the gates refuse the others
    history: list[dict] = []
    if options.resume:
        history = resume(trainer, options.work / "relation-encoder.pt")
    elif options.init:
        state = torch.load(options.init, weights_only=True)
        model.load_state_dict(state["averaged"])
        trainer.average = AveragedWeights(model, options.average)
        history = [{"phase": "weights of an earlier run", "history": state["history"]}]
    if first_phase and not trainer.epochs_done:
        history.append({"phase": "warm-up sets", **trainer.epoch(first_phase)})
        print(history[-1], flush=True)
        trainer.average.swap()
        save(trainer, data, history, options.work / "relation-encoder.pt")
        trainer.average.swap()
    while trainer.epochs_done < trainer.epochs and not trainer.time_is_up():
        examples, own = data.train_examples(trainer.epochs_done)
        record = {"epoch": trainer.epochs_done + 1, "own": own, **trainer.epoch(examples)}
        trainer.average.swap()
        if dev:
            encoded = encode(model, builder, dev)
            scorer = TextScorer(data.dev_passages, dev, encoded, data.schema)
            record["dev"] = scorer.best(encoded.probabilities(), gated=True)
        history.append(record)
        print(record, flush=True)
        save(trainer, data, history, options.work / "relation-encoder.pt")
        trainer.average.swap()


def save(trainer: Trainer, data: RelationData, history: list[dict], path: Path) -> None:
    """Write a checkpoint; the model holds the averaged weights, the average the raw ones."""
    save_atomically({"averaged": trainer.model.state_dict(), "raw": trainer.average.values,
                     "averageSteps": trainer.average.steps, "optimiser": trainer.optimiser.state_dict(),
                     "epochsDone": trainer.epochs_done, "seconds": time.time() - trainer.started,
                     "labels": data.schema.labels, "history": history}, path)


def resume(trainer: Trainer, path: Path) -> list[dict]:
    """Load a checkpoint into the trainer; its history."""
    state = torch.load(path, weights_only=True)
    trainer.model.load_state_dict(state["averaged"])
    trainer.average.values = list(state["raw"])
    trainer.average.steps = state["averageSteps"]
    trainer.average.swap()
    trainer.optimiser.load_state_dict(state["optimiser"])
    trainer.epochs_done = state["epochsDone"]
    trainer.started = time.time() - state["seconds"]
    return state["history"]


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line (or these arguments); its defaults are the recipe of the shipped model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder with mention-detector.pt, for checkpoints")
    parser.add_argument("--predicates", type=Path, required=True, help="predicates.json")
    parser.add_argument("--own", type=Path, help="folder of the project's own sentences, read anew every epoch")
    parser.add_argument("--warm-up-sets", default="", help="sets of the first phase, e.g. kbp37,conll04,wiki80")
    parser.add_argument("--warm-up-limit", type=int, default=4000, help="at most so many examples of the first phase")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=0, help="end the schedule by then, 0 for no limit")
    parser.add_argument("--batch", type=int, default=12, help="passes a step")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate of the encoder")
    parser.add_argument("--head-rate", type=float, default=1e-3, help="learning rate of head, markers and casing")
    parser.add_argument("--warm-up", type=float, default=0.06, help="share of the schedule")
    parser.add_argument("--average", type=float, default=0.999, help="decay of the weights' moving average")
    parser.add_argument("--keep-docred-nil", type=float, default=0.5, help="share of NIL pairs kept an epoch")
    parser.add_argument("--keep-knowledgenet-nil", type=float, default=1.0, help="the same of KnowledgeNet")
    parser.add_argument("--keep-own-nil", type=float, default=0.3, help="the same of own sentences")
    parser.add_argument("--keep-implausible", type=float, default=0.1,
                        help="the same where no annotated predicate admits the types")
    parser.add_argument("--masked-mentions", type=float, default=0.15, help="share of mentions masked in a pass")
    parser.add_argument("--random-types", type=float, default=0.05, help="share of markers with a random type")
    parser.add_argument("--held-out", type=lambda value: value.split(","), default=[],
                        help="labels that the encoder must not learn, e.g. P175,P577: pairs that hold one are left out")
    parser.add_argument("--no-dev", dest="dev", action="store_false", help="no measurement after each epoch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--init", type=Path, help="checkpoint of an earlier run to start from, with a new schedule")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --work")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
