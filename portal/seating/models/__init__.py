"""Tables, seats, places and claims, and what households ask of each other about them."""

from __future__ import annotations

from portal.seating.models.hosting import SeatingStep, SeatNotice
from portal.seating.models.requests import HouseholdRequest, RequestKind, RequestState
from portal.seating.models.seats import (
    Category,
    ClaimState,
    GuestAssignment,
    Seat,
    SeatClaim,
    Shape,
    Table,
    TableKind,
)

__all__ = [
    "Category",
    "ClaimState",
    "GuestAssignment",
    "HouseholdRequest",
    "RequestKind",
    "RequestState",
    "Seat",
    "SeatClaim",
    "SeatNotice",
    "SeatingStep",
    "Shape",
    "Table",
    "TableKind",
]
