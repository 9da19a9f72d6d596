"""The sentences that say why a plan is as it is."""

from geo_server.operations.content import Content, Reaction, Regime
from geo_server.operations.surroundings import Nearest, Surroundings
from layers.values import Title


def of_level(category: Title, alarm: int, level: int) -> Title:
    """Say whose plan it is, at which level, and which one was called where place or regime lifted it."""
    raised = level > alarm
    return Title(
        kk=f"«{category.kk}» жоспары, {level}-деңгей" + (f" (шақырылғаны {alarm})." if raised else "."),
        ru=f"План «{category.ru}», ранг {level}" + (f" (вызван {alarm})." if raised else "."),
        en=f"Plan “{category.en}”, alarm level {level}" + (f" ({alarm} was called)." if raised else "."),
    )


def of_regime(content: Content, regime: Regime) -> tuple[Title, ...]:
    """Say which regime holds, unless it is the everyday one."""
    if regime is Regime.EVERYDAY:
        return ()
    title = content.regimes[regime].title
    return (Title(kk=f"{title.kk}.", ru=f"{title.ru}.", en=f"{title.en}."),)


def of_reaction(reaction: Reaction, surroundings: Surroundings) -> Title:
    """Say what place or time added; of a place also how far it is and what it is called."""
    said = reaction.because
    near = None if reaction.near is None else surroundings.near[reaction.near]
    return Title(
        kk=said.kk + _where(near, "kk", "м"), ru=said.ru + _where(near, "ru", "м"), en=said.en + _where(near, "en", "m")
    )


def _where(near: Nearest | None, language: str, metre: str) -> str:
    if near is None:
        return ""
    name = getattr(near.name, language) if near.name else ""
    return f" ({name}, {near.distance_m:.0f} {metre})" if name else f" ({near.distance_m:.0f} {metre})"
