"""A camera that turns is held to the views it returns to: each has a memory of its own, and elsewhere there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.values import CameraNow, Scene, Seen


class OfView(Protocol):
    """A function that remembers one view."""

    def update(self, scene: Scene) -> Sequence[Seen]:
        """Look, and tell."""
        ...

    def returned(self) -> None:
        """Hear that the camera was away: what it seemed to see as it left is no sign of anything."""
        ...


@dataclass(slots=True, kw_only=True)
class ByView:
    """Asks the memory of the preset that a camera stands at; while it moves and at no preset nobody is asked."""

    build: Callable[[str], OfView]
    now: Callable[[], CameraNow]
    known: dict[str, OfView] = field(default_factory=dict)
    only: str | None = None  # the one view that its rule looks in; none: in each
    _stood: str | None = None

    def update(self, scene: Scene) -> Sequence[Seen]:
        """Look in the view of now, if that is known."""
        now = self.now()
        before, self._stood = self._stood, None if now.moving else now.preset
        if self._stood is None or self.only not in (None, self._stood):
            return ()
        if self._stood not in self.known:
            self.known[self._stood] = self.build(self._stood)
        view = self.known[self._stood]
        if before != self._stood:
            view.returned()
        return view.update(scene)
