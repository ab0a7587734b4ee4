"""Calendar files (RFC 5545) and links that add an appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import icalendar


@dataclass(frozen=True)
class Appointment:
    """What goes into a calendar."""

    uid: str
    title: str
    place: str
    description: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    canceled: bool = False


def ics(appointment: Appointment, *, now: datetime) -> bytes:
    """The appointment as a calendar file, with its time zone, so that the wall clock stays right."""
    zone = ZoneInfo(appointment.time_zone)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Placecard//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if appointment.canceled else "PUBLISH")
    entry = icalendar.Event()
    entry.add("uid", appointment.uid)
    entry.add("dtstamp", now)
    entry.add("dtstart", appointment.starts_at.astimezone(zone))
    entry.add("dtend", appointment.ends_at.astimezone(zone))
    entry.add("summary", appointment.title)
    entry.add("location", appointment.place)
    entry.add("description", appointment.description)
    entry.add("status", "CANCELLED" if appointment.canceled else "CONFIRMED")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def google_link(appointment: Appointment) -> str:
    """The address at which Google Calendar offers to add the appointment."""
    moments = [
        moment.astimezone(ZoneInfo("UTC")).strftime("%Y%m%dT%H%M%SZ")
        for moment in (appointment.starts_at, appointment.ends_at)
    ]
    words = {
        "action": "TEMPLATE",
        "text": appointment.title,
        "dates": "/".join(moments),
        "location": appointment.place,
        "details": appointment.description,
        "ctz": appointment.time_zone,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(words)}"
