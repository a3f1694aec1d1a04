"""Train the mention detector. `python -m neighborkb_training.train_mentions --help`."""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch.nn import functional

from .encoder import load_encoder
from .mention_detector import MAX_TOKENS, MentionDetector, batches_by_length, collate, detect
from .optimisation import AveragedWeights, autocast, make_optimiser, rate_factor, save_atomically, seed_everything
from .readers import DocredSentence, Mention, read_docred, read_own_sentences
from .tagging import span_scores, tags_of
from .tokens import PieceTokenizer

Example = tuple[str, list[Mention]]


def main() -> None:
    """Train, evaluating and saving the averaged weights after every epoch."""
    options = parse_options()
    seed_everything(options.seed)
    tokenizer = PieceTokenizer(options.base)
    model = MentionDetector(load_encoder(options.base))
    train = read_docred(options.data / "redocred" / "train.json")
    dev = read_docred(options.data / "redocred" / "dev.json")
    own = [(sentence.text, sentence.mentions) for sentence in read_own_sentences(options.own)] if options.own else []
    dev_sets = {name: [sentence.rendered(natural, random.Random(index)) for index, sentence in enumerate(dev)]
                for name, natural in (("spaced", False), ("natural", True))}
    print(f"{len(train)} Re-DocRED sentences, {len(own)} own sentences, {vars(options)}", flush=True)

    optimiser = make_optimiser(model, options.rate, options.head_rate)
    average = AveragedWeights(model, options.average)
    history = []
    for epoch in range(min(options.epochs, options.stop_after)):
        started = time.time()
        loss = train_epoch(model, tokenizer, render(train, epoch) + own, optimiser, average, options, epoch)
        train_seconds = time.time() - started
        average.swap()
        scores = {name: span_scores([mentions for _, mentions in examples],
                                    detect(model, tokenizer, [text for text, _ in examples]))
                  for name, examples in dev_sets.items()}
        history.append({"epoch": epoch + 1, "loss": round(loss, 4), "seconds": round(train_seconds), "dev": scores})
        save_atomically({"averaged": model.state_dict(), "history": history, "own": len(own)},
                        options.work / "mention-detector.pt")
        average.swap()
        print(f"epoch {epoch + 1} loss {loss:.4f} {train_seconds:.0f} s "
              + " ".join(f"{name} F1 {score['all']['f1']:.4f}" for name, score in scores.items()), flush=True)
    print(json.dumps(history[-1]["dev"]))


def render(sentences: list[DocredSentence], epoch: int) -> list[Example]:
    """Each sentence as text, detokenised in one epoch of two and with spaces in the other."""
    return [sentence.rendered((index + epoch) % 2 == 0, random.Random(index * 1000 + epoch))
            for index, sentence in enumerate(sentences)]


def train_epoch(model: MentionDetector, tokenizer: PieceTokenizer, examples: list[Example],
                optimiser: torch.optim.Optimizer, average: AveragedWeights, options: argparse.Namespace,
                epoch: int) -> float:
    """One pass over the examples; the mean loss of a batch."""
    encoded = [tokenizer.encode(text) for text, _ in examples]
    tags = [tags_of(pieces, mentions) for pieces, (_, mentions) in zip(encoded, examples)]
    batches = batches_by_length([len(pieces) for pieces in encoded], options.batch, random.Random(epoch))
    base_rates = (options.rate, options.head_rate)
    model.train()
    total = 0.0
    for step, batch in enumerate(batches):
        factor = rate_factor((epoch + step / len(batches)) / options.epochs, options.warm_up)
        for group, rate in zip(optimiser.param_groups, base_rates):
            group["lr"] = rate * factor
        inputs = collate(tokenizer, [encoded[index] for index in batch])
        rows, columns, targets = [], [], []
        for row, index in enumerate(batch):
            for start, tag in zip(encoded[index].word_starts, tags[index]):
                if start < MAX_TOKENS - 2:
                    rows.append(row)
                    columns.append(start + 1)
                    targets.append(tag)
        with autocast():
            logits = model(*inputs)
        loss = functional.cross_entropy(logits[rows, columns].float(), torch.tensor(targets))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, foreach=True)
        optimiser.step()
        average.update()
        total += loss.item()
        if step % 100 == 0:
            print(f"  epoch {epoch + 1} step {step}/{len(batches)} loss {total / (step + 1):.4f}", flush=True)
    return total / len(batches)


def parse_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line (or these arguments); its defaults are the recipe of the shipped model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--own", type=Path, help="folder of the project's own labelled sentences")
    parser.add_argument("--epochs", type=int, default=8, help="length of the learning rate's schedule")
    parser.add_argument("--stop-after", type=int, default=6, help="epochs after which the schedule is cut short")
    parser.add_argument("--batch", type=int, default=16, help="sentences a step")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate of the encoder")
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--warm-up", type=float, default=0.08, help="share of the steps")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the weights' moving average")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
