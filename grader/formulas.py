r"""Formulas of exercises: a small part of LaTeX, checked when it is read, as MathML for pages and as text elsewhere.

A run of letters is one name, as in code: `dW`, `prev`. Known are numbers, signs, `_` and `^`, `\frac{}{}`, `\sqrt{}`,
`\hat{}`, `\bar{}`, `\text{}`, and the words of WORDS. Nothing else is, so what comes out holds no other elements.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\s+|\\(?:[A-Za-z]+|[{}|,;%#])|\d+(?:\.\d+)?|[^\W\d_]+|.", re.DOTALL)
_LONGEST = 400

# What a word stands for, and whether it is a name (set as one) or a sign.
_GREEK = dict(
    zip(
        """alpha beta gamma delta epsilon eta theta kappa lambda mu nu pi rho sigma tau phi psi omega
        Delta Theta Lambda Sigma Phi Omega""".split(),
        "αβγδεηθκλμνπρστφψωΔΘΛΣΦΩ",
        strict=True,
    )
)
_FUNCTIONS = {word: word for word in "log exp max min tanh sin cos sign std mean var".split()}
_SIGNS = {
    "cdot": "·",
    "times": "×",
    "odot": "⊙",
    "sum": "∑",
    "prod": "∏",
    "leftarrow": "←",
    "to": "→",
    "sim": "∼",
    "leq": "≤",
    "geq": "≥",
    "neq": "≠",
    "approx": "≈",
    "in": "∈",
    "ldots": "…",
    "partial": "∂",
    "infty": "∞",
    "top": "T",
    "Vert": "‖",
    "pm": "±",
    "colon": ":",
    "{": "{",
    "}": "}",
    "|": "‖",
    "%": "%",
    "#": "#",
}
_SPACES = {",": " ", ";": " ", "quad": "  "}
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}
WORDS = frozenset({*_GREEK, *_FUNCTIONS, *_SIGNS, *_SPACES, *_ACCENTS, "frac", "sqrt", "text"})

_SCRIPTS = ("_", "^", "'")
_LARGE = frozenset("∑∏")
_SUPERSCRIPTS = str.maketrans("0123456789+-−()nT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿᵀ")
_SUBSCRIPTS = str.maketrans("0123456789+-−()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


class FormulaError(ValueError):
    """A formula is not written in the small part of LaTeX that is known here; the message says what is wrong."""


@dataclass(frozen=True)
class _Node:
    """kind: name, number, sign, space, text, row, frac, sqrt, accent or script. parts: of a script base, sub, super."""

    kind: str
    text: str = ""
    parts: tuple[_Node | None, ...] = ()


def check(formula: str) -> None:
    """Raise FormulaError unless `formula` can be shown."""
    _parsed(formula)


@lru_cache(maxsize=512)
def mathml(formula: str) -> str:
    """`formula` as `math` elements, each with its plain text for who cannot see it. Raises FormulaError.

    A wide space begins an element of its own: no browser breaks a line within one.
    """
    parts: list[list[_Node | None]] = [[]]
    for node in _parsed(formula).parts:
        if node is not None and node.kind == "space" and len(node.text) > 1 and parts[-1]:
            parts.append([])
        else:
            parts[-1].append(node)
    return " ".join(_math(_Node("row", parts=tuple(part))) for part in parts if part)


def _math(row: _Node) -> str:
    return f'<math displaystyle="true" alttext="{html.escape(_plain(row).strip())}">{_element(row)}</math>'


@lru_cache(maxsize=512)
def plain(formula: str) -> str:
    """`formula` in one line of text: `dW = (1/m) dZ A_prevᵀ`. Raises FormulaError."""
    return re.sub(r" {2,}", "  ", _plain(_parsed(formula))).strip()


@lru_cache(maxsize=512)
def _parsed(formula: str) -> _Node:
    if len(formula) > _LONGEST:
        raise FormulaError(f"is longer than {_LONGEST} characters")
    reader = _Reader([token for token in _TOKEN.findall(formula) if not token.isspace()], formula)
    row = reader.row("")
    if not row.parts:
        raise FormulaError("is empty")
    return row


class _Reader:
    """Takes tokens from the front; each method returns the node that begins there."""

    def __init__(self, tokens: list[str], formula: str) -> None:
        self._tokens = tokens[::-1]
        # White space is no token. Only in \text it counts, and there the formula itself is asked.
        self._texts = re.findall(r"\\text\s*\{([^{}]*)\}", formula)[::-1]

    def row(self, end: str) -> _Node:
        """Everything up to the token `end`, which is taken, too; up to the end of the formula for ""."""
        nodes: list[_Node] = []
        while self._tokens and self._tokens[-1] != end:
            if self._tokens[-1] in _SCRIPTS:
                if not nodes:
                    raise FormulaError(f"has {self._tokens[-1]} behind nothing")
                nodes.append(self._script(nodes.pop()))
            else:
                nodes.append(self._atom())
        if end and not self._tokens:
            raise FormulaError(f"has no {end} where one belongs")
        if end:
            self._tokens.pop()
        return _Node("row", parts=tuple(nodes))

    def _script(self, base: _Node) -> _Node:
        below = above = None
        while self._tokens and self._tokens[-1] in _SCRIPTS:
            match self._tokens.pop():
                case "_":
                    below = self._atom()
                case "^":
                    above = self._atom()
                case _:
                    above = _Node("name", "′")
        return _Node("script", parts=(base, below, above))

    def _atom(self) -> _Node:
        if not self._tokens:
            raise FormulaError("ends where something more belongs")
        token = self._tokens.pop()
        if token == "{":
            return self.row("}")
        if token == "}":
            raise FormulaError("has a } too much")
        if token[0] == "\\":
            return self._word(token[1:])
        if token[0].isdigit():
            return _Node("number", token)
        if token.isalpha():
            return _Node("name", token)
        return _Node("sign", {"-": "−", "*": "·"}.get(token, token))

    def _word(self, word: str) -> _Node:
        if word in _GREEK or word in _FUNCTIONS:
            return _Node("name", _GREEK.get(word) or word)
        if word in _SIGNS:
            return _Node("sign", _SIGNS[word])
        if word in _SPACES:
            return _Node("space", _SPACES[word])
        if word == "frac":
            return _Node("frac", parts=(self._atom(), self._atom()))
        if word == "sqrt":
            return _Node("sqrt", parts=(self._atom(),))
        if word == "text":
            self._atom()
            return _Node("text", self._texts.pop() if self._texts else "")
        if word in _ACCENTS:
            return _Node("accent", _ACCENTS[word], (self._atom(),))
        raise FormulaError(f"has \\{word}, which is not known; known are {', '.join(sorted(WORDS))}")


# MathML Core, as browsers show it without help.


def _element(node: _Node | None) -> str:
    if node is None:
        return "<mrow></mrow>"
    text = html.escape(node.text)
    inner = "".join(map(_element, node.parts))
    match node.kind:
        case "name":
            # Browsers set all words upright, and take single letters from another font: the style makes names alike.
            return f'<mi class="f">{text}</mi>' if node.text in _FUNCTIONS else f"<mi>{text}</mi>"
        case "number":
            return f"<mn>{text}</mn>"
        case "sign":
            return f"<mo>{text}</mo>"
        case "text":
            return f"<mtext>{text.replace(' ', '&#160;')}</mtext>"
        case "space":
            return f'<mspace width="{0.35 * len(node.text):.2f}em"></mspace>'
        case "frac":
            return f"<mfrac>{inner}</mfrac>"
        case "sqrt":
            return f"<msqrt>{inner}</msqrt>"
        case "accent":
            return f'<mover accent="true">{inner}<mo>{text}</mo></mover>'
        case "script":
            return _script_element(node)
    return f"<mrow>{inner}</mrow>"


def _script_element(node: _Node) -> str:
    base, below, above = node.parts
    assert base is not None
    under, over = ("under", "over") if base.text in _LARGE else ("sub", "sup")
    if below is not None and above is not None:
        return f"<m{under}{over}>{''.join(map(_element, node.parts))}</m{under}{over}>"
    tag = f"m{under}" if above is None else f"m{over}"
    return f"<{tag}>{_element(base)}{_element(above or below)}</{tag}>"


# Text in one line. What is set above and below each other gets parentheses where it needs them.

_LOOSE = frozenset("=<>←≤≥≠≈∼→+−·×⊙∈:")
_UNIT = re.compile(r"[\w₊₋ᵀ′]+|‖[^‖]*‖")


def _plain(node: _Node | None) -> str:
    if node is None:
        return ""
    match node.kind:
        case "frac":
            above, below = (_in_parentheses(part) for part in node.parts)
            return f"{above}/{below}"
        case "sqrt":
            return f"√({_plain(node.parts[0])})"
        case "accent":
            return _plain(node.parts[0]) + {"^": "\u0302", "¯": "\u0304", "~": "\u0303"}[node.text]
        case "script":
            base, sub, sup = node.parts
            return _plain(base) + _raised("_", sub, _SUBSCRIPTS) + _raised("^", sup, _SUPERSCRIPTS)
        case "text":
            return node.text.strip()
        case "row":
            return _plain_row(node.parts)
    return node.text


def _plain_row(parts: tuple[_Node | None, ...]) -> str:
    written = ""
    before: _Node | None = None
    for part, after in zip(parts, (*parts[1:], None), strict=True):
        assert part is not None
        text = _plain(part)
        if part.kind == "frac" and after is not None and (_is_word(after) or after.text == "("):
            text = f"({text})"
        is_unary = part.text in ("−", "+") and (before is None or before.text in (*_LOOSE, "(", ","))
        if part.kind == "sign" and part.text in _LOOSE and not is_unary:
            text = f" {text} "
        elif part.text == ",":
            text = ", "
        elif before is not None and _stand_apart(before, part):
            text = f" {text}"
        written += text
        before = part
    return written


def _stand_apart(left: _Node, right: _Node) -> bool:
    if "text" in (left.kind, right.kind):
        return True
    return _is_word(left) and (_is_word(right) or (right.text == "(" and _is_large(left)))


def _inner(node: _Node) -> _Node:
    """The node below scripts and accents."""
    inner = node.parts[0] if node.kind in ("script", "accent") else node
    return inner or node


def _is_word(node: _Node) -> bool:
    return _inner(node).kind in ("name", "number", "text", "frac", "sqrt") or _is_large(node)


def _is_large(node: _Node) -> bool:
    return _inner(node).text in _LARGE


def _in_parentheses(node: _Node | None) -> str:
    text = _plain(node)
    return text if _UNIT.fullmatch(text) else f"({text})"


def _raised(sign: str, node: _Node | None, letters: dict[int, int]) -> str:
    """A sub- or superscript by the letters that Unicode has for it; else behind `sign`."""
    if node is None:
        return ""
    text = _plain(node).replace(" ", "")
    if text == "′":
        return text
    is_word = len(text) > 1 and text.isalpha()  # letters that small are no pleasure to read
    if not is_word and all(ord(c) in letters for c in text):
        return text.translate(letters)
    return f"{sign}{text}" if text.isalnum() else f"{sign}({text})"
