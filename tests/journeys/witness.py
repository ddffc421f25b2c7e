"""Sees all that a visitor's browser does, and what it complains of."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

NOT_LOADED = "Failed to load resource"


class Witness:
    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self._is_status_of_a_page(message):
            self.complaints.append(message.text)

    def _is_status_of_a_page(self, message: ConsoleMessage) -> bool:
        """Chromium calls a page of status 404 an error, and it is meant."""
        pages = {each.url for each in self._navigations()}
        return NOT_LOADED in message.text and message.location["url"] in pages

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(each.url).netloc for each in self.requests}

    @property
    def last_answer(self) -> Response:
        """The answer that the page on show came with."""
        answers = (each.response() for each in reversed(self._navigations()))
        return next(answer for answer in answers if answer)

    @property
    def addresses(self) -> list[str]:
        """Every address asked for, and every referrer given."""
        referrers = (each.all_headers().get("referer", "") for each in self.requests)
        return [*(each.url for each in self.requests), *referrers]

    def _navigations(self) -> list[Request]:
        return [each for each in self.requests if each.is_navigation_request()]
