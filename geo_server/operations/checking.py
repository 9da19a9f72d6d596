"""Whether a content of plans holds together: each fault is one sentence with where it is."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from geo_server.operations import content as written
from geo_server.operations.content import Content, Regime
from layers.values import Service, Title

OTHER = "other"  # what a category that nobody keeps any more is answered as
TOLD_AT_MOST = 50  # faults; whoever made more has one cause for many
_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
_LISTS: dict[str, Any] = {
    "groups": written.Titled,
    "categories": written.Category,
    "questions": written.Question,
    "checklists": written.Checklist,
    "recipients": written.Titled,
    "times": written.Moment,
    "reactions": written.Reaction,
    "regimes": written.RegimeEntry,
    "plans": written.Plan,
}
_WORDS = {
    "group": Title(kk="топ", ru="группа", en="group"),
    "category": Title(kk="санат", ru="категория", en="category"),
    "question": Title(kk="сұрақ", ru="вопрос", en="question"),
    "checklist": Title(kk="іс-қимыл тізімі", ru="перечень действий", en="checklist"),
    "recipient": Title(kk="хабарланатын тұлға", ru="оповещаемое лицо", en="recipient"),
    "time": Title(kk="уақыт", ru="время", en="time"),
    "area": Title(kk="аумақ", ru="территория", en="area"),
    "clocks": Title(kk="нормативтер жиынтығы", ru="набор нормативов", en="set of clocks"),
    "reaction": Title(kk="жағдай", ru="условие", en="reaction"),
    "regime": Title(kk="режим", ru="режим", en="regime"),
    "urgency": Title(kk="шұғылдық", ru="срочность", en="urgency"),
    "unit kind": Title(kk="жасақ түрі", ru="вид наряда", en="unit kind"),
    "skill": Title(kk="біліктілік немесе жабдық", ru="навык или снаряжение", en="skill or equipment"),
}


# A pattern says nothing to who writes plans.
_PATTERNS = {"[A-Z0-9]": "A–Z, 0–9, - (40)", "[a-z]": "a–z, 0–9, _ (48)", "[01]": "HH:MM", "x1f": "U+0000–U+001F"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, and where: `plans.fire.levels[0].needs[1].kinds`."""

    where: str
    problem: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What plans may name that they do not hold themselves.

    Kinds of units by service; skills, of crews and by what units carry; categories that events open; codes of areas,
    None where nobody asked the store for them.
    """

    unit_kinds: Mapping[str, Collection[Service]]
    skills: Collection[str]
    opens: Mapping[str, str]
    areas: Collection[str] | None = None


def checked(raw: Any, around: Around) -> Content | tuple[Fault, ...]:
    """Return the content, or what is wrong with it: first its shape, then what it names, 50 faults at most."""
    shape = list(_shapes(raw))
    if shape:
        return tuple(shape[:TOLD_AT_MOST])
    # Written and read again: what JSON cannot carry, such as NaN, would be no content when it is asked for.
    try:
        content = msgspec.json.decode(msgspec.json.encode(msgspec.convert(raw, Content)), type=Content)
    except (msgspec.ValidationError, UnicodeError) as error:
        told = str(error).partition(" - at `")[0][:200]
        return (_fault("content", f"Сақталмайды: {told}.", f"Не хранится: {told}.", f"It cannot be kept: {told}."),)
    return tuple([*_holds(content, around)][:TOLD_AT_MOST]) or content


# ── shape ──


def _shapes(raw: Any) -> Iterator[Fault]:
    if not isinstance(raw, Mapping):
        yield _fault("content", "Тізімдер күтілді.", "Ожидались списки.", "Lists by name are expected.")
        return
    for name in sorted({*_LISTS, "clocks"} - raw.keys()):
        yield _fault(name, "Тізім жоқ.", "Списка нет.", "The list is missing.")
    for name, rows in raw.items():
        if name == "clocks":
            yield from _shape(name, rows, written.Clocks)
        elif name in _LISTS:
            yield from _list(name, rows)
        else:
            yield _fault(str(name)[:60], "Мұндай тізім жоқ.", "Такого списка нет.", "There is no such list.")


def _list(name: str, rows: Any) -> Iterator[Fault]:
    if not isinstance(rows, Mapping):
        yield _fault(name, "Атау бойынша тізім күтілді.", "Ожидался список по именам.", "A list by name is expected.")
        return
    if name == "regimes":
        yield from _missing(name, "regime", rows, list(Regime))
    for key, row in rows.items():
        where = f"{name}.{str(key)[:60]}"
        if not _NAME.fullmatch(str(key)):
            told = "Name: a–z, 0–9, _; up to 48 letters, the first one of a–z."
            yield _fault(where, f"Атау қате. {told}", f"Неверное имя. {told}", f"A wrong name. {told}")
        yield from _shape(where, row, _LISTS[name])


def _shape(where: str, row: Any, shape: Any) -> Iterator[Fault]:
    try:
        msgspec.convert(row, shape)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        problem = next((said for pattern, said in _PATTERNS.items() if pattern in problem), problem)
        told = f"{where}{path.strip('`').lstrip('$')}"
        yield _fault(told, f"Пішімі қате: {problem}.", f"Неверный вид: {problem}.", f"A wrong shape: {problem}.")


# ── what it names ──


def _holds(content: Content, around: Around) -> Iterator[Fault]:
    yield from _whole(content, around)
    for name, category in content.categories.items():
        yield from _category(content, f"categories.{name}", name, category)
    for name, plan in content.plans.items():
        yield from _plan(content, around, f"plans.{name}", name, plan)
    for name, reaction in content.reactions.items():
        yield from _reaction(content, around, f"reactions.{name}", reaction)
    for regime, entry in content.regimes.items():
        for index, strain in enumerate(entry.strains):
            where = f"regimes.{regime}.strains[{index}]"
            yield from _missing(f"{where}.groups", "group", strain.groups, content.groups)
            yield from _part(content, around, where, strain)
    for name, question in content.questions.items():
        yield from _question(f"questions.{name}", question)
    for name, checklist in content.checklists.items():
        yield from _twice(f"checklists.{name}.steps", [step.name for step in checklist.steps])


def _whole(content: Content, around: Around) -> Iterator[Fault]:
    yield from _missing("regimes", "regime", list(Regime), content.regimes)
    yield from _missing("clocks.urgency", "urgency", ("I", "II", "III", "IV"), content.clocks.urgency)
    yield from _missing("categories", "category", [OTHER], content.categories)
    for name, targets in content.clocks.sets.items():
        for index, target in enumerate(targets):
            named = [target.area] if target.area is not None and around.areas is not None else []
            yield from _missing(f"clocks.sets.{name}[{index}].area", "area", named, around.areas or ())
    for kind, category in around.opens.items():
        yield from _missing(f"event_kinds.{kind}.category", "category", [category], content.categories)
    yield from _missing("plans", "category", content.plans, content.categories)


def _category(content: Content, where: str, name: str, category: written.Category) -> Iterator[Fault]:
    yield from _missing(f"{where}.group", "group", [category.group], content.groups)
    yield from _missing(f"{where}.asks", "question", category.asks, content.questions)
    if not category.asks:
        yield _fault(f"{where}.asks", "Сұрақтары жоқ.", "Нет вопросов.", "It asks no question.")
    if name not in content.plans:
        yield _fault(where, "Санаттың жоспары жоқ.", "У категории нет плана.", "The category has no plan.")


def _plan(content: Content, around: Around, where: str, name: str, plan: written.Plan) -> Iterator[Fault]:
    yield from _missing(f"{where}.clocks", "clocks", plan.clocks, content.clocks.sets)
    yield from _missing(f"{where}.reacts", "reaction", plan.reacts, content.reactions)
    for index, level in enumerate(plan.levels):
        yield from _part(content, around, f"{where}.levels[{index}]", level)
    if not plan.levels[0].needs:
        told = "Бірінші деңгей ешкімді жібермейді.", "Первый уровень никого не направляет."
        yield _fault(f"{where}.levels[0].needs", *told, "The first level sends nobody.")
    parts = [*plan.levels, *(content.reactions[one] for one in plan.reacts if one in content.reactions)]
    sends = {need.service for part in parts for need in part.needs}
    category = content.categories.get(name)
    if category is not None and category.urgency is None and Service.AMBULANCE in sends:
        yield _fault(
            f"categories.{name}.urgency",
            "Жедел жәрдем жіберіледі, бірақ шұғылдығы жоқ.",
            "Направляется скорая помощь, но срочности нет.",
            "An ambulance is sent, but there is no urgency.",
        )


def _reaction(content: Content, around: Around, where: str, reaction: written.Reaction) -> Iterator[Fault]:
    yield from _part(content, around, where, reaction)
    yield from _missing(f"{where}.during", "time", [reaction.during] if reaction.during else [], content.times)
    if reaction.near is None and reaction.during is None:
        told = "Орны да, уақыты да аталмаған.", "Не названо ни место, ни время."
        yield _fault(where, *told, "It names neither a place nor a time.")


def _part(content: Content, around: Around, where: str, part: written.Part) -> Iterator[Fault]:
    yield from _missing(f"{where}.told", "recipient", part.told, content.recipients)
    yield from _missing(f"{where}.checklists", "checklist", part.checklists, content.checklists)
    yield from _missing(f"{where}.asks", "question", part.asks, content.questions)
    for index, need in enumerate(part.needs):
        own = [kind for kind, services in around.unit_kinds.items() if need.service in services]
        yield from _missing(f"{where}.needs[{index}].kinds", "unit kind", need.kinds, own)
        yield from _missing(f"{where}.needs[{index}].skills", "skill", need.skills, around.skills)


def _question(where: str, question: written.Question) -> Iterator[Fault]:
    if (question.answer == "choice") != bool(question.choices):
        told = "Таңдау жауабы мен нұсқалары бірге болады.", "Варианты бывают у ответа choice, и только у него."
        yield _fault(f"{where}.choices", *told, "Choices go with an answer that is a choice, and with no other.")
    yield from _twice(f"{where}.choices", [choice.name for choice in question.choices])


# ── the sentences ──


def _missing(where: str, what: str, names: Iterable[str], there: Collection[str]) -> Iterator[Fault]:
    word = _WORDS.get(what, Title(kk=what, ru=what, en=what))
    for name in names:
        if name not in there:
            kk, ru, en = (text[0].upper() + text[1:] for text in (word.kk, word.ru, word.en))
            told = f"{kk}: «{name}» деген жоқ.", f"{ru}: «{name}» не существует.", f"{en} “{name}” does not exist."
            yield _fault(where, *told)


def _twice(where: str, names: list[str]) -> Iterator[Fault]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        told = f"«{name}» екі рет тұр.", f"«{name}» стоит дважды.", f"“{name}” stands twice."
        yield _fault(where, *told)


def _fault(where: str, kk: str, ru: str, en: str) -> Fault:
    return Fault(where=where, problem=Title(kk=kk, ru=ru, en=en))
