"""What is wrong with the settings, said in one sentence a person can act on."""

from pydantic import ValidationError


def sentence(error: ValidationError, prefix: str) -> str:
    """Say each fault by the name of its variable; no value is repeated, for one of them holds a password."""
    return " ".join(_one(fault["loc"], fault["msg"], prefix) for fault in error.errors(include_input=False))


def _one(where: tuple[int | str, ...], what: str, prefix: str) -> str:
    said = what.removeprefix("Value error, ").rstrip(".")
    names = ".".join(str(part) for part in where)
    return f"{prefix}{names.upper()} is wrong: {said[0].lower()}{said[1:]}." if names else f"{said}."
