"""The built windows at `/` and the crew's page at `/crew`, and a plain sentence where nobody has built them yet."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geo_server.access.headers import PERMISSIONS_OF_CREW

_FOREVER = "public, max-age=31536000, immutable"  # Vite puts a hash of the content in these names


class Windows(StaticFiles):
    """Serves `web/dist`; looks for it anew at each request, so that a build is there at once."""

    def __init__(self, dist: Path) -> None:
        """Serve the files under `dist`."""
        self._dist = dist
        super().__init__(directory=dist, html=True, check_dir=False)

    async def check_config(self) -> None:
        """Ask nothing: where the files are not there, yet or while they are built anew, `get_response` says so."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return one file, the first page for `/`; the crew's page alone may ask where its phone is."""
        if not (self._dist / "index.html").is_file():
            if path in ("", "."):
                return PlainTextResponse("The windows are not built yet; ./qyran up builds them.\n", 404)
            raise HTTPException(404)
        if scope["path"].endswith("/crew/"):  # its files are beside it, not below
            return RedirectResponse("/crew", 308)
        try:
            response = await super().get_response("crew.html" if path == "crew" else path, scope)
        except ValueError as error:  # a NUL in the path
            raise HTTPException(404) from error
        if path in ("crew", "crew.html"):
            response.headers["Permissions-Policy"] = PERMISSIONS_OF_CREW
        response.headers["Cache-Control"] = _FOREVER if path.startswith("assets/") else "no-cache"
        return response
