"""The studies' readers, losses, marker sharing and reference scores."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from neighborkb_training.encoder import Encoder
from neighborkb_training.passes import PassBuilder, collate
from neighborkb_training.relation_examples import Example, Pair
from neighborkb_training.schema import Schema, read_predicates, without
from neighborkb_training.study.contrast import contrastive_loss
from neighborkb_training.study.contrastive_start import start_contrastively
from neighborkb_training.study.held_out import K, Pairs, _scored, _with_memory
from neighborkb_training.study.model import NEVER, StudyEncoder
from neighborkb_training.study.package import study_card
from neighborkb_training.study.recipe import RECIPES, ContrastiveStart, Recipe
from neighborkb_training.study.related import related_pools
from neighborkb_training.study.scores import Neighbours, Scored, layer_normalised, micro_f1, study_scores
from neighborkb_training.study.sets import ENTITY, StudySet, read_scierc, read_wiki80
from neighborkb_training.study.training import train
from neighborkb_training.tokens import PieceTokenizer

_CONFIG = {"vocab_size": 17, "hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 16,
           "layer_norm_eps": 1e-12, "max_position_embeddings": 64, "num_hidden_layers": 3}
_PREDICATES = read_predicates(Path(__file__).parents[2] / "models" / "predicates.json")


def _model(one_pair: bool = True, has_nil: bool = True) -> StudyEncoder:
    torch.manual_seed(0)
    model = StudyEncoder(Encoder(_CONFIG, 4, 0.0), 3, one_pair, has_nil)
    model.eval()
    return model


def _outputs(model: StudyEncoder, tokenizer: PieceTokenizer) -> tuple[torch.Tensor, torch.Tensor]:
    example = Example("ada met bob", [(0, 3, ENTITY), (8, 11, ENTITY)], [Pair(0, 1, [])], [], None, "")
    with torch.no_grad():
        return model(*collate(PassBuilder(tokenizer, [ENTITY], 1).build([example])).inputs())


def _write_scierc(folder: Path) -> None:
    document = {"sentences": [["We", "train", "parsers"], ["Parsers", "on", "trees", "win"]],
                "ner": [[[2, 2, "Method"]], [[3, 3, "Method"], [5, 5, "Material"]]],
                "relations": [[], [[3, 3, 5, 5, "USED-FOR"], [3, 3, 5, 5, "PART-OF"]]]}
    for split in ("train", "dev", "test"):
        (folder / f"{split}.json").write_text(json.dumps(document) + "\n")


def test_scierc_offsets_count_from_the_sentence_and_the_last_of_two_labels_stays(tmp_path: Path) -> None:
    _write_scierc(tmp_path)
    found = read_scierc(tmp_path)
    first, second = found.splits["dev"].examples
    assert (first.pairs, second.mentions) == ([], [(0, 7, "Method"), (11, 16, "Material")])
    assert [pair.labels for pair in second.pairs] == [[found.labels.index("PART-OF")], []]
    assert found.splits["dev"].gold == 2


def _write_wiki80(folder: Path) -> None:
    def line(tokens: list[str], relation: str) -> str:
        return json.dumps({"token": tokens, "h": {"pos": [0, 1], "type": "PERSON"}, "t": {"pos": [2, 3], "type": "UNK"},
                           "relation": relation}) + "\n"

    folder.mkdir()
    (folder / "train_1pct.txt").write_text(line(["Ada", "met", "Bob"], "spouse"))
    (folder / "train_10pct.txt").write_text("".join(line(["Ada", verb, "Bob"], relation) for verb, relation in (
        ("met", "spouse"), ("married", "spouse"), ("taught", "spouse"), ("bore", "child"), ("raised", "child"))))
    for split, verb in (("dev", "taught"), ("test", "left")):
        (folder / f"{split}.json").write_text(json.dumps(
            {"sentences": [["Ada", verb, "Bob"]], "ner": [[[0, 0, "sub"], [2, 2, "obj"]]],
             "relations": [[[0, 0, 2, 2, "spouse"]]]}) + "\n")


def test_wiki80_judges_the_related_pair_alone(tmp_path: Path) -> None:
    _write_wiki80(tmp_path / "wiki80")
    found = read_wiki80(tmp_path / "wiki80")
    assert found.labels == ["NIL", "child", "spouse"]
    for split in ("1pct", "dev"):
        example = found.splits[split].examples[0]
        assert (example.mentions, example.pairs) == ([(0, 3, ENTITY), (len(example.text) - 3, len(example.text), ENTITY)],
                                                     [Pair(0, 1, [2])])


def test_distantly_labelled_pairs_leave_out_what_is_measured_later(tmp_path: Path) -> None:
    _write_wiki80(tmp_path / "wiki80")
    (tmp_path / "redocred").mkdir()
    (tmp_path / "redocred" / "train.json").write_text("[]")
    (tmp_path / "kbp37").mkdir()
    (tmp_path / "kbp37" / "train.txt").write_text(
        '1\t"<e1> Ada </e1> works for <e2> Acme </e2> ."\norg:members(e2,e1)\n\n'
        '2\t"<e1> Acme </e1> hired <e2> Bob </e2> ."\norg:members(e1,e2)\n\n3\t"x"\nno_relation\n')
    own, docred, kbp37 = related_pools(tmp_path, read_wiki80(tmp_path / "wiki80"))
    assert {label: [example.text for example in examples] for label, examples in own.items()} == {
        "2": ["Ada met Bob", "Ada married Bob"], "1": ["Ada bore Bob", "Ada raised Bob"]}
    assert docred == {}
    assert [[example.text[start:end] for start, end, _ in example.mentions] for example in kbp37["org:members"]] == [
        ["Acme", "Ada"], ["Acme", "Bob"]]


def test_nil_is_never_likely_where_a_data_set_has_none(tokenizer: PieceTokenizer) -> None:
    with_nil = _outputs(_model(), tokenizer)[1]
    without_nil = _outputs(_model(has_nil=False), tokenizer)[1]
    assert torch.allclose(with_nil[:, 1:], without_nil[:, 1:])
    assert without_nil.softmax(-1)[0, 0] == 0 and torch.allclose(without_nil[:, 0], with_nil[:, 0] + NEVER, atol=1e-2)


def test_the_choice_of_representation_leaves_the_logits(tokenizer: PieceTokenizer) -> None:
    model = _model()
    found = {}
    for name in ("last", "second-last", "last-two", "normed"):
        model.representation = name
        found[name] = _outputs(model, tokenizer)
        assert torch.equal(found[name][1], found["last"][1])
    last, second, both, normed = (found[name][0] for name in ("last", "second-last", "last-two", "normed"))
    assert torch.allclose(both, (last + second) / 2) and torch.allclose(normed, model.norm(last))
    assert not torch.allclose(last, second)


def test_text_sees_the_markers_in_passes_of_one_pair_alone(tokenizer: PieceTokenizer) -> None:
    one_pair, all_pairs = (_outputs(_model(one_pair), tokenizer)[0] for one_pair in (True, False))
    assert not torch.allclose(one_pair, all_pairs)


def test_types_that_share_markers_are_all_in_the_card() -> None:
    data = StudySet("Set", ["NIL", "a", "b"], [ENTITY], False, {})
    card = study_card("set-seed1", data, {ENTITY: [ENTITY, "PERSON"]}, RECIPES["wiki80-1pct"], _model(), 100, 1, [], {})
    assert card["mentionTypes"] == [ENTITY, "PERSON"]
    assert card["markers"]["O:PERSON:end"] == card["markers"]["O:ENTITY:end"] == 103
    assert card["maxPairsPerPass"] == 1


def test_contrastive_loss_is_that_of_a_softmax_over_the_others() -> None:
    vectors = torch.tensor([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
    # Of the first two, each sees its like at cosine 1 and the third at 0.
    expected = -np.log(np.exp(2) / (np.exp(2) + 1))
    assert contrastive_loss(vectors, torch.tensor([1, 1, 2]), 0.5).item() == pytest.approx(expected, rel=1e-5)
    assert contrastive_loss(vectors, torch.tensor([0, 0, 2]), 0.5).item() == 0


def _sentence(verb: str, label: int) -> Example:
    text = f"ada {verb} bob"
    return Example(text, [(0, 3, ENTITY), (len(text) - 3, len(text), ENTITY)], [Pair(0, 1, [label])], [], None, "")


def test_training_learns_the_sentences_that_it_sees(tokenizer: PieceTokenizer) -> None:
    model, builder = _model(), PassBuilder(tokenizer, [ENTITY], 1)
    examples = [_sentence("met", 1), _sentence("works", 2)]
    recipe = Recipe("wiki80", "1pct", 60, ("1pct",), one_pair=True, batch=2, rate=3e-3, head_rate=1e-2, contrast=0.1)
    history: list[dict] = []
    train(model, builder, examples, recipe, 0, history.append)
    assert [record["epoch"] for record in history] == list(range(1, 61))
    model.eval()
    assert history[-1]["loss"] < history[0]["loss"] / 2
    assert [int(_logits(model, builder, example).argmax()) for example in examples] == [1, 2]


def _logits(model: StudyEncoder, builder: PassBuilder, example: Example) -> torch.Tensor:
    with torch.no_grad():
        return model(*collate(builder.build([example])).inputs())[1][0]


def test_a_contrastive_start_draws_pairs_of_one_label_together(tokenizer: PieceTokenizer) -> None:
    model, builder = _model(), PassBuilder(tokenizer, [ENTITY], 1)
    pool = {"a": [_sentence("met", 1), _sentence("met .", 1)], "b": [_sentence("works", 1), _sentence("works .", 1)]}
    recipe = ContrastiveStart(steps=150, labels=4, pairs_of_label=2, masked_mentions=0.0, rate=3e-3, head_rate=1e-2)
    record = start_contrastively(model, builder, [pool], recipe, 0)
    assert record["pools"] == [4]
    model.eval()
    with torch.no_grad():
        vectors = model.norm(model(*collate(builder.build([*pool["a"], *pool["b"]])).inputs())[0])
    unit = torch.nn.functional.normalize(vectors, dim=-1)
    cosines = unit @ unit.T
    assert min(cosines[0, 1], cosines[2, 3]) > max(cosines[0, 2], cosines[1, 3])


def test_recall_counts_over_all_gold_relations() -> None:
    assert micro_f1(np.array([1, 0, 2]), np.array([1, 1, 0]), 3) == pytest.approx(100 * 2 / 5)


def test_neighbours_vote_by_their_distance_and_alike_at_no_variance() -> None:
    memory = Scored(np.array([[0.0, 1.0], [0.0, -1.0], [3.0, 0.0]], np.float32), np.zeros((3, 3)), np.array([1, 2, 2]), 3)
    found = Neighbours(memory, Scored(np.zeros((1, 2), np.float32), np.zeros((1, 3)), np.array([1]), 1), "raw")
    assert found.votes(2, 0.1, 3).tolist() == [[0.0, 0.5, 0.5]]
    distances = np.array([1.0, 1.0, 9.0])
    weights = np.exp(-distances / (2 * distances.var() * 0.5))
    assert found.votes(3, 0.5, 3)[0, 1] == pytest.approx(weights[0] / weights.sum())


def test_settings_are_those_of_dev_and_a_useless_memory_is_left_out() -> None:
    generator = np.random.default_rng(0)
    probabilities = np.eye(3)[[1, 2] * 20].astype(np.float32)
    labels = np.array([1, 2] * 20)
    right = Scored(generator.normal(size=(40, 4)).astype(np.float32), probabilities, labels, 40)
    noise = Scored(generator.normal(size=(40, 4)).astype(np.float32), probabilities, 3 - labels, 40)
    scores = study_scores(noise, right, right, ("unit",))
    assert scores["classifier"] == {"dev": 100.0, "test": 100.0}
    assert scores["unit"]["mixed"]["lambda"] == 0.0 and scores["unit"]["mixed"]["test"] == 100.0


def test_examples_in_the_memory_teach_a_label_that_the_encoder_lacks() -> None:
    known, new = 1, 2
    near = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    classifier = np.zeros((2 * K, 3), np.float32)
    classifier[:, known] = 1  # it has no column for the new label
    labels = [[known], [new]] * K
    pairs = Pairs(np.tile(near, (K, 1)), classifier, labels)
    parts = {"train": pairs, "dev": pairs}
    assert _scored(classifier, labels, [new]) == {"new": 0.0, "known": round(200 * K / (3 * K), 2)}
    assert _with_memory(parts, [new], 0, random.Random(0))["lambda 0.7"]["new"] == 0.0
    assert _with_memory(parts, [new], K, random.Random(0))["lambda 0.7"] == {"new": 100.0, "known": 100.0}


def test_layer_normalised_rows_have_mean_zero_and_variance_one() -> None:
    rows = layer_normalised(np.array([[1.0, 2.0, 6.0]]))
    assert rows.mean() == pytest.approx(0) and rows.var() == pytest.approx(1)


def test_held_out_labels_leave_the_schema() -> None:
    schema = Schema(_PREDICATES, ["P31", "P463"])
    smaller = without(schema, ["P175", "P31"])
    assert set(schema.labels) - set(smaller.labels) == {"P175", "P31"}
    assert smaller.knowledge_net_labels == [smaller.ids[schema.labels[label]] for label in schema.knowledge_net_labels]
    with pytest.raises(ValueError, match="KnowledgeNet does not annotate"):
        without(schema, ["P26"])
    with pytest.raises(ValueError, match="a label of the schema"):
        without(schema, ["P999999"])
