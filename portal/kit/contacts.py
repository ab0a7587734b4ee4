"""E-mail addresses and telephone numbers: from what people type to what is kept."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

MAX_PHONE = 40
MAX_ADDRESS = 320
"""The longest texts the columns hold, in characters."""


@dataclass(frozen=True)
class Phone:
    """A telephone number as it is kept, and whether it can be rung at all."""

    number: str | None
    is_doubtful: bool = False


def email_of(text: str) -> str | None:
    """The e-mail address in a cell, None if it is not one; nobody is asked over the network."""
    address = text.removeprefix("mailto:")
    if len(address) > MAX_ADDRESS:
        return None
    try:
        return validate_email(address, check_deliverability=False, allow_display_name=True).normalized
    except EmailNotValidError:
        return None


def phone_of(text: str) -> Phone:
    """A number with its country (+49…, 0049…) in the form of E.164; a national one as it was typed.

    A national number cannot be told from a wrong one without knowing its
    country, so it is doubtful only if it cannot be a number at all.
    """
    typed = "".join(c for c in text if c.isprintable())
    if len(typed) > MAX_PHONE:
        return Phone(None, is_doubtful=True)
    international = f"+{typed[2:]}" if typed.startswith("00") else typed
    if international.startswith(("+", "＋")):
        return _international(international) or Phone(typed, is_doubtful=True)
    digits = sum(c.isdigit() for c in typed)
    return Phone(typed, is_doubtful=digits < 5 or digits > 15 or any(c.isalpha() for c in typed))


def _international(text: str) -> Phone | None:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Phone(str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)))
