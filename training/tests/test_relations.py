"""Label mapping, examples, passes, masks, the loss and the scores."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from neighborkb_training.mean_weights import mean_checkpoint
from neighborkb_training.neighbours import neighbour_weights
from neighborkb_training.passes import MARKERS, Noise, PassBuilder, collate
from neighborkb_training.readers import OwnSentence, Passage, parse_markup, with_pronouns
from neighborkb_training.relation_encoder import Encoded, visibility
from neighborkb_training.relation_examples import Example, Pair, merge_gold, own_example, passage_example
from neighborkb_training.schema import Canonical, Schema, read_predicates
from neighborkb_training.scoring import TextScorer
from neighborkb_training.tokens import PieceTokenizer
from neighborkb_training.train_relations import relation_loss

PREDICATES = read_predicates(Path(__file__).parents[2] / "models" / "predicates.json")
SCHEMA = Schema(PREDICATES, ["P31", "P463"])


def test_inverse_properties_are_turned_and_symmetric_ones_closed() -> None:
    canonical = Canonical(PREDICATES)
    assert canonical("P150", 1, 2) == [("P131", 2, 1)]
    assert canonical("P25", 1, 2) == [("P22", 1, 2)]
    assert canonical("P26", 1, 2) == [("P26", 1, 2), ("P26", 2, 1)]
    assert canonical("P31", 1, 2) == [("P31", 1, 2)]


def test_membership_is_employment_for_persons_alone() -> None:
    assert SCHEMA.docred_label("P54", "PER") == SCHEMA.ids["P108"]
    assert SCHEMA.docred_label("P463", "ORG") == SCHEMA.ids["P463"]
    assert SCHEMA.docred_label("P571", "PER") is None
    assert SCHEMA.docred_label("P999", "PER") is None


def test_gates_leave_pronouns_free() -> None:
    spouse = SCHEMA.ids["P26"]
    assert SCHEMA.gate(spouse, "PRON", "PER")
    assert not SCHEMA.gate(spouse, "PER", "LOC")


def test_markup_gives_text_and_spans() -> None:
    text, mentions = parse_markup("[[Ada|PER]] met [[Bob|PER]].")
    assert (text, mentions) == ("Ada met Bob.", [(0, 3, "PER"), (8, 11, "PER")])


def test_pronouns_join_the_mentions_but_the_country_does_not() -> None:
    assert with_pronouns("He left the US with her .", []) == [(0, 2, "PRON"), (20, 23, "PRON")]


def test_own_sentences_close_symmetric_facts_unless_refused() -> None:
    sentence = OwnSentence("Ada met Bob.", [(0, 3, "PER"), (8, 11, "PER")], [(0, "P26", 1)], [])
    assert [pair.labels for pair in own_example(sentence, SCHEMA).pairs] == [[SCHEMA.ids["P26"]]] * 2
    sentence.nil.append((1, 0))
    assert [pair.labels for pair in own_example(sentence, SCHEMA).pairs] == [[SCHEMA.ids["P26"]], []]


def test_an_unrelated_pair_of_a_passage_is_negative_for_the_annotated_properties_alone() -> None:
    passage = Passage("Ada met Bob.", ["SPOUSE"], [((0, 3), (8, 11), "SPOUSE")])
    example = passage_example(passage, merge_gold(passage, [(0, 7, "ORG")], SCHEMA), SCHEMA)
    assert example.mentions == [(0, 3, "ORG"), (8, 11, "PER")]
    assert example.negatives == [0, SCHEMA.ids["P26"]]
    assert [pair.labels for pair in example.pairs] == [[SCHEMA.ids["P26"]], []]


def two_pair_example() -> Example:
    return Example("Ada met Bob.", [(0, 3, "PER"), (8, 11, "PER")], [Pair(0, 1, [1]), Pair(1, 0, [])], [0, 1], None,
                   "test")


def test_a_pass_puts_markers_at_their_mentions(tokenizer: PieceTokenizer) -> None:
    row = PassBuilder(tokenizer).build([two_pair_example()])[0]
    first = tokenizer.vocabulary_size + MARKERS.index("S:PER:start")
    second = tokenizer.vocabulary_size + MARKERS.index("O:PER:start")
    assert row.ids[6:10] == [first, first + 1, second, second + 1]
    assert row.positions == [0, 1, 2, 3, 4, 5, 1, 1, 3, 3, 3, 3, 1, 1]
    assert row.segments == [0] * 6 + [1] * 4 + [2] * 4
    batch = collate([row])
    assert batch.pair_subject.tolist() == [6, 10] and batch.pair_object.tolist() == [8, 12]


def test_text_sees_text_and_a_pair_sees_text_and_itself() -> None:
    seen = visibility(torch.tensor([[0, 1, 2, -1]]))[0].tolist()
    assert seen[0] == [True, False, False, False]
    assert seen[1] == [True, True, False, False]
    assert seen[3] == [True, False, False, False]


def test_noise_masks_mentions_and_thins_unlabelled_pairs(tokenizer: PieceTokenizer) -> None:
    noise = Noise(random.Random(0), masked_mentions=1.0, random_types=0.0, kept_nil={"test": 0.0})
    row = PassBuilder(tokenizer).build([two_pair_example()], noise)[0]
    assert [pair.labels for pair in row.pairs] == [[1]]
    assert row.ids[1] == row.ids[3] == tokenizer.mask_id and row.ids[2] != tokenizer.mask_id


def test_labels_that_nobody_annotated_do_not_compete(tokenizer: PieceTokenizer) -> None:
    example = two_pair_example()
    batch = collate(PassBuilder(tokenizer).build([example]))
    logits = torch.zeros(2, 4)
    logits[1, 3] = 50.0  # not among the negatives: no loss
    expected = (torch.tensor(4.0).log() + torch.tensor(2.0).log()) / 2
    assert torch.isclose(relation_loss(logits, batch, [example]), expected)


def test_text_f1_forgives_what_is_not_annotated() -> None:
    passage = Passage("Ada met Bob.", ["SPOUSE"], [((0, 3), (8, 11), "SPOUSE")])
    example = passage_example(passage, [(0, 3, "PER"), (8, 12, "PER")], SCHEMA)
    logits = np.full((2, len(SCHEMA.labels)), -5.0, dtype=np.float32)
    logits[0, SCHEMA.ids["P26"]] = 5
    logits[1, SCHEMA.ids["P22"]] = 5
    encoded = Encoded(np.zeros((2, 4)), logits, [(0, pair) for pair in example.pairs])
    scorer = TextScorer([passage], [example], encoded, SCHEMA)
    assert scorer.score(encoded.probabilities(), 1.0)["f1"] == 1.0
    assert scorer.score(encoded.probabilities(), 1.0, exact=True)["f1"] == 0.0


def test_neighbours_weigh_equally_where_distances_are_equal() -> None:
    weights = neighbour_weights(np.array([[1.0, 1.0, 1.0]]), "rbf-variance", 0.5)
    assert np.allclose(weights, 1 / 3)


def test_the_mean_of_checkpoints_lies_between_them_and_refuses_other_models() -> None:
    def checkpoint(value: float, labels: list[str]) -> dict:
        weights = {"w": torch.full((2,), value), "places": torch.tensor([1, 2])}
        return {"averaged": weights, "labels": labels, "history": [{"epoch": 1}], "seconds": 1.0, "epochsDone": 1}

    mean = mean_checkpoint([checkpoint(1.0, ["NIL"]), checkpoint(4.0, ["NIL"])])
    assert mean["averaged"]["w"].tolist() == [2.5, 2.5]
    assert mean["averaged"]["places"].tolist() == [1, 2]
    assert [record["run"] for record in mean["history"]] == [1, 2]
    with pytest.raises(ValueError, match="different models"):
        mean_checkpoint([checkpoint(1.0, ["NIL"]), checkpoint(1.0, ["NIL", "P19"])])
