"""Ages in completed months, from years and back. Pure."""

_YEAR = 12


def youngest(years: int | None) -> int | None:
    """The first month of life in which somebody is that old."""
    return None if years is None else years * _YEAR


def oldest(years: int | None) -> int | None:
    """The last month of life in which somebody is that old."""
    return None if years is None else years * _YEAR + _YEAR - 1


def as_typed(months: int, *, is_oldest: bool) -> str:
    """An age as one would type it: in years where it is whole years, else in months."""
    years, rest = divmod(months + is_oldest, _YEAR)
    if rest or not years:
        return f"{months} months"
    return str(years - is_oldest)


def in_words(least: int | None, most: int | None) -> str:
    """Who is treated: ``16 years and over``, ``Up to 15 years``, ``6 months to 15 years``."""
    if least and most is not None:
        return f"{_said(least)} to {_said(most, is_oldest=True)}"
    if least:
        return f"{_said(least)} and over"
    return "All ages" if most is None else f"Up to {_said(most, is_oldest=True)}"


def _said(months: int, *, is_oldest: bool = False) -> str:
    """An age with its unit: ``1 year``, ``16 years``, ``6 months``."""
    number, _, unit = as_typed(months, is_oldest=is_oldest).partition(" ")
    words = f"{number} {unit or 'years'}"
    return words.removesuffix("s") if number == "1" else words
