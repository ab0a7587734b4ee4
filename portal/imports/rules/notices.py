"""What a host is told about a row that was read otherwise than it stands; a notice never fails a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.kit.conflicts import Rule, rule

BLANK = rule("blank_row", "This row is blank and was left out.", "Esta fila está en blanco y se omitió.")
BLANKS = rule(
    "blank_row",
    "The rows from here to {last} are blank and were left out.",
    "Las filas desde aquí hasta la {last} están en blanco y se omitieron.",
)
TOTAL = rule(
    "total_row",
    "This row is a total and not a guest; it was left out.",
    "Esta fila es un total y no una persona; se omitió.",
)
NO_NAME = rule(
    "no_name",
    "There is no name in column {column}, so the row was left out.",
    "No hay nombre en la columna {column}, así que la fila se omitió.",
)
UNKNOWN_COLUMN = rule(
    "unknown_column",
    "Column {column}, “{header}”, is not one we know and was left out.",
    "La columna {column}, «{header}», no es conocida y se omitió.",
)
SHARED_ADDRESS = rule(
    "shared_address",
    "{address} is the address of {other}, who stands first. {name} is kept without it.",
    "{address} es el correo de {other}, que está primero. {name} queda sin correo.",
)
ADDRESS_IN_USE = rule(
    "shared_address",
    "{address} already belongs to {other} in your address book. {name} is kept without it.",
    "{address} ya es de {other} en tu libreta de direcciones. {name} queda sin correo.",
)
INVALID_ADDRESS = rule(
    "invalid_address",
    "“{address}” in column {column} is not an e-mail address. {name} is kept without it.",
    "«{address}» en la columna {column} no es un correo. {name} queda sin correo.",
)
DOUBTFUL_PHONE = rule(
    "doubtful_phone",
    "“{phone}” in column {column} does not look like a telephone number; it is kept as it was typed.",
    "«{phone}» en la columna {column} no parece un teléfono; se guarda como está escrito.",
)
NO_PHONE = rule(
    "doubtful_phone",
    "The text in column {column} is too long for a telephone number. {name} is kept without one.",
    "El texto de la columna {column} es demasiado largo para un teléfono. {name} queda sin teléfono.",
)
SAME_NAME = rule(
    "same_name",
    "{name} stands in this household twice, first in row {other}; both are kept.",
    "{name} está dos veces en esta familia, primero en la fila {other}; se conservan ambas.",
)
SAME_HOUSEHOLD = rule(
    "same_household",
    "“{household}” with {name} stands in row {other} too; they are kept as two invitations.",
    "«{household}» con {name} también está en la fila {other}; se conservan como dos invitaciones.",
)
UNCLEAR = rule(
    "neither_yes_nor_no",
    "“{text}” in column {column} is neither yes nor no; it was read as no.",
    "«{text}» en la columna {column} no es ni sí ni no; se tomó como no.",
)
TOO_LONG = rule(
    "too_long",
    "The text in column {column} is longer than {limit} characters; the rest was cut off.",
    "El texto de la columna {column} tiene más de {limit} caracteres; se cortó el resto.",
)
NOBODY_TO_ACCOMPANY = rule(
    "nobody_to_accompany",
    "Nobody in this household has a name, so “{name}” was kept as one.",
    "Nadie en esta familia tiene nombre, así que «{name}» se guardó como nombre.",
)
DIETARY_KEPT = rule(
    "dietary_kept",
    "The dietary needs on the invitation are “{stands}” already; they were kept.",
    "Las necesidades alimentarias de la invitación ya son «{stands}»; se conservaron.",
)
REVOKED = rule(
    "revoked",
    "The link of this household was revoked, so nothing was changed.",
    "El enlace de esta familia fue revocado, así que no se cambió nada.",
)


@dataclass(frozen=True)
class Notice:
    """One thing to tell: what kind it is, about which row, and the words that fill its sentence."""

    what: Rule
    row: int
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The name under which like notices are grouped."""
        return self.what.name

    def sentence(self, language: str) -> str:
        """What the host is told."""
        return self.what.conflict(**self.words).sentence(language)


def notice(what: Rule, row: int, **words: object) -> Notice:
    """A notice about ``row``; a word that is empty leaves the sentence its own ("This guest")."""
    return Notice(what, row, {name: str(word) for name, word in words.items() if word})
