"""The layer of addresses, as everyone outside the room sees it."""

from layers.addresses.look import LEGEND, LOOK
from layers.addresses.table import address
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="addresses",
    title=Title(kk="Мекенжайлар", ru="Адреса", en="Addresses"),
    about=Title(
        kk="Көше, үй және таралған атауы.",
        ru="Улица, дом и обиходное название.",
        en="Street, house and common name.",
    ),
    rows=address,
    fields=("osm_id", "street", "street_kk", "street_ru", "street_en", "house", "common_name", "postcode"),
    look=LOOK,
    legend=LEGEND,
    ground=True,
)
