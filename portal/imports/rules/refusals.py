"""Why a file cannot be imported at all: one sentence, with the row and column where one is to blame."""

from __future__ import annotations

from portal.kit.conflicts import Rule, rule

MAX_BYTES = 5 * 1024 * 1024
"""The largest file, as it lies on the disk."""

MAX_UNPACKED = 20 * 1024 * 1024
"""The largest workbook, unpacked."""

MAX_ROWS = 10_000
"""The most guests' rows below the header."""

MAX_COLUMNS = 200
"""The column beyond which nothing may stand."""

NO_FILE = rule(
    "no_file",
    "There is no file “{path}” that can be read.",
    "No hay ningún archivo «{path}» que se pueda leer.",
)
NOT_A_SPREADSHEET = rule(
    "not_a_spreadsheet",
    "This file is not a spreadsheet. Save the list as .xlsx or as “CSV UTF-8” and try again.",
    "Este archivo no es una hoja de cálculo. Guarda la lista como .xlsx o como «CSV UTF-8» e inténtalo otra vez.",
)
OLD_OR_LOCKED = rule(
    "old_or_locked",
    "This is an old Excel file or one with a password. Save it as .xlsx without a password and try again.",
    "Este es un archivo de Excel antiguo o con contraseña. Guárdalo como .xlsx sin contraseña e inténtalo otra vez.",
)
TOO_LARGE = rule(
    "too_large",
    "This file is larger than 5 MB. Save it without pictures, or split the list in two.",
    "Este archivo pesa más de 5 MB. Guárdalo sin imágenes o divide la lista en dos.",
)
TOO_LARGE_UNPACKED = rule(
    "too_large_unpacked",
    "This workbook holds more than a guest list can (20 MB unpacked). Copy the list into a new one and try again.",
    "Este libro contiene más de lo que cabe en una lista de invitados (20 MB sin comprimir)."
    " Copia la lista a uno nuevo e inténtalo otra vez.",
)
DAMAGED = rule(
    "damaged",
    "This workbook is damaged and cannot be read. Open it, save it again as .xlsx and try once more.",
    "Este libro está dañado y no se puede leer. Ábrelo, guárdalo de nuevo como .xlsx e inténtalo otra vez.",
)
TOO_MANY_ROWS = rule(
    "too_many_rows",
    "Row {row} is one too many: a list may have 10,000 rows. Split it in two and import both.",
    "La fila {row} ya no cabe: una lista puede tener 10 000 filas. Divídela en dos e importa ambas.",
)
TOO_WIDE = rule(
    "too_wide",
    "Row {row} goes on beyond column {column}: a list may have 200 columns. Remove those that are not needed.",
    "La fila {row} sigue más allá de la columna {column}: una lista puede tener 200 columnas. Quita las que sobren.",
)
UNREADABLE_CHARACTER = rule(
    "unreadable_character",
    "Row {row} holds a character that is not text. Save the list as “CSV UTF-8” or as .xlsx and try again.",
    "La fila {row} tiene un carácter que no es texto. Guarda la lista como «CSV UTF-8» o .xlsx e inténtalo otra vez.",
)
OPEN_QUOTE = rule(
    "open_quote",
    "In row {row} a quotation mark opens a cell and does not close it properly. Correct it and try again.",
    "En la fila {row} unas comillas abren una celda y no la cierran bien. Corrígelas e inténtalo otra vez.",
)
EMPTY = rule(
    "empty",
    "This file is empty. It needs a row of headers and a row for each guest.",
    "Este archivo está vacío. Necesita una fila de encabezados y una fila por cada persona invitada.",
)
NO_COLUMNS = rule(
    "no_columns",
    "Row {row} names no column we know. At least “Household” and “Name” are needed.",
    "La fila {row} no nombra ninguna columna conocida. Se necesitan al menos «Familia» y «Nombre».",
)
NO_HOUSEHOLD_COLUMN = rule(
    "no_household_column",
    "Row {row} has no column for the household. Call one “Household”: those who share it share an invitation.",
    "La fila {row} no tiene una columna para la familia. Llama a una «Familia»: quienes la comparten,"
    " comparten la invitación.",
)
NO_NAME_COLUMN = rule(
    "no_name_column",
    "Row {row} has no column for names. Call one “Name”, or two “First name” and “Last name”.",
    "La fila {row} no tiene una columna para los nombres. Llama a una «Nombre», o a dos «Nombre» y «Apellidos».",
)
NO_HOUSEHOLD_ABOVE = rule(
    "no_household_above",
    "Row {row}, column {column}: the first guest needs a household, for there is none above to share."
    " Fill in this cell and try again.",
    "Fila {row}, columna {column}: la primera persona necesita una familia, porque arriba no hay ninguna."
    " Llena esta celda e inténtalo otra vez.",
)
NOBODY = rule(
    "nobody",
    "Below the headers in row {row} there is nobody on this list.",
    "Debajo de los encabezados de la fila {row} no hay nadie en esta lista.",
)


class Unusable(Exception):
    """A file that cannot be imported; nothing was written."""

    def __init__(self, why: Rule, **words: object) -> None:
        super().__init__(why.name)
        self.why = why
        self.words = {name: str(word) for name, word in words.items()}

    def sentence(self, language: str) -> str:
        """What is wrong and what to do about it."""
        return self.why.conflict(**self.words).sentence(language)
