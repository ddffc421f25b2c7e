"""The tables of a week that somebody uploads: CSV files, or one zip of them."""

from collections.abc import Sequence
from datetime import date

from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.reading import read_submission
from clockstop.analytics.wlmds.rules import ERROR
from clockstop.service.returns import weekly
from clockstop.service.returns.made import CannotMakeError, Made
from clockstop.service.returns.models import Source
from clockstop.service.ui.uploads import Most, Sent, UploadRefusedError, contents

MOST = Most(files=8, megabytes=200)


def made(organisation_code: str, week_ending: date, sent: Sequence[Sent]) -> Made:
    """What was sent, read and checked; unusable where it has an error.

    Raises CannotMakeError where there is nothing to read, or too much.
    """
    if not sent:
        raise CannotMakeError("Choose the files of the week, or one zip of them")
    try:
        read = read_submission(contents(sent, MOST))
    except UploadRefusedError as error:
        raise CannotMakeError(error.words) from error
    checked = check(read.tables, provider=organisation_code, week_ending=week_ending)
    faults = read.faults.vstack(checked)
    is_usable = bool(faults.filter(severity=ERROR).is_empty())
    return weekly.submission(read.tables, faults, week_ending, Source.UPLOAD, is_usable=is_usable)
