"""Export of trained models as ONNX graphs (opset 17), and their int8 artefacts."""

from __future__ import annotations

from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

OPSET = 17


def export_graph(model: nn.Module, inputs: tuple[Tensor, ...], axes: dict[str, dict[int, str]],
                 outputs: dict[str, dict[int, str]], path: Path) -> None:
    """Write the fp32 graph of a model. `axes` and `outputs` name the inputs and outputs with their dynamic axes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    model.eval()
    with torch.no_grad():
        torch.onnx.export(model, inputs, str(path), input_names=list(axes), output_names=list(outputs),
                          dynamic_axes={**axes, **outputs}, opset_version=OPSET, dynamo=False)


def quantise(source: Path, target: Path, exclude: list[str] | None = None) -> None:
    """Dynamic int8: weights of matrix products per channel, embedding tables too; excluded nodes stay fp32."""
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True,
                     op_types_to_quantize=["MatMul", "Gather", "Gemm"], nodes_to_exclude=exclude or [])
