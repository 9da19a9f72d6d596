"""The page of a report: for a browser with its scripts inside, and for paper; nothing of it is fetched."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from geo_server.planning.purposes import purposes
from geo_server.planning.reports import charts, deck_view, leaflet_map, look, sheets
from geo_server.planning.reports.picture import picture
from geo_server.planning.reports.schema import Told
from geo_server.planning.reports.words import moment, number, said, say
from geo_server.planning.reports.words import title as titled

# Families of the system that hold every letter of Kazakh; the last is whatever stands in for a sans.
FONT = '"Noto Sans", "DejaVu Sans", sans-serif'


def html(told: Told) -> str:
    """Return the page that a browser opens without a network."""
    element, script = leaflet_map.drawn(told)
    leaflet_js, leaflet_css = leaflet_map.leaflet()
    deck, square_m = deck_view.drawn(told)
    return _filled(
        told,
        live={
            "map": Markup(element),
            "map_script": Markup(script.replace("</script", "<\\/script")),
            "leaflet_js": Markup(leaflet_js),
            "leaflet_css": Markup(leaflet_css),
            "deck": Markup(deck),
            "deck_js": Markup(deck_view.deck_gl()),
            "about": say("view3d_about", told.wanted.language, m=number(square_m, told.wanted.language)),
        },
    )


def paper(told: Told) -> str:
    """Return the page that is printed."""
    return _filled(told, live=None)


def _filled(told: Told, live: dict[str, object] | None) -> str:
    language = told.wanted.language
    purpose = purposes()[told.wanted.purpose]
    article = say("article", language, article=purpose.article, n=number(purpose.density_px_m, language))
    stale = say("stale", language, n=number(told.waiting, language)) if told.waiting else ""
    return (
        _environment()
        .get_template("page.html")
        .render(
            language=language,
            said=said(language),
            font=Markup(FONT),
            live=live,
            look=look,
            area=titled(told.area.name, language),
            facts=[
                (say("purpose", language), f"{titled(purpose.title, language)}. {titled(purpose.about, language)}"),
                ("", article),
                (say("made", language), f"{moment(told.made_at)}, {told.made_by}. {say('zone', language)}."),
                (say("reckoned", language), ". ".join(filter(None, (moment(told.oldest), stale))) or "—"),
                (say("cameras_n", language), number(told.layers["cameras"].whole, language)),
                (say("gaps_n", language), number(told.layers["gaps"].whole, language)),
            ],
            never=say("never", language) if told.oldest is None else "",
            picture=Markup(picture(told)),
            charts=[Markup(one) for one in (charts.of_measures(told), charts.of_areas(told)) if one],
            sheets=[sheets.shares(told), sheets.gaps(told), sheets.unseeing(told)],
            left_out=sheets.left_out(told),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
