"""The card as a PDF, made in a process of its own: laying out pages takes a second that nobody should wait for."""

import asyncio

from anyio import to_process

_ONE_AT_A_TIME = asyncio.Semaphore(1)  # each holds a processor; who comes meanwhile waits


async def pdf(html: str) -> bytes:
    """Return the page as PDF. Its fonts are the system's, and nothing is fetched."""
    async with _ONE_AT_A_TIME:
        return await to_process.run_sync(printed, html, cancellable=True)


def printed(html: str) -> bytes:
    """Return the page as PDF, here and now: for a process that does nothing else."""
    # Imported where it runs: the server itself never loads pango and cairo's like.
    from weasyprint import HTML

    printed = HTML(string=html, url_fetcher=_nothing).write_pdf()
    assert isinstance(printed, bytes)
    return printed


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError("what is printed fetches nothing")
