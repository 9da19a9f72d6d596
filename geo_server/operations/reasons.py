"""The sentences of a proposal: why a unit is chosen, why another is not, and what the plan still lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from geo_server.operations.catalogue import catalogue
from geo_server.operations.cover import Lost
from geo_server.operations.needs import Need
from geo_server.routing.router import Reached
from layers.units.rules import Duty
from layers.units.schema import Unit
from layers.values import Title

QUICKEST = Title(kk="Жолмен ең жылдамы.", ru="Быстрее всех по дорогам.", en="Quickest by road.")
UNREACHABLE = Title(kk="Жолмен жету мүмкін емес.", ru="По дорогам не доехать.", en="No way by road, as they are now.")
_NO_CREW = Title(kk="Ауысымда, жеке құрамы жоқ.", ru="На смене, без личного состава.", en="On duty without a crew.")


def of_way(way: Reached, age_s: float) -> Title:
    """Say how far it is by road and how old the position; a straight line is flagged loudly."""
    minutes, km, age = way.seconds / 60, way.metres / 1000, round(age_s)
    if way.straight:
        return Title(
            kk=f"НАҚТЫ ЕМЕС: тура сызықпен бағаланған, шамамен {minutes:.0f} мин.",
            ru=f"НЕТОЧНО: оценка по прямой, около {minutes:.0f} мин.",
            en=f"NOT BY ROAD: a straight-line estimate, about {minutes:.0f} min.",
        )
    return Title(
        kk=f"Жолмен {_comma(km)} км, {_comma(minutes)} мин; орны {age} с бұрын белгілі болған.",
        ru=f"По дорогам {_comma(km)} км, {_comma(minutes)} мин; положение {age} с назад.",
        en=f"{km:.1f} km and {minutes:.1f} min by road; position {age} s old.",
    )


def of_blue_light() -> Title:
    """Say that the time is that of a drive with blue light."""
    return Title(kk="Арнайы сигналмен есептелген.", ru="Время – со спецсигналом.", en="Time with blue light.")


def of_cover(lost: Lost, penalty_s: float) -> Title:
    """Say what its leaving takes away from its own area, and for how many seconds that was weighed."""
    points, seconds = round(100 * lost.share), round(penalty_s)
    return Title(
        kk=f"Кетсе, өз аумағының қамтуы {points} %-ға азаяды: +{seconds} с болып есептелді.",
        ru=f"Уход снизит покрытие её территории на {points} %: учтено как +{seconds} с.",
        en=f"Its leaving takes {points} % of its area's cover: weighed as +{seconds} s.",
    )


def of_duty(unit: Unit) -> Title:
    """Say why a unit is not on duty, in the words of the windows."""
    if unit.duty is Duty.ON:
        return _NO_CREW
    word = catalogue().unit_statuses[unit.duty.value]
    return Title(**{language: f"{said[0].upper()}{said[1:]}." for language, said in asdict(word).items()})


def of_task(unit: Unit) -> Title:
    """Say what a unit is busy with, as far as the viewer sees that."""
    if unit.dispatch is None:
        return Title(
            kk="Басқа аумақтағы оқыс оқиғада.",
            ru="Занят на другой территории.",
            en="Busy with an incident of another area.",
        )
    number = unit.dispatch.incident_number
    ru, en = f"Занят: происшествие {number}.", f"Busy with incident {number}."
    return Title(kk=f"{number} оқыс оқиғасында.", ru=ru, en=en)


def of_diverting(unit: Unit, eta_s: float) -> Title:
    """Say from what it could be diverted, and how long it would take."""
    assert unit.dispatch is not None  # it is on its way to something
    number, priority, minutes = unit.dispatch.incident_number, unit.dispatch.priority, eta_s / 60
    return Title(
        kk=f"{number} оқиғасына бара жатыр (басымдығы {priority}); бұрып жіберуге болады: {_comma(minutes)} мин.",
        ru=f"Едет на {number} (приоритет {priority}); можно перенаправить: {_comma(minutes)} мин.",
        en=f"On its way to {number} (priority {priority}); it can be diverted: {minutes:.1f} min.",
    )


def of_silence(unit: Unit) -> Title:
    """Say how old its position is."""
    age = round(unit.position_age_s or 0)
    return Title(
        kk=f"Орны {age} с бойы жаңармаған.", ru=f"Положение не обновлялось {age} с.", en=f"No position for {age} s."
    )


def of_kind(unit: Unit) -> Title:
    """Say that the plan asks for another kind of unit."""
    kind = _kinds([unit.kind])
    return Title(
        kk=f"Жоспарға сай емес: түрі ({kind.kk}).",
        ru=f"Не подходит плану: вид ({kind.ru}).",
        en=f"Not the kind that the plan asks for ({kind.en}).",
    )


def of_skills(lacking: Iterable[str]) -> Title:
    """Say what it cannot do, or does not carry, of what the plan asks for."""
    what = _listed(_skills(lacking))
    return Title(
        kk=f"Жоспар талап ететіні жоқ: {what.kk}.",
        ru=f"Нет того, что нужно по плану: {what.ru}.",
        en=f"Lacks what the plan asks for: {what.en}.",
    )


def of_slower(eta_s: float) -> Title:
    """Say that it is nearer and yet slower."""
    minutes = eta_s / 60
    return Title(
        kk=f"Тура сызықпен жақын, бірақ жолмен баяу: {_comma(minutes)} мин.",
        ru=f"По прямой ближе, но по дорогам дольше: {_comma(minutes)} мин.",
        en=f"Nearer as the crow flies but slower by road: {minutes:.1f} min.",
    )


def of_keeping(eta_s: float) -> Title:
    """Say that it would be quick, and is left where it covers its area."""
    minutes = eta_s / 60
    return Title(
        kk=f"Жолмен {_comma(minutes)} мин, бірақ өз аумағын қамтып тұр.",
        ru=f"По дорогам {_comma(minutes)} мин, но держит покрытие своей территории.",
        en=f"{minutes:.1f} min by road, but it holds its own area's cover.",
    )


def of_missing(need: Need, missing: int) -> Title:
    """Say what the plan still lacks."""
    service = catalogue().services[need.service]
    of = [_kinds(need.kinds)] if need.kinds else []
    what = _listed([*of, *_skills(need.skills)])
    kk, ru, en = (f" ({said})" if said else "" for said in (what.kk, what.ru, what.en))
    return Title(
        kk=f"Жетіспейді: {service.kk}{kk} – {missing}.",
        ru=f"Не хватает: {service.ru}{ru} – {missing}.",
        en=f"Still missing: {service.en}{en}, {missing}.",
    )


def _kinds(names: Iterable[str]) -> Title:
    """Return kinds of which one will do, by the words of people; one that nobody listed by its own."""
    known = catalogue().unit_kinds
    return _listed([known[name].title if name in known else _spoken(name) for name in sorted(names)], "/")


def _skills(names: Iterable[str]) -> list[Title]:
    known = catalogue().skills
    return [known.get(name) or _spoken(name) for name in sorted(names)]


def _spoken(name: str) -> Title:
    plain = name.replace("_", " ")
    return Title(kk=plain, ru=plain, en=plain)


def _listed(titles: Sequence[Title], between: str = ", ") -> Title:
    kk, ru, en = (between.join(getattr(title, language) for title in titles) for language in ("kk", "ru", "en"))
    return Title(kk=kk, ru=ru, en=en)


def _comma(value: float) -> str:
    """Return a number with one decimal as Kazakh and Russian write it."""
    return f"{value:.1f}".replace(".", ",")
