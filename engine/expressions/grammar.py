"""From words to a tree: which syntax is allowed, and how much of it.

The tree is made of the node classes of Python's `ast`, because simpleeval walks those; but it is
built here, node by node, from our own grammar, so nothing that is not written below can be in it:
no attribute access, subscript, keyword argument, lambda, comprehension or power. A dotted name
(`account.level`) is ONE name.

    or < and < not < = <> < <= > >= in, not in < & < + - < * / < unary minus < call, name, literal

Comparisons don't chain. Depth counts tree levels; chains of `and`, `or` and `&` are one level.
Limits are those measured in the security study: with them the work is linear in the nodes.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from engine.expressions.tokens import Token, fail, split

MAX_NODES = 400
MAX_DEPTH = 40
MAX_ARGUMENTS = 40

_OR, _AND, _NOT, _COMPARE, _JOIN, _ADD, _MULTIPLY, _UNARY = range(1, 9)
_POWER = {
    "or": _OR, "and": _AND, "in": _COMPARE, "not": _COMPARE, "=": _COMPARE, "<>": _COMPARE,
    "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE, "&": _JOIN, "+": _ADD,
    "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY,
}  # fmt: skip
_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq, "<>": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE,
    "in": ast.In, "not in": ast.NotIn,
}  # fmt: skip
_ARITHMETIC: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div,
}  # fmt: skip
_LITERALS = {"true": True, "false": False, "null": None}


def parse(text: str) -> ast.expr:
    """The tree of an expression, not yet checked for names and kinds; raises Invalid.

    Every node's `col_offset` is the offset of the word it comes from.
    """
    tokens = split(text)
    if tokens[0].kind == "end":
        fail("empty", 0)
    parser = _Parser(tokens)
    tree = parser.expression(0)
    parser.finish()
    return tree


def call(name: str, arguments: Sequence[ast.expr], offset: int) -> ast.Call:
    """A call node."""
    func = ast.Name(id=name, ctx=ast.Load(), lineno=1, col_offset=offset)
    return ast.Call(func=func, args=list(arguments), keywords=[], lineno=1, col_offset=offset)


def constant(value: object, offset: int) -> ast.Constant:
    """A literal; unlike Python's own, it may be a Decimal, a date, a moment or an id."""
    node = ast.Constant(value=None, lineno=1, col_offset=offset)
    node.__dict__["value"] = value
    return node


class _Parser:
    """Precedence climbing over the words; the recursion is bounded by MAX_DEPTH."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.nodes = 0
        self.nesting = 0
        self.depths: dict[ast.expr, int] = {}
        self.grouped: set[ast.expr] = set()

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def at(self, *words: str) -> bool:
        return self.token.kind in ("sign", "keyword") and self.token.value in words

    def expect(self, word: str, opened: Token) -> None:
        if self.at(word):
            self.position += 1
        elif self.token.kind == "end":
            fail("bracket_open", opened.offset, bracket=opened.value)
        else:
            fail("expected", self.token.offset, expected=word, found=self.shown())

    def shown(self) -> str:
        token = self.token
        return f'"{token.value}"'[:40] if token.kind == "text" else str(token.value)[:40]

    def finish(self) -> None:
        if self.token.kind != "end":
            code = "bracket_extra" if self.at(")", "]") else "unexpected"
            fail(code, self.token.offset, found=self.shown())

    def made(self, node: ast.expr, children: Sequence[ast.expr]) -> ast.expr:
        """Count a new node; raises Invalid over the limits."""
        depth = 1 + max((self.depths[child] for child in children), default=0)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            fail("too_many_nodes", node.col_offset, limit=MAX_NODES)
        if depth > MAX_DEPTH:
            fail("too_deep", node.col_offset, limit=MAX_DEPTH)
        self.depths[node] = depth
        return node

    def expression(self, power: int) -> ast.expr:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            fail("too_deep", self.token.offset, limit=MAX_DEPTH)
        left = self.prefix()
        while self.token.kind in ("sign", "keyword"):
            word = str(self.token.value)
            binding = _POWER.get(word, 0)
            if binding <= power:
                break
            left = self.infix(left, word, binding)
        self.nesting -= 1
        return left

    def prefix(self) -> ast.expr:
        token = self.take()
        if token.kind in ("number", "text"):
            return self.made(constant(token.value, token.offset), ())
        if token.kind == "name":
            return self.named(token)
        if token.kind == "end":
            fail("incomplete", token.offset)
        word = str(token.value)
        if word in _LITERALS:
            return self.made(constant(_LITERALS[word], token.offset), ())
        if word in ("(", "["):
            return self.bracketed(token)
        if word in ("and", "or") and self.at("("):
            return self.named(token)
        if word in ("-", "+", "not"):
            operator = {"-": ast.USub, "+": ast.UAdd, "not": ast.Not}[word]()
            operand = self.expression(_NOT if word == "not" else _UNARY)
            node = ast.UnaryOp(op=operator, operand=operand, lineno=1, col_offset=token.offset)
            return self.made(node, (operand,))
        return fail("unexpected", token.offset, found=word)

    def named(self, token: Token) -> ast.expr:
        """A name, or a call where a bracket follows. Functions don't care for case."""
        name = str(token.value)
        if not self.at("("):
            node = ast.Name(id=name, ctx=ast.Load(), lineno=1, col_offset=token.offset)
            return self.made(node, ())
        if "." in name:
            fail("method", token.offset, name=name)
        opened = self.take()
        arguments = self.items(")", opened)
        if len(arguments) > MAX_ARGUMENTS:
            fail("too_many_arguments", token.offset, name=name, limit=MAX_ARGUMENTS)
        return self.made(call(name.lower(), arguments, token.offset), arguments)

    def bracketed(self, opened: Token) -> ast.expr:
        """A grouping, or a list: `("a", "b")` and `["a", "b"]` are the same."""
        closing = ")" if opened.value == "(" else "]"
        items = self.items(closing, opened)
        if closing == ")" and len(items) == 1:
            self.grouped.add(items[0])
            return items[0]
        if closing == ")" and not items:
            fail("empty_brackets", opened.offset)
        return self.listed(items, opened.offset)

    def listed(self, items: list[ast.expr], offset: int) -> ast.expr:
        return self.made(
            ast.List(elts=items, ctx=ast.Load(), lineno=1, col_offset=offset), items
        )

    def items(self, closing: str, opened: Token) -> list[ast.expr]:
        if self.at(closing):
            self.take()
            return []
        found = [self.expression(0)]
        while self.at(","):
            self.take()
            found.append(self.expression(0))
        self.expect(closing, opened)
        return found

    def infix(self, left: ast.expr, word: str, binding: int) -> ast.expr:
        token = self.take()
        place = {"lineno": 1, "col_offset": token.offset}
        if word in ("and", "or", "&"):
            return self.chain(left, word, binding, token.offset)
        if word in _ARITHMETIC:
            right = self.expression(binding)
            operation = ast.BinOp(left=left, op=_ARITHMETIC[word](), right=right, **place)
            return self.made(operation, (left, right))
        if word == "not":
            if not self.at("in"):
                fail("expected", self.token.offset, expected="in", found=self.shown())
            self.take()
            word = "not in"
        right = self.expression(binding)
        if word.endswith("in") and not isinstance(right, ast.List) and right in self.grouped:
            right = self.listed([right], right.col_offset)  # `x in ("a")`
        if self.token.kind in ("sign", "keyword") and _POWER.get(str(self.token.value)) == binding:
            fail("chained", self.token.offset, found=self.shown())
        node = ast.Compare(left=left, ops=[_COMPARISONS[word]()], comparators=[right], **place)
        return self.made(node, (left, right))

    def chain(self, left: ast.expr, word: str, binding: int, offset: int) -> ast.expr:
        """Operands of a run of `and`, `or` or `&`, as one node."""
        operands = [left, self.expression(binding)]
        while self.at(word):
            self.take()
            operands.append(self.expression(binding))
        place = {"lineno": 1, "col_offset": offset}
        if word == "&":
            return self.made(call("concat", operands, offset), operands)
        operator = ast.And() if word == "and" else ast.Or()
        return self.made(ast.BoolOp(op=operator, values=operands, **place), operands)
