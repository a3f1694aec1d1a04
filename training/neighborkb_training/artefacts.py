"""The exported artefacts in ONNX Runtime: the same calls as the trained models have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from .mention_detector import batches_by_length, collate as collate_texts, decode
from .passes import PassBuilder, collate
from .readers import Mention
from .relation_encoder import Encoded
from .relation_examples import Example
from .tokens import PieceTokenizer

RELATION_INPUTS = ["input_ids", "casing_ids", "position_ids", "segments", "pair_batch", "pair_subject", "pair_object"]
DETECTOR_INPUTS = ["input_ids", "casing_ids", "attention_mask"]


def open_session(model: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    """A CPU session that does not spin while it waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def encode_with(session: onnxruntime.InferenceSession, builder: PassBuilder, examples: list[Example]) -> Encoded:
    """Encode every pair of the examples; four passes a run (dynamic int8 scales depend on the batch)."""
    passes = builder.build(examples)
    representations, logits, keys = [], [], []
    for indices in batches_by_length([len(row.ids) for row in passes], 4, None):
        batch = collate([passes[index] for index in indices])
        feeds = {name: tensor.numpy() for name, tensor in zip(RELATION_INPUTS, batch.inputs())}
        vectors, scores = session.run(["representations", "logits"], feeds)
        representations.append(vectors)
        logits.append(scores)
        keys += batch.keys
    return Encoded(np.concatenate(representations), np.concatenate(logits), keys)


def detect_with(session: onnxruntime.InferenceSession, tokenizer: PieceTokenizer, texts: list[str]
                ) -> list[list[Mention]]:
    """Mentions of each text, without pronouns."""
    encoded = [tokenizer.encode(text) for text in texts]
    found: list[list[Mention]] = [[] for _ in texts]
    for batch in batches_by_length([len(pieces) for pieces in encoded], 8, None):
        tensors = collate_texts(tokenizer, [encoded[index] for index in batch])
        feeds = {name: tensor.numpy() for name, tensor in zip(DETECTOR_INPUTS, tensors)}
        logits = torch.from_numpy(session.run(["logits"], feeds)[0])
        for row, index in enumerate(batch):
            found[index] = decode(encoded[index], logits[row])
    return found
