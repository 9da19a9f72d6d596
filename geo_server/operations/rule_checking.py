"""Whether the rules and masks of a camera are such that its functions take them; pure."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from geo_server.operations.checking import Fault
from geo_server.operations.functions import functions
from geo_server.operations.rule_fitting import NOT_KNOWN, Fitting, mask_misfits, rule_misfits
from layers.values import Title

TOLD_AT_MOST = 50
_KINDS = {
    "array": ("тізім", "список", "a list"),
    "boolean": ("иә немесе жоқ", "да или нет", "yes or no"),
    "integer": ("бүтін сан", "целое число", "a whole number"),
    "number": ("сан", "число", "a number"),
    "null": ("ештеңе", "ничего", "nothing"),
    "object": ("атаулы мәндер", "именованные значения", "values by name"),
    "string": ("мәтін", "текст", "a text"),
}

_SENTENCES = {
    "required": ("{} көрсетілмеген.", "Не указано: {}.", "{} is missing."),
    "additionalProperties": ("Мұндай баптау жоқ: {}.", "Такой настройки нет: {}.", "There is no such setting: {}."),
    "type": ("Күтілгені: {}.", "Ожидалось: {}.", "{} is expected."),
    "anyOf": ("Күтілгені: {}.", "Ожидалось: {}.", "{} is expected."),
    "enum": ("Мүмкін мәндер: {}.", "Возможные значения: {}.", "It is one of: {}."),
    "minimum": ("{} мәнінен кем емес.", "Не меньше {}.", "It is not below {}."),
    "exclusiveMinimum": ("{} мәнінен артық.", "Больше {}.", "It is above {}."),
    "maximum": ("{} мәнінен артық емес.", "Не больше {}.", "It is not above {}."),
    "exclusiveMaximum": ("{} мәнінен кем.", "Меньше {}.", "It is below {}."),
    "uniqueItems": ("Мәндер әртүрлі болуы керек.", "Значения должны различаться.", "Its values differ."),
    "minItems": ("Кемінде {} мән керек.", "Нужно не меньше {} значений.", "It has {} values or more."),
    "maxItems": ("Ең көбі {} мән.", "Не больше {} значений.", "It has {} values at most."),
    "maxLength": ("Ең көбі {} әріп.", "Не больше {} букв.", "It has {} letters at most."),
    "other": ("Мұндай мән жарамайды.", "Такое значение не подходит.", "Such a value does not fit."),
}


def rule_faults(rules: Sequence[Any], masks: Sequence[Any], camera: Fitting = NOT_KNOWN) -> tuple[Fault, ...]:
    """Return what is wrong with rules and masks, each by its place: `rules[0].settings.zone`; 50 faults at most.

    First their shape, then whether they fit the camera; what stands in its row already is not asked anew.
    """
    of_rules = (
        fault
        for index, rule in enumerate(rules)
        if rule not in camera.rules
        for fault in _of_rule(f"rules[{index}]", rule, camera)
    )
    of_masks = (
        fault
        for index, mask in enumerate(masks)
        if mask not in camera.masks
        for fault in _of_mask(f"masks[{index}]", mask, camera)
    )
    return tuple(islice(chain(of_rules, of_masks), TOLD_AT_MOST))


def uncovers(before: Sequence[Any], given: Sequence[Any] | None, *, turns: bool = False) -> bool:
    """Say whether other masks would leave bare what a privacy mask hides from people now; more masks hide more.

    But for the first one in a view of a camera that turns: until then that view was hidden whole.
    """
    if given is None or not (had := _private(before)):
        return False
    has = _private(given)
    shown = {preset for _, preset in has} - {preset for _, preset in had}
    return any(one not in has for one in had) or (turns and bool(shown - {None}))


def _private(masks: Sequence[Any]) -> list[tuple[Any, str | None]]:
    """Return what hides from people, and in which view; a row that was written before its check may hold anything."""
    found = [mask for mask in masks if isinstance(mask, Mapping) and mask.get("kind") == "privacy"]
    return [(mask.get("polygon"), mask.get("preset")) for mask in found]


def _of_mask(where: str, mask: Any, camera: Fitting) -> Iterator[Fault]:
    faults = list(_shape(where, mask, _validator("mask")))
    yield from faults or mask_misfits(where, mask, camera)


def _of_rule(where: str, rule: Any, camera: Fitting) -> Iterator[Fault]:
    faults = list(_shape(where, rule, _validator("rule")))
    yield from faults
    if faults:
        return
    name, known = rule["function"], functions().functions
    if name not in known:
        names = ", ".join(known)
        yield _fault(
            f"{where}.function",
            f"Мұндай функция жоқ; бары: {names}.",
            f"Такой функции нет; есть: {names}.",
            f"There is no such function; there are {names}.",
        )
        return
    faults = list(_of_settings(f"{where}.settings", rule.get("settings", {}), name))
    yield from faults or rule_misfits(where, rule, camera)


def _of_settings(where: str, settings: Any, function: str) -> Iterator[Fault]:
    faults = list(_shape(where, settings, _validator(function)))
    yield from faults
    if faults:
        return
    for name, needs in functions().functions[function].goes_with.items():
        if name in settings and any(settings.get(other, usual) != value for other, (value, usual) in needs.items()):
            told = ", ".join(f"{other}: {value}" for other, (value, _) in needs.items())
            yield _fault(
                f"{where}.{name}",
                f"Бұл баптау тек мынамен бірге ескеріледі: {told}.",
                f"Эта настройка учитывается только вместе с {told}.",
                f"This setting is looked at only with {told}.",
            )


@cache
def _validator(name: str) -> Draft202012Validator:
    known = functions()
    shapes: Mapping[str, Mapping[str, Any]] = {"rule": known.rule, "mask": known.mask}
    shape = shapes[name] if name in shapes else known.functions[name].settings
    return Draft202012Validator(dict(shape))


def _shape(where: str, told: Any, validator: Draft202012Validator) -> Iterator[Fault]:
    try:
        yield from (_told(where, error) for error in validator.iter_errors(told))
    except ValueError:  # nested deeper than any rule
        yield _fault(where, "Оқылмайды.", "Не читается.", "It cannot be read.")


def _told(where: str, error: ValidationError) -> Fault:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
    kind = _nearest(error).kind
    return Fault(where=f"{where}{steps}"[:200], problem=_problem(kind.name, kind.as_dict()))


def _nearest(error: ValidationError) -> ValidationError:
    """Return what is wrong with a value that has the type of one of several shapes, and not what the others ask for."""
    several = error.kind.as_dict().get("context", ())
    return next((below[0] for below in several if below and below[0].kind.name != "type"), error)


def _problem(name: str, kind: Mapping[str, Any]) -> Title:
    """Return the sentence of a fault: the keyword of JSON Schema that it breaks, and what that asks for."""
    asked = _asked(kind)
    kk, ru, en = _SENTENCES.get(name, _SENTENCES["other"])
    return Title(kk=kk.format(asked[0]), ru=ru.format(asked[1]), en=en.format(asked[2]))


def _asked(kind: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what the keyword asks for, in the three languages."""
    if "types" in kind:
        return _either(kind["types"])
    if "context" in kind:
        return _either(
            [one for below in kind["context"] for error in below for one in error.kind.as_dict().get("types", ())]
        )
    plain = kind.get("property", kind.get("limit"))
    listed = kind.get("options", kind.get("unexpected"))
    told = str(plain) if listed is None else ", ".join(map(str, listed))[:200]
    return told, told, told


def _either(types: Sequence[str]) -> tuple[str, str, str]:
    words = [_KINDS.get(one, (one, one, one)) for one in types]
    kk, ru, en = ([word[n] for word in words] for n in range(3))
    return " / ".join(kk), " или ".join(ru), " or ".join(en)


def _fault(where: str, kk: str, ru: str, en: str) -> Fault:
    return Fault(where=where, problem=Title(kk=kk, ru=ru, en=en))
