"""Every route that is no guest's, with what a good request to it looks like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from portal.demo.rules.evening import HOST_PASSWORD
from tests.client import Browser


@dataclass(frozen=True)
class Route:
    """A route: ``{event}`` stands for an event, other names for what ``tests.cast.Cast.names`` knows.

    ``answers`` is what somebody hears who may ask.
    """

    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    answers: int = 200

    def ask(self, browser: Browser, **names: object) -> TestResponse:
        """A good request; what it names is put into its address and its form."""
        path, form = self.path.format(**names), self.filled(**names)
        return browser.get(path) if self.method == "GET" else browser.post(path, **form)

    def filled(self, **names: object) -> dict[str, str]:
        """The form of a good request."""
        return {key: value.format(**names) for key, value in self.form.items()}

    def ask_without_token(self, browser: Browser, form: dict[str, Any] | None = None) -> TestResponse:
        """A good request but for the token."""
        return browser.client.open(self.path, method=self.method, data=form or self.form)


PUBLIC = {
    "invitations.front": Route("GET", "/"),
    "invitations.enter_code": Route("POST", "/", {"code": "ZZZZ-ZZZZ-ZZZZ"}),
    "invitations.choose_page_language": Route("POST", "/language", {"language": "es"}),
    "accounts.sign_in": Route("GET", "/sign-in"),
    "accounts.enter": Route("POST", "/sign-in", {"email": "nobody@example.org", "password": "x"}),
    "accounts.sign_out": Route("POST", "/sign-out"),
    "sign_up.begin": Route("GET", "/sign-up"),
    "sign_up.send": Route("POST", "/sign-up", {"email": "new@example.org"}, answers=303),
    "sign_up.sent": Route("GET", "/sign-up/sent"),
    "sign_up.open_link": Route("GET", "/sign-up/forged", answers=410),
    "sign_up.create": Route(
        "POST", "/sign-up/forged", {"name": "Somebody", "organization": "Hall", "password": HOST_PASSWORD}, answers=410
    ),
    "forgotten.begin": Route("GET", "/forgotten"),
    "forgotten.send": Route("POST", "/forgotten", {"email": "nobody@example.org"}, answers=303),
    "forgotten.sent": Route("GET", "/forgotten/sent"),
    "forgotten.open_link": Route("GET", "/forgotten/forged", answers=410),
    "forgotten.change": Route("POST", "/forgotten/forged", {"password": HOST_PASSWORD}, answers=410),
    "account.open_link": Route("GET", "/address/forged", answers=410),
    "providers.begin": Route("GET", "/sign-in/with/nobody", answers=404),
    "providers.come_back": Route("GET", "/sign-in/with/nobody/back", answers=404),
    "providers.confirm": Route("GET", "/sign-in/with/nobody/go-on", answers=303),
    "providers.go_on": Route(
        "POST", "/sign-in/with/nobody/go-on", {"name": "Somebody", "organization": "Hall"}, answers=303
    ),
    "account.use_address": Route("POST", "/address/forged", answers=410),
    "feed.show": Route("GET", "/feeds/forged.csv", answers=404),
    "looks.hue_sheet": Route("GET", "/hue/225.css"),
    "static": Route("GET", "/static/vendor/htmx-4.0.1.min.js"),
}
"""Anybody may ask; a feed asks for its signed code instead, see ``tests/exports/test_feeds.py``."""

PLAN = {
    "title": "Garden party", "starts_at": "2027-06-01T18:00", "ends_at": "2027-06-01T23:00", "time_zone": "UTC",
    "hold_seconds": "0", "hue": "", "motif": "lanterns",
}  # fmt: skip
"""An event as a host fills it in."""

DESK = {
    "events.index": Route("GET", "/host"),
    "guests.index": Route("GET", "/host/guests"),
    "guests.doubles": Route("GET", "/host/guests/doubles"),
    "editing.begin": Route("GET", "/host/events/new"),
    "editing.create": Route("POST", "/host/events/new", PLAN, answers=303),
    "life.archive": Route("GET", "/host/archive"),
    "account.show": Route("GET", "/host/account"),
    "account.rename": Route("POST", "/host/account/name", {"name": "Noor Haddad"}, answers=303),
    "account.set_password": Route(
        "POST", "/host/account/password", {"current": HOST_PASSWORD, "password": HOST_PASSWORD}, answers=303
    ),
    "account.ask_for_address": Route(
        "POST", "/host/account/address", {"current": HOST_PASSWORD, "email": "new@example.org"}, answers=303
    ),
    "account.end_one": Route("POST", "/host/account/sessions/77/end", answers=303),
    "account.end_others": Route("POST", "/host/account/sessions/end", answers=303),
    "account.remove": Route("POST", "/host/account/delete", {"current": HOST_PASSWORD}, answers=303),
}
"""Whoever is signed in sees their own."""

EVENTS = {
    "events.overview": Route("GET", "/host/events/{event}"),
    "events.tallies": Route("GET", "/host/events/{event}/tallies"),
    "events.todo": Route("GET", "/host/events/{event}/todo"),
    "events.parts": Route("GET", "/host/events/{event}/parts"),
    "events.everything_to_sort_out": Route("GET", "/host/events/{event}/to-sort-out"),
    "events.everything": Route("GET", "/host/events/{event}/to-sort-out/list"),
    "events.room": Route("GET", "/host/events/{event}/room"),
    "events.meals": Route("GET", "/host/events/{event}/meals"),
    "events.feed": Route("GET", "/host/events/{event}/feed"),
    "events.as_guest": Route("GET", "/host/events/{event}/as-guest", answers=303),
    "events.stream": Route("GET", "/host/events/{event}/live", answers=503),
}
"""What is about an event; a stream is refused with 503 where nobody listens, as in most tests."""

HOUSEHOLD = "/host/events/{event}/invitations/{invitation}"
PERSON = f"{HOUSEHOLD}/members/{{member}}"
SEATING = {
    "seating_host.plan": Route("GET", "/host/events/{event}/seating"),
    "seating_host.part": Route("GET", "/host/events/{event}/seating/plan"),
    "seating_host.choose": Route("POST", "/host/events/{event}/seating/choose", {"place": "{place}"}, answers=303),
    "seating_host.seat": Route(
        "POST", "/host/events/{event}/seating/seat", {"place": "{place}", "seat": "{seat}"}, answers=303
    ),
    "seating_host.seats": Route("POST", "/host/events/{event}/seating/seats", {"moves": "{place}>{seat}"}, answers=303),
    "seating_host.free": Route("POST", "/host/events/{event}/seating/free", {"place": "{place}"}, answers=303),
    "seating_host.undo": Route("POST", "/host/events/{event}/seating/undo", answers=303),
    "seating_rest.preview": Route("GET", "/host/events/{event}/seating/rest"),
    "seating_rest.seat": Route("POST", "/host/events/{event}/seating/rest", {"moves": "{place}>{seat}"}, answers=303),
    "seating_places.place": Route("GET", "/host/events/{event}/seating/places/{place}"),
    "seating_places.save": Route(
        "POST",
        "/host/events/{event}/seating/places/{place}",
        {"table": "{table}", "seat": "6", "display_name": "Ngozi"},
        answers=303,
    ),
    "seating_places.save_table": Route(
        "POST", "/host/events/{event}/seating/places/{place}/table", {"table": ""}, answers=303
    ),
}
"""Where everybody sits; ``{place}`` is a guest's place at the event."""

HOUSEHOLDS = {
    "households.index": Route("GET", "/host/events/{event}/invitations"),
    "households.household": Route("GET", f"{HOUSEHOLD}"),
    "households.order": Route("POST", f"{HOUSEHOLD}/order", {"down": "{member}"}, answers=303),
    "households.mark_several": Route(
        "POST", "/host/events/{event}/invitations/sent", {"invitation": "{invitation}"}, answers=303
    ),
    "households.answer_for_all": Route("POST", f"{HOUSEHOLD}/rsvp", {"status": "accepted"}, answers=303),
    "households.answer_for_one": Route("POST", f"{PERSON}/rsvp", {"status": "accepted"}, answers=303),
    "households.wait": Route("POST", f"{HOUSEHOLD}/waiting", answers=303),
    "households.mark": Route("POST", f"{HOUSEHOLD}/sent", answers=303),
    "households.revoke": Route("POST", f"{HOUSEHOLD}/link/revoke", answers=303),
    "households.restore": Route("POST", f"{HOUSEHOLD}/link/restore", answers=303),
    "households.renew": Route("POST", f"{HOUSEHOLD}/link/renew", {"version": "1"}, answers=303),
    "households.qr": Route("GET", f"{HOUSEHOLD}/qr.svg"),
    "answers.details": Route("GET", f"{PERSON}/details"),
    "answers.save_details": Route("POST", f"{PERSON}/details", {"meal": "Fish"}, answers=409),
    "groups.new": Route("GET", "/host/events/{event}/invitations/new"),
    "groups.create": Route(
        "POST", "/host/events/{event}/invitations", {"name": "Park family", "people": "Somebody Else"}, answers=303
    ),
    "groups.more": Route("GET", f"{HOUSEHOLD}/people"),
    "groups.add": Route("POST", f"{HOUSEHOLD}/people", {"people": "Somebody New"}, answers=303),
    "groups.name": Route("GET", f"{HOUSEHOLD}/name"),
    "groups.rename": Route("POST", f"{HOUSEHOLD}/name", {"name": "Another name"}, answers=409),
    "groups.member": Route("GET", f"{PERSON}"),
    "groups.save_member": Route("POST", f"{PERSON}", {"name": "Another name"}, answers=409),
    "groups.leave": Route("GET", f"{PERSON}/remove"),
    "groups.remove": Route("POST", f"{HOUSEHOLD}/members/{{leaving}}/remove", answers=303),
    "groups.elsewhere": Route("GET", f"{PERSON}/move"),
    "groups.move": Route("POST", f"{HOUSEHOLD}/members/{{moving}}/move", {"to": "{household}"}, answers=303),
}
"""What is about the invitations of an event."""

BOOK = {
    "guests.person": Route("GET", "/host/guests/{guest}"),
    "guests.save": Route("POST", "/host/guests/{guest}", {"name": "Another name"}, answers=409),
    "guests.compare": Route("GET", "/host/guests/{guest}/merge/{other}"),
    "guests.merge": Route("POST", "/host/guests/{guest}/merge/{other}", answers=409),
}
"""What is about somebody of the organization's address book."""

EXPORTS = {
    "exports.export": Route("GET", "/host/events/{event}/export/guests.csv"),
    "sheets.index": Route("GET", "/host/events/{event}/print"),
    "sheets.show": Route("GET", "/host/events/{event}/print/cards"),
    "sheets.caterer": Route("GET", "/host/events/{event}/print/kitchen"),
    "sheets.cards_with_links": Route("GET", "/host/events/{event}/print/invitations"),
    "feeds.add": Route("POST", "/host/events/{event}/feeds", {"kind": "guests", "name": "The caterer"}, answers=303),
    "feeds.revoke": Route("POST", "/host/events/{event}/feeds/{feed}/revoke", answers=303),
}
"""What leaves the house."""

SETTINGS = {
    "editing.settings": Route("GET", "/host/events/{event}/settings"),
    "editing.save": Route("POST", "/host/events/{event}/settings", {**PLAN, "version": "1"}, answers=303),
}
"""Settling an event."""

FLOOR = "/host/events/{event}/room-plan"
VERSION = {"version": "{draft}"}
ROOM = {
    "room.edit": Route("GET", FLOOR),
    "room.news": Route("GET", f"{FLOOR}/news"),
    "room_laying.show": Route("GET", f"{FLOOR}/lay"),
    "room_laying.lay": Route("POST", f"{FLOOR}/lay", {**VERSION, "words": "2 round tables of 4"}, 303),
    "room.add_landmark": Route("POST", f"{FLOOR}/landmarks", {**VERSION, "label": "Bar"}, 303),
    "room.save_landmark": Route(
        "POST",
        FLOOR + "/landmarks/{landmark}",
        {**VERSION, "label": "Stage", "x": "10", "y": "10", "width": "100", "height": "40"},
        303,
    ),
    "room.remove_landmark": Route("POST", FLOOR + "/landmarks/{landmark}/remove", VERSION, 303),
    "room.move": Route("POST", f"{FLOOR}/move", {**VERSION, "table": "{table}", "x": "100", "y": "500"}, 303),
    "room.save_table": Route(
        "POST",
        FLOOR + "/tables/{table}",
        {**VERSION, "name": "By the window", "shape": "long", "seats": "10", "x": "100", "y": "500", "rotation": "0"},
        303,
    ),
    "room.save_seats": Route("POST", FLOOR + "/tables/{table}/seats", {**VERSION, "label-0": "1a"}, 303),
    "room.duplicate": Route("POST", FLOOR + "/tables/{table}/duplicate", VERSION, 303),
    "room.remove_table": Route("POST", FLOOR + "/tables/{table}/remove", {**VERSION, "anyway": "1"}, 303),
    "room.undo": Route("POST", f"{FLOOR}/undo", VERSION, 303),
    "room.redo": Route("POST", f"{FLOOR}/redo", VERSION, 303),
    "room.discard": Route("POST", f"{FLOOR}/discard", VERSION, 303),
    "room_files.show": Route("GET", f"{FLOOR}/file"),
    "room_files.export": Route("GET", f"{FLOOR}/room.json"),
    "room_files.bring": Route("POST", f"{FLOOR}/file", {**VERSION, "words": "{room}"}, 303),
    "room_files.bring_from_event": Route("POST", f"{FLOOR}/file/from-event", {**VERSION, "from": "{event}"}, 303),
    "room_publishing.show": Route("GET", f"{FLOOR}/publish"),
    "room_publishing.publish": Route("POST", f"{FLOOR}/publish", VERSION, 303),
}
"""The floor plan and its draft; each change names the version that the one before it made."""

IMPORT = "/host/events/{event}/import/{import}"
IMPORTS = {
    "imports.start": Route("GET", "/host/events/{event}/import"),
    "imports.upload": Route("POST", "/host/events/{event}/import", {"pasted": "Household,Name\nCosta,Ada"}, 303),
    "imports.show": Route("GET", IMPORT),
    "imports.stage": Route("GET", f"{IMPORT}/stage"),
    "imports.left_out": Route("GET", f"{IMPORT}/left-out.csv"),
    "imports.map_columns": Route(
        "POST",
        f"{IMPORT}/columns",
        {"column_0": "household", "column_1": "name", "header_row": "1", "version": "1"},
        answers=303,
    ),
    "imports.mend": Route("POST", IMPORT + "/rows/{row}", {"do": "save", "cell_1": "Eva", "version": "1"}, 303),
    "imports.write": Route("POST", f"{IMPORT}/write", {"version": "3"}, 303),
    "imports.go_on": Route("POST", f"{IMPORT}/go-on", answers=303),
    "imports.undo": Route("POST", f"{IMPORT}/undo", answers=303),
    "imports.discard": Route("POST", f"{IMPORT}/discard", answers=303),
}
"""A guest list on its way in; each change names the version that the one before it made."""

PART = {"title": "Dinner", "starts_at": "2027-06-01T19:00", "ends_at": "2027-06-01T21:00", "version": "1"}
PARTS = {
    "parts.index": Route("GET", "/host/events/{event}/sessions"),
    "parts.add": Route("POST", "/host/events/{event}/sessions", PART, answers=303),
    "parts.show": Route("GET", "/host/events/{event}/sessions/{part}"),
    "parts.save": Route("POST", "/host/events/{event}/sessions/{part}", PART, answers=303),
    "parts.remove": Route("POST", "/host/events/{event}/sessions/{part}/remove", {"anyway": "y"}, answers=303),
}
"""What happens at an event."""

ORGANIZERS = {
    "organizers.index": Route("GET", "/host/events/{event}/organizers"),
    "organizers.add": Route("POST", "/host/events/{event}/organizers/{user}/add", answers=303),
    "organizers.remove": Route("POST", "/host/events/{event}/organizers/{user}/remove", answers=409),
}
"""Who organizes an event; the cast's host is the only one."""

ACTIVITY = {"activity.show": Route("GET", "/host/events/{event}/activity")}
"""Who did what."""

LIFE = {
    "life.status": Route("GET", "/host/events/{event}/status"),
    "life.confirm": Route("GET", "/host/events/{event}/status/cancel"),
    "life.turn": Route("POST", "/host/events/{event}/status/publish", answers=303),
    "life.restore": Route("POST", "/host/archive/{event}/restore", answers=303),
}
"""What becomes of an event; publishing and restoring one that is there changes nothing."""

HOST_ROUTES = {
    **EVENTS,
    **HOUSEHOLDS,
    **BOOK,
    **EXPORTS,
    **SETTINGS,
    **ROOM,
    **SEATING,
    **IMPORTS,
    **LIFE,
    **PARTS,
    **ACTIVITY,
    **ORGANIZERS,
}
"""Only for hosts of the event's organization, and superusers."""
