"""Holds a file as written: texts, lists and mappings, each with its position, before any key has a meaning."""

from dataclasses import dataclass

from flows.authoring.findings import FilePosition


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `body` is the position of its first character if its lines are those of the file (after a `|`)."""

    text: str
    at: FilePosition
    body: FilePosition | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: "tuple[Node, ...]"
    at: FilePosition


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping; no key occurs twice."""

    pairs: "tuple[tuple[Scalar, Node], ...]"
    at: FilePosition

    def get(self, key: str) -> "Node | None":
        """Return the value of that key; None if there is none."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = Scalar | Listing | Pairs


def kind(node: Node) -> str:
    """Return what a node is, in the words of an error."""
    if isinstance(node, Scalar):
        return "text" if node.text else "nothing"
    if isinstance(node, Listing):
        return "a list" if node.items else "an empty list"
    return "a mapping (`name: value`)" if node.pairs else "an empty mapping"
