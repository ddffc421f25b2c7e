"""An extract that somebody uploads: the three tables as CSV files, or one zip of them."""

from collections.abc import Mapping, Sequence

from clockstop.analytics.records.files import NAMES
from clockstop.service.ui.uploads import Most, Sent, UploadRefusedError, contents

FILES = tuple(f"{name}.csv" for name in NAMES)
MOST = Most(files=8, megabytes=30)  # what a page can bring in before its visitor gives up


def files_of(sent: Sequence[Sent]) -> Mapping[str, bytes]:
    """The files by name. Raises UploadRefusedError for what cannot be files of an extract.

    No Parquet: it unpacks to no one knows how much, and a page must know.
    """
    if not sent:
        raise UploadRefusedError("Choose the zip of the extract, or its three files")
    found = contents(sent, MOST)
    for name in found:
        if name.lower() not in FILES:
            words = f"{', '.join(FILES[:-1])} and {FILES[-1]}"
            raise UploadRefusedError(f"Send {words}: {name} is none of these, or is there twice")
    return found
