"""What every form shares: the token is checked before any form is read, and a moment is meant where the event is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField

TYPED = "%Y-%m-%dT%H:%M"
"""How a browser writes the moment of a ``datetime-local`` field."""


class Form(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A form of the product."""

    class Meta:
        """The whole application checks the token before any form is read."""

        csrf = False


class MomentField(DateTimeLocalField):  # type: ignore[misc]  # the library has no types
    """A day and a time as people write them on the invitation; ``at`` says which moment that is.

    Whoever fills it in thinks in the event's own time zone, wherever they sit.
    """

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=[TYPED, f"{TYPED}:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def process_formdata(self, valuelist: Any) -> None:
        """Read what was typed; nothing typed is None.

        Raises:
            ValueError: it is no day and time.
        """
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Please give a day and a time.")) from error

    def at(self, time_zone: str) -> datetime | None:
        """The moment in UTC; an hour that comes twice is its first, one that the clocks skip is an hour later.

        Args:
            time_zone: the event's, by its IANA name.
        """
        if self.data is None:
            return None
        local: datetime = self.data.replace(tzinfo=ZoneInfo(time_zone))
        return local.astimezone(UTC)


def local_moment(moment: datetime | None, time_zone: str) -> datetime | None:
    """A moment as it is written in a ``MomentField``: the event's own clock, without a zone."""
    return moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None) if moment else None
