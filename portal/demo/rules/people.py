"""Who is invited to the sample event, what they said and what they eat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import cycle

from portal.invitations.models import Rsvp

MEALS = ("Chicken", "Vegetarian", "Fish", "Child’s meal", "Vegan")
CHILD_MEAL = "Child’s meal"
MENU_ROUND = (
    "Chicken",
    "Fish",
    "Chicken",
    "Vegetarian",
    "Chicken",
    "Vegetarian",
    "Chicken",
    "Fish",
    "Vegan",
    "Chicken",
)
"""What the adults choose, one after the other."""


@dataclass(frozen=True)
class Person:
    """Somebody on the guest list: ``Ada Okafor*`` is a child, ``+Tom Weller`` a plus-one who may be unnamed.

    A name in brackets has not answered although others of the household have;
    ``-`` before a name: cannot come.
    """

    name: str
    is_child: bool
    is_plus_one: bool
    answer: Rsvp


@dataclass(frozen=True)
class Household:
    """An invitation: ``said`` is the table they sit at, "yes" without a seat, "no", or empty for no answer."""

    name: str
    people: str
    said: str = ""
    is_vip: bool = False
    language: str | None = None

    @property
    def members(self) -> list[Person]:
        """Everybody on the invitation, with what they said."""
        return [_person(mark.strip(), self.said) for mark in self.people.split(",")]

    @property
    def table(self) -> str | None:
        """Where they sit."""
        return self.said if self.said.isdigit() else None


HOUSEHOLDS = (
    Household("The Okafor family", "Ngozi Okafor, Daniel Okafor, Ada Okafor*, Tobi Okafor*"),
    Household("The Mensah family", "Ruth Mensah, Kofi Mensah", "1", is_vip=True),
    Household("The Costa family", "Rui Costa, Marta Costa, Inês Costa*", "no"),
    Household("The Haddad family", "Layla Haddad, Omar Haddad, Nour Haddad*, -Sami Haddad*", "4"),
    Household("The Papadopoulos family", "Eleni Papadopoulos, Nikos Papadopoulos, Sofia Papadopoulou*", "3"),
    Household("The Nguyễn family", "Linh Nguyễn, Minh Nguyễn, An Nguyễn*, Bảo Nguyễn*", "6"),
    Household("Margaret & Arthur Hollis", "Margaret Hollis, Arthur Hollis", "11"),
    Household("The Hernández family", "Carmen Hernández, Luis Hernández, Mateo Hernández*, Valentina Hernández*", "10",
              language="es"),
    Household("The Mwangi family", "Wanjiru Mwangi, David Mwangi, Njeri Mwangi*, Kamau Mwangi*", "8"),
    Household("The Rivera–Sato family", "Elena Rivera, Kenji Sato, Mia Rivera Sato*, Leo Rivera Sato*", "2"),
    Household("Astrid & Henrik Lindqvist", "Astrid Lindqvist, Henrik Lindqvist", "1", is_vip=True),
    Household("The Abara family", "Chidi Abara, Ifeoma Abara, Kamsi Abara*, Zara Abara*, Obi Abara*", "3"),
    Household("The Müller family", "Anja Müller, Stefan Müller", "no"),
    Household("The Rossi family", "Giulia Rossi, Marco Rossi, Chiara Rossi*, Luca Rossi*", "8"),
    Household("The O’Sullivan family", "Niamh O’Sullivan, Declan O’Sullivan, Finn O’Sullivan*", "6"),
    Household("The Hassan family", "Fatima Hassan, Yusuf Hassan, Idris Hassan*, Maryam Hassan*", "12"),
    Household("The Þórsson family", "Björn Þórsson, Sigríður Jónsdóttir, Katla Björnsdóttir*", "10"),
    Household("Amira & Tariq Aziz", "Amira Aziz, Tariq Aziz", "1", is_vip=True),
    Household("The Fernández family", "Inés Fernández, Pablo Fernández, Lucía Fernández*", "4", language="es"),
    Household("Walter & Ingrid Brandt", "Walter Brandt, Ingrid Brandt", "3"),
    Household("Sean Gallagher", "Sean Gallagher", "no"),
    Household("The Ivanenko family", "Olena Ivanenko, Maksym Ivanenko, Daryna Ivanenko*", "5"),
    Household("The Kowalski family", "Agnieszka Kowalska, Piotr Kowalski, Zosia Kowalska*", "6"),
    Household("Beatriz & Tomás Almeida", "Beatriz Almeida, Tomás Almeida", "8"),
    Household("The Cohen family", "Miriam Cohen, Ari Cohen", "11"),
    Household("The Yılmaz family", "Elif Yılmaz, Emre Yılmaz, Deniz Yılmaz*", "10"),
    Household("Aoife & Ciarán Byrne", "Aoife Byrne, Ciarán Byrne", "2"),
    Household("Chloé & Antoine Dubois", "Chloé Dubois, Antoine Dubois", "no"),
    Household("The Singh family", "Harpreet Singh, Manjit Kaur, Simran Kaur*", "9"),
    Household("Priya & Dev Nair", "Priya Nair, Dev Nair", "12"),
    Household("Marek Novák", "Marek Novák, +Jana Dvořáková", "2"),
    Household("The Tanaka family", "Hiroshi Tanaka, Yuki Tanaka, Emi Tanaka*", "7"),
    Household("Grace & Samuel Adeyemi", "Grace Adeyemi, Samuel Adeyemi", "5"),
    Household("Pavel Horák", "Pavel Horák", "no"),
    Household("Rosa Delgado", "Rosa Delgado", "11", language="es"),
    Household("Yara & Elias Khoury", "Yara Khoury, (Elias Khoury)", "yes"),
    Household("Noor Rahimi", "Noor Rahimi", "9"),
    Household("The Boateng family", "Akosua Boateng, Kwame Boateng, Ama Boateng*", "yes"),
    Household("The Park family", "Jiho Park, Hana Park, Jun Park*", "4"),
    Household("Lena Brandt", "Lena Brandt, +Tom Weller", "5"),
    Household("The Sørensen family", "Mette Sørensen, Jonas Sørensen, Alma Sørensen*"),
    Household("Hye-jin Lim", "Hye-jin Lim, +"),
    Household("Dana & Yoav Kaplan", "Dana Kaplan, Yoav Kaplan"),
    Household("The Petrović family", "Jelena Petrović, Nikola Petrović, Luka Petrović*"),
    Household("Oluwaseun Ade", "Oluwaseun Ade"),
    Household("Siobhán Kearney", "Siobhán Kearney"),
    Household("Camila & Andrés Rojas", "Camila Rojas, Andrés Rojas", language="es"),
    Household("Wei & Xiùyīng Zhang", "Wei Zhang, Xiùyīng Zhang"),
    Household("Emil Sandberg", "Emil Sandberg, +"),
    Household("Leilani Kahale", "Leilani Kahale"),
    Household("George Whitcombe", "George Whitcombe"),
    Household("Anneke de Vries", "Anneke de Vries"),
    Household("Farid & Leyla Karimi", "Farid Karimi, Leyla Karimi"),
    Household("Josephine Baptiste", "Josephine Baptiste"),
    Household("Ravi Menon", "Ravi Menon"),
    Household("Tereza Malá", "Tereza Malá"),
    Household("Ewan MacLeod", "Ewan MacLeod"),
    Household("Halima Yusuf", "Halima Yusuf"),
    Household("Bruno Keller", "Bruno Keller"),
    Household("Nia Griffiths", "Nia Griffiths"),
)  # fmt: skip

DIETARY = {
    "Nour Haddad": "no nuts",
    "Emi Tanaka": "no nuts",
    "Simran Kaur": "no nuts; carries a pen",
    "Mia Rivera Sato": "no nuts",
    "Katla Björnsdóttir": "lactose",
    "Grace Adeyemi": "lactose",
    "Margaret Hollis": "coeliac",
    "Ari Cohen": "kosher; sesame",
    "Fatima Hassan": "halal",
    "Yusuf Hassan": "halal",
    "Tariq Aziz": "halal",
    "Priya Nair": "vegetarian",
}
NOTES = {
    "Akosua Boateng": "Can we bring a highchair?",
    "Arthur Hollis": "I use a stick, so a seat near the door would be kind.",
    "Kenji Sato": "Happy to help hang lanterns in the afternoon.",
    "Carmen Hernández": "¡Gracias por la invitación!",
    "Rui Costa": "We are away that weekend. Have a wonderful night.",
}
HOST_NOTES = {
    "Ruth Mensah": "Head teacher, says a few words before supper.",
    "Astrid Lindqvist": "Lends us the depot.",
}
OWN_MEAL = {"Jun Park": "Vegan", "Priya Nair": "Vegetarian"}


def meals() -> dict[str, str]:
    """What everybody with a seat eats: the children their own, the adults one after the other."""
    adults = cycle(MENU_ROUND)
    return {
        person.name: OWN_MEAL.get(person.name) or (CHILD_MEAL if person.is_child else next(adults))
        for household in HOUSEHOLDS
        if household.table is not None
        for person in household.members
        if person.answer == Rsvp.ACCEPTED
    }


def _person(mark: str, said: str) -> Person:
    answer = {"": Rsvp.PENDING, "no": Rsvp.DECLINED}.get(said, Rsvp.ACCEPTED)
    person = Person(mark.strip("+-*()"), mark.endswith("*"), mark.startswith("+"), answer)
    if mark.startswith("-"):
        return replace(person, answer=Rsvp.DECLINED)
    return replace(person, answer=Rsvp.PENDING) if mark.startswith("(") else person
