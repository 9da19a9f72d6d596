"""How units look on the map: the sign says the service, the colour the status, the nib where they head."""

from typing import Any

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Service, Title

_SIZE: dict[str, Any] = {
    "size_units": Plain("meters"),
    "get_size": 170,
    "size_min_pixels": 13,
    "size_max_pixels": 24,
    "icon_atlas": Plain("symbols://"),
}


def _sign(service: Service) -> dict[str, Any]:
    return deck_layer(
        "IconLayer",
        id=f"units-{service.value}",
        data=Plain(f"live://units?service={service.value}"),
        get_icon=Plain(f"unit-{service.value}"),
        get_angle=0,  # what a look says itself, the live columns leave alone: the sign stays upright
        pickable=True,
        **_SIZE,
    )


def _nib() -> dict[str, Any]:
    # The nib turns with the heading, the sign stays upright; it stands outside the sign's rim.
    larger = _SIZE | {"get_size": 240, "size_min_pixels": 19, "size_max_pixels": 36}
    return deck_layer(
        "IconLayer",
        id="units-heading",
        data=Plain("live://units"),
        get_icon=Plain("heading"),
        **larger,
    )


LEGEND = (
    LegendEntry(colour="#5c9486", shape="circle", title=Title(kk="Бос", ru="Свободен", en="Free")),
    LegendEntry(
        colour="#f5d76e",
        shape="circle",
        title=Title(kk="Жіберілді, қабылдады", ru="Направлен, принял", en="Dispatched, acknowledged"),
    ),
    LegendEntry(colour="#7cc4ff", shape="circle", title=Title(kk="Жолда", ru="В пути", en="En route")),
    LegendEntry(colour="#f4f7fb", shape="circle", title=Title(kk="Орнында", ru="На месте", en="On scene")),
    LegendEntry(colour="#5c6673", shape="circle", title=Title(kk="Ауысымнан тыс", ru="Вне смены", en="Off duty")),
    LegendEntry(colour="#c3cedb", shape="star", title=Title(kk="Полиция", ru="Полиция", en="Police")),
    LegendEntry(
        colour="#c3cedb",
        shape="cross",
        title=Title(kk="Жедел медициналық жәрдем", ru="Скорая помощь", en="Ambulance"),
    ),
    LegendEntry(
        colour="#c3cedb",
        shape="flame",
        title=Title(kk="Өртке қарсы қызмет", ru="Противопожарная служба", en="Fire service"),
    ),
    LegendEntry(
        colour="#c3cedb", shape="triangle", title=Title(kk="Құтқару қызметі", ru="Служба спасения", en="Rescue service")
    ),
    LegendEntry(colour="#c3cedb", shape="ring", title=Title(kk="Газ қызметі", ru="Газовая служба", en="Gas service")),
)
LOOK = DeckLook(deck=(_nib(), *(_sign(service) for service in Service)))
