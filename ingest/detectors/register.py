"""What there is to choose from, by hand and in order: a new function or detector is one file and one line here."""

from ingest.detectors.detector import DetectorEntry, FunctionEntry
from ingest.detectors.line_crossing import LineCrossing, LineCrossingRule
from ingest.detectors.objects import open_objects
from ingest.detectors.zone_motion import ZoneMotion, ZoneMotionRule
from layers.values import Title

FUNCTIONS = (
    FunctionEntry(
        name="line_crossing",
        title=Title(kk="Сызықтан өту", ru="Пересечение линии", en="Line crossing"),
        settings=LineCrossing,
        build=lambda settings, _: LineCrossingRule(settings),
    ),
    FunctionEntry(
        name="zone_motion",
        title=Title(kk="Аймақтағы қозғалыс", ru="Движение в зоне", en="Motion in a zone"),
        settings=ZoneMotion,
        build=lambda settings, _: ZoneMotionRule(settings),
    ),
)

OBJECT_DETECTORS = (
    DetectorEntry(
        name="objects",
        title=Title(kk="Адамдар мен көліктер", ru="Люди и транспорт", en="People and vehicles"),
        open=open_objects,
    ),
)
