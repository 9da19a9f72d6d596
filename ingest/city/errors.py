"""Why a city was not imported: one sentence each, and the store as it was."""


class CityRefused(Exception):
    """A file, a disk or a store that an import cannot work with; its text is a sentence for the person who asked."""

    sentence = "{} cannot be written: {}."

    def __init__(self, *told: object) -> None:
        """Fill the sentence's gaps in order."""
        super().__init__(self.sentence.format(*told))


class MissingFile(CityRefused):
    """There is no such file, or nobody may read it. Told: the path."""

    sentence = "{} cannot be opened: name an existing .osm.pbf file that this user may read."


class NotAPbf(CityRefused):
    """The file is something else than OpenStreetMap's protocol buffers. Told: the path."""

    sentence = "{} is no OpenStreetMap .osm.pbf file."


class DamagedFile(CityRefused):
    """The file begins as it should and then breaks off or cannot be decoded. Told: the path, and what is wrong."""

    sentence = "{} is damaged ({}): fetch it again; nothing was imported."


class NoRoads(CityRefused):
    """The file holds no road that a car may drive, so no unit could be sent anywhere. Told: the path."""

    sentence = "{} holds no drivable road: choose an extract that includes the streets."


class DiskFull(CityRefused):
    """The disk of the store or of the working files has no room left. Told: what was being done."""

    sentence = "The disk is full while {}: make room and run the same command again; nothing was lost."


class NoAreas(CityRefused):
    """The tree of areas is not in the store yet, and every feature belongs to one."""

    sentence = "The store has no areas yet: run `python -m ingest areas` first."


class NoStore(CityRefused):
    """The store cannot be reached or refused what was written. Told: the store's own words."""

    sentence = "The store did not take the city: {}. Nothing was imported."


class NoBorders(CityRefused):
    """The file of first-level borders is missing or is not the one that was pinned. Told: the path."""

    sentence = "{} does not hold the 20 first-level areas: run the set-up again to fetch it."
