"""LAYERS: every layer, bottom of the map first. A new layer is its room and one line here."""

from layers.addresses.layer import LAYER as addresses
from layers.areas.layer import LAYER as areas
from layers.buildings.layer import LAYER as buildings
from layers.calls.layer import LAYER as calls
from layers.cameras.layer import LAYER as cameras
from layers.closures.layer import LAYER as closures
from layers.coverage.layer import LAYER as coverage
from layers.dispatches.layer import LAYER as dispatches
from layers.events.layer import LAYER as events
from layers.gaps.layer import LAYER as gaps
from layers.incidents.layer import LAYER as incidents
from layers.landcover.layer import LAYER as landcover
from layers.layer import Layer
from layers.panics.layer import LAYER as panics
from layers.places.layer import LAYER as places
from layers.premises.layer import LAYER as premises
from layers.roads.layer import LAYER as roads
from layers.tracks.layer import LAYER as tracks
from layers.units.layer import LAYER as units

LAYERS: tuple[Layer, ...] = (
    areas,
    landcover,
    buildings,
    roads,
    closures,
    addresses,
    places,
    premises,
    coverage,
    gaps,
    tracks,
    cameras,
    dispatches,
    incidents,
    calls,
    events,
    units,
    panics,
)

BY_NAME = {layer.name: layer for layer in LAYERS}
