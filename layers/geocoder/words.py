"""The words around a name: kinds of streets with their abbreviations, what marks a house, what joins two streets."""

import re
from functools import lru_cache

from layers.geocoder.spelling import fold

# What a street is; the same word in any language or abbreviation is the same kind. They are left out of the key and
# kept beside it: who types «пр. Абая» means the avenue before the street, who types «Абая» means either.
_KINDS = {
    "street": "улица ул ул-ца көшесі көше көш street str st ulitsa koshesi uly",
    "avenue": "проспект просп пр пр-т пр-кт просп-т даңғылы даңғыл даң avenue ave av prospekt prospect",
    "lane": "переулок пер-к пер тұйығы тұйық lane ln pereulok",
    "boulevard": "бульвар бул бул-р б-р бульвары гүлзары boulevard blvd bulvar",
    "highway": "шоссе ш-се тасжолы highway hwy",
    "road": "дорога трасса road rd",
    "square": "площадь пл пл-дь алаңы алаң square sq",
    "passage": "проезд пр-д өткелі өтпе passage",
    "embankment": "набережная наб жағалауы embankment emb",
    "microdistrict": "микрорайон мкр мкрн мкр-н м-н мк-р ықшамаудан ықшамауданы ықшам шағынаудан шағынауданы шағын"
    " microdistrict mikrorayon mcr md",
    "quarter": "квартал кв-л орамы quarter",
    "area": "район р-н ауданы аудан облысы область обл қаласы город қ-сы г-д district region city town село ауылы ауыл"
    " посёлок кенті village",
    "house": "дом үй үйі house здание ғимарат ғимараты building",
}
KIND_OF = {fold(word): kind for kind, words in _KINDS.items() for word in words.split()}
_CORNERS = (
    "угол углу уг қиылысы қиылысында қиылыс бұрышы перекресток перекрестке пересечение пересечении"
    " crossing intersection corner junction"
)
_JOININGS = "и мен пен бен and h на of at the у с в"
_CORNER, _JOINING = (frozenset(map(fold, words.split())) for words in (_CORNERS, _JOININGS))
_COMPOUNDS = sorted((re.escape(word) for word in KIND_OF if "-" in word), key=len, reverse=True)
_WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(_COMPOUNDS)})(?![a-z])|[a-z]+|\d+[a-z]*")
_ORDINAL = re.compile(r"(?<![a-z0-9])(\d+)-?(?:aia|ia|oi|oe|i|go|xi|inxi|nxi|th|nd|rd|st)(?![a-z0-9])")
_NUMBER_SIGN = re.compile(r"(?<![a-z])no\.?\s*(?=\d)")  # № is No by Unicode's own decomposition


def cardinal(key: str) -> str:
    """Return a key (`spelling.fold`) with «7-я», «3-ші», «2nd» and «№5» as plain numbers."""
    return _NUMBER_SIGN.sub(" ", _ORDINAL.sub(r"\1 ", key))


@lru_cache(maxsize=20_000)
def words_of(key: str) -> tuple[str, ...]:
    """Return the words of a key (`cardinal`); an abbreviation such as `пр-т` is one word."""
    return tuple(_WORD.findall(key))


def kind_of(words: tuple[str, ...]) -> str | None:
    """Return which kind of street the words say, the first that they say."""
    return next((KIND_OF[word] for word in words if word in KIND_OF), None)


def naming(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that name: without kinds of streets, unless that leaves none (a place called «Дом»)."""
    return tuple(word for word in words if word not in KIND_OF) or words


def asked(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that a query asks for: also without what joins two streets, unless that leaves none."""
    telling = tuple(word for word in words if word not in KIND_OF and word not in _CORNER)
    return tuple(word for word in telling if word not in _JOINING) or telling


def says_corner(words: tuple[str, ...]) -> bool:
    """Say whether the words name a crossing, as in «угол Абая и Достык»."""
    return any(word in _CORNER for word in words) or any(word in _JOINING for word in words[1:-1])
