"""XML from strangers: a tree of bounded size and depth. A document type is refused, and with it every entity."""

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate


def tree(text: str | bytes, *, longest: int, deepest: int) -> Element:
    """Return the root, its names as `{namespace}name`; ValueError where it is too long, too deep, or no plain XML."""
    if len(text) > longest:
        raise ValueError("longer than any such document")
    builder, parser, depth = TreeBuilder(), ParserCreate(namespace_separator="}"), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise ValueError("deeper than any such document")
        builder.start("{" + name if "}" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(text, True)
    except ExpatError as error:
        raise ValueError("no XML that can be read") from error
    return builder.close()


def _refuse(*_: object) -> NoReturn:
    raise ValueError("XML with a document type, which is not taken")
