"""What can go wrong with a camera's ONVIF: a code for the windows and one clear sentence for the log."""


class OnvifError(Exception):
    """The camera did not do it; `code` is a word of the windows (`ptz.failed.<code>`), the text one sentence."""

    def __init__(self, code: str, text: str) -> None:
        """Keep both."""
        self.code = code
        super().__init__(text)
