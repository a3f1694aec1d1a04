"""The shared encoder: MiniLM (BERT) with casing embeddings, explicit positions and attention masks."""

from __future__ import annotations

import json
import random
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from .text import CASING_CLASSES


class PooledDropout(nn.Module):
    """Dropout by a random window of a fixed pool of masks (drawing fresh ones is slow on a CPU)."""

    _pools: dict[float, Tensor] = {}

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    def forward(self, values: Tensor) -> Tensor:
        if not self.training or self.probability == 0:
            return values
        pool = self._pool()
        count = values.numel()
        if count >= pool.numel():
            return functional.dropout(values, self.probability, True)
        start = random.randrange(0, pool.numel() - count)
        return values * pool[start:start + count].view(values.shape).to(values.dtype)

    def _pool(self) -> Tensor:
        if self.probability not in PooledDropout._pools:
            kept = (torch.rand(1 << 24) > self.probability).float() / (1 - self.probability)
            PooledDropout._pools[self.probability] = kept.to(torch.bfloat16)
        return PooledDropout._pools[self.probability]


class Layer(nn.Module):
    """One transformer layer, with explicit attention (fast backwards on a CPU, plain in ONNX)."""

    def __init__(self, config: dict, dropout: float) -> None:
        super().__init__()
        hidden, epsilon = config["hidden_size"], config["layer_norm_eps"]
        self.heads = config["num_attention_heads"]
        self.query_key_value = nn.Linear(hidden, 3 * hidden)
        self.attention_output = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, epsilon)
        self.feed_forward_in = nn.Linear(hidden, config["intermediate_size"])
        self.feed_forward_out = nn.Linear(config["intermediate_size"], hidden)
        self.output_norm = nn.LayerNorm(hidden, epsilon)
        self.dropout = PooledDropout(dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """states [batch, seq, hidden], additive bias [batch, 1, seq, seq] -> states."""
        batch, length, hidden = states.shape
        size = hidden // self.heads
        query, key, value = (self.query_key_value(states).view(batch, length, 3, self.heads, size)
                             .permute(2, 0, 3, 1, 4))
        weights = ((query * size**-0.5) @ key.transpose(-1, -2) + bias).softmax(-1).to(value.dtype)
        mixed = torch.matmul(weights, value).transpose(1, 2).reshape(batch, length, hidden)
        states = self.attention_norm(states + self.dropout(self.attention_output(mixed)))
        inner = self.feed_forward_out(functional.gelu(self.feed_forward_in(states)))
        return self.output_norm(states + self.dropout(inner))


class Encoder(nn.Module):
    """BERT encoder. Ids from the vocabulary's size upwards are marker rows."""

    def __init__(self, config: dict, markers: int, dropout: float) -> None:
        super().__init__()
        self.vocabulary_size, self.hidden_size = config["vocab_size"], config["hidden_size"]
        self.words = nn.Embedding(self.vocabulary_size, self.hidden_size)
        self.markers = nn.Embedding(max(1, markers), self.hidden_size)
        self.positions = nn.Embedding(config["max_position_embeddings"], self.hidden_size)
        self.casing = nn.Embedding(len(CASING_CLASSES), self.hidden_size)
        self.norm = nn.LayerNorm(self.hidden_size, config["layer_norm_eps"])
        self.dropout = PooledDropout(dropout)
        self.layers = nn.ModuleList(Layer(config, dropout) for _ in range(config["num_hidden_layers"]))

    def forward(self, input_ids: Tensor, casing_ids: Tensor, position_ids: Tensor, visible: Tensor) -> Tensor:
        """Last hidden states [batch, seq, hidden]; inputs as in every_layer."""
        return self.every_layer(input_ids, casing_ids, position_ids, visible)[-1]

    def every_layer(self, input_ids: Tensor, casing_ids: Tensor, position_ids: Tensor, visible: Tensor
                    ) -> list[Tensor]:
        """Hidden states [batch, seq, hidden] behind each layer; ids int64 [batch, seq]; visible bool
        [batch, seq, seq] (or [batch, 1, seq]): whether a token (row) attends to another (column)."""
        if self.words.num_embeddings > self.vocabulary_size:  # merged for export
            embedded = self.words(input_ids)
        else:
            is_word = (input_ids < self.vocabulary_size).unsqueeze(-1)
            embedded = torch.where(is_word, self.words(input_ids.clamp(max=self.vocabulary_size - 1)),
                                   self.markers((input_ids - self.vocabulary_size).clamp(min=0)))
        states = self.dropout(self.norm(embedded + self.positions(position_ids) + self.casing(casing_ids)))
        bias = (~visible).float().unsqueeze(1) * -1e4
        if torch.is_autocast_enabled("cpu"):
            bias = bias.to(torch.bfloat16)
        behind = []
        for layer in self.layers:
            states = layer(states, bias)
            behind.append(states)
        return behind

    def merge_markers(self) -> None:
        """Append the marker rows to the word table, as the exported graph has it."""
        self.words = nn.Embedding.from_pretrained(torch.cat([self.words.weight.data, self.markers.weight.data]))


def load_encoder(base: Path, markers: int = 0, dropout: float = 0.1) -> Encoder:
    """Encoder with the base's weights (config.json, model.safetensors); word and position tables frozen,
    casing rows zero, marker rows random."""
    config = json.loads((base / "config.json").read_text())
    encoder = Encoder(config, markers, dropout)
    nn.init.normal_(encoder.markers.weight, 0, 0.02)
    nn.init.zeros_(encoder.casing.weight)
    state = {"markers.weight": encoder.markers.weight.data, "casing.weight": encoder.casing.weight.data}
    state |= _converted(load_file(base / "model.safetensors"), config["num_hidden_layers"])
    encoder.load_state_dict(state)
    encoder.words.weight.requires_grad = False
    encoder.positions.weight.requires_grad = False
    return encoder


def _converted(weights: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Hugging Face BERT names to ours; the constant token type 0 goes into the positions."""
    def get(name: str) -> Tensor:
        return weights[name].float()

    state = {"words.weight": get("embeddings.word_embeddings.weight"),
             "positions.weight": get("embeddings.position_embeddings.weight")
             + get("embeddings.token_type_embeddings.weight")[0]}
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = get(f"embeddings.LayerNorm.{kind}")
        for index in range(layers):
            theirs, ours = f"encoder.layer.{index}.", f"layers.{index}."
            state[f"{ours}query_key_value.{kind}"] = torch.cat(
                [get(f"{theirs}attention.self.{part}.{kind}") for part in ("query", "key", "value")])
            for name, source in (("attention_output", "attention.output.dense"),
                                 ("attention_norm", "attention.output.LayerNorm"),
                                 ("feed_forward_in", "intermediate.dense"),
                                 ("feed_forward_out", "output.dense"), ("output_norm", "output.LayerNorm")):
                state[f"{ours}{name}.{kind}"] = get(f"{theirs}{source}.{kind}")
    return state
