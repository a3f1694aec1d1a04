"""Model packages: a folder with model.onnx, tokenizer.json and card.json, put in place in one rename."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

FORMAT_VERSION = 1
BASE = {"name": "sentence-transformers/all-MiniLM-L6-v2", "license": "Apache-2.0", "parameters": 22713216}


def write_package(directory: Path, model: Path, tokenizer: Path, card: dict) -> None:
    """Write a package beside its place, then rename it into it."""
    temporary = directory.with_name(f".{directory.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    shutil.copy(model, temporary / "model.onnx")
    shutil.copy(tokenizer, temporary / "tokenizer.json")
    write_card(temporary, card)
    old = directory.with_name(f".{directory.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.rename(old)
    temporary.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def write_card(directory: Path, card: dict) -> None:
    """Write card.json with the hashes of the package's other files."""
    files = [{"path": name, "sha256": hashlib.sha256((directory / name).read_bytes()).hexdigest(),
              "bytes": (directory / name).stat().st_size} for name in ("model.onnx", "tokenizer.json")]
    temporary = directory / "card.json.new"
    temporary.write_text(json.dumps({"formatVersion": FORMAT_VERSION, **card, "files": files}, indent=2,
                                    ensure_ascii=False) + "\n")
    temporary.rename(directory / "card.json")


def read_card(directory: Path) -> dict:
    """The card without what write_card adds."""
    card = json.loads((directory / "card.json").read_text())
    return {key: value for key, value in card.items() if key not in ("formatVersion", "files")}
