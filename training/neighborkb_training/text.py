"""Pure rules on text: the casing class of a word, and joining tokens to natural text."""

from __future__ import annotations

import random
import unicodedata

CASING_CLASSES = ["none", "lower", "title", "upper", "mixed", "digit"]
"""Names of the casing classes; the index is the id that the models read."""

_NO_SPACE_BEFORE = {",", ".", ";", ":", "?", "!", ")", "]", "}", "%", "”", "’", "'s", "’s", "n't", "n’t",
                    "'m", "'re", "'ll", "'ve", "'d", "’m", "’re", "’ll", "’ve", "’d", "...", "…"}
_NO_SPACE_AFTER = {"(", "[", "{", "$", "£", "€", "#", "“", "‘", "US$"}
_DASHES = {"-", "–", "—"}
_MONTHS = {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"}


def casing_class(word: str) -> int:
    """Casing class (index into CASING_CLASSES) of a word's surface form.

    Letters without case (CJK, Arabic, ...) and punctuation are "none"; one upper letter is "title".
    Upper is Unicode category Lu or Lt, lower is Ll, digit is Nd.
    """
    upper = lower = 0
    first_is_upper = False
    for character in word:
        category = unicodedata.category(character)
        if category == "Nd":
            return 5
        if category in ("Lu", "Lt"):
            first_is_upper = first_is_upper or upper + lower == 0
            upper += 1
        elif category == "Ll":
            lower += 1
    if upper + lower == 0:
        return 0
    if upper == 0:
        return 1
    if first_is_upper and upper == 1:
        return 2
    return 3 if lower == 0 else 4


def join_with_spaces(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Text of the tokens with one space between each two, and each token's [start, end) in it."""
    return _join(tokens, [True] * len(tokens))


def detokenise(tokens: list[str], generator: random.Random) -> tuple[str, list[tuple[int, int]]]:
    """Natural text of the tokens, and each token's [start, end) in code points.

    Simple English rules; where writing varies (dashes, slashes) the generator decides.
    """
    return _join(tokens, _spaces_before(tokens, generator))


def _join(tokens: list[str], space_before: list[bool]) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    for index, token in enumerate(tokens):
        if index > 0 and space_before[index]:
            parts.append(" ")
            length += 1
        parts.append(token)
        spans.append((length, length + len(token)))
        length += len(token)
    return "".join(parts), spans


def _spaces_before(tokens: list[str], generator: random.Random) -> list[bool]:
    """Whether a space stands before each token."""
    spaces = [True] * len(tokens)
    quote_is_open = {'"': False, "'": False}
    for index, token in enumerate(tokens):
        previous = tokens[index - 1] if index > 0 else ""
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in _NO_SPACE_BEFORE or token.startswith((",", ";", ").", "),")):
            spaces[index] = False
        if token in _NO_SPACE_AFTER and following:
            spaces[index + 1] = False
        if token in quote_is_open:
            is_possessive = token == "'" and not quote_is_open["'"] and previous.endswith("s")
            closes = quote_is_open[token] or is_possessive
            if not is_possessive:
                quote_is_open[token] = not quote_is_open[token]
            if closes:
                spaces[index] = False
            elif following:
                spaces[index + 1] = False
        if _joins_both_sides(token, previous, following, generator):
            spaces[index] = spaces[index + 1] = False
    # An opening sign overrides what follows it; nothing opens before a closing sign's own rule.
    for index in range(1, len(tokens)):
        if tokens[index - 1] in _NO_SPACE_AFTER:
            spaces[index] = False
    return spaces


def _joins_both_sides(token: str, previous: str, following: str, generator: random.Random) -> bool:
    """Whether a dash, slash or ampersand is written without spaces between these two tokens."""
    if not previous or not following or not previous[-1].isalnum() or not following[0].isalnum():
        return False
    has_month = previous.lower() in _MONTHS or following.lower() in _MONTHS
    if token in _DASHES:
        both_digits = previous.isdigit() and following.isdigit()
        if both_digits:
            return generator.random() < 0.75
        if has_month or previous.isdigit() and len(previous) == 4:
            return False
        return generator.random() < (0.95 if token == "-" else 0.6)
    if token == "/":
        return generator.random() < 0.8
    if token == "&":
        return len(previous) == 1 and len(following) == 1
    return False
