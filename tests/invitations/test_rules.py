"""What follows from answers, and how dietary needs travel between boxes and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invitations.rules import DIETARY_NEEDS, InvitationStatus, invitation_status, join_dietary, split_dietary

WORDS = st.text(st.characters(exclude_characters=";", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ([], "pending"),
        (["pending"], "pending"),
        (["pending", "pending"], "pending"),
        (["accepted"], "accepted"),
        (["accepted", "accepted"], "accepted"),
        (["declined"], "declined"),
        (["declined", "declined"], "declined"),
        (["accepted", "declined"], "partial"),
        (["accepted", "pending"], "partial"),
        (["declined", "pending"], "partial"),
        (["accepted", "declined", "pending"], "partial"),
    ],
)
def test_the_status_of_an_invitation_follows_from_its_members(answers: list[str], status: str) -> None:
    assert invitation_status(answers) == status
    assert invitation_status(answers, attended=True) == InvitationStatus.ATTENDED


@pytest.mark.parametrize(
    ("text", "boxes", "words"),
    [
        ("", [], ""),
        ("no nuts", ["no nuts"], ""),
        ("No Nuts; severe", ["no nuts"], "severe"),
        ("vegan; no nuts", ["vegan", "no nuts"], ""),
        ("no nuts; vegan", ["vegan", "no nuts"], ""),
        (" ;; sesame ; carries a pen;", ["sesame"], "carries a pen"),
        ("nothing with nuts", [], "nothing with nuts"),
        ("ohne Erdnüsse; 花生", [], "ohne Erdnüsse; 花生"),
    ],
)
def test_needs_that_have_a_box_are_told_from_words(text: str, boxes: list[str], words: str) -> None:
    assert split_dietary(text) == (boxes, words)


@given(st.lists(st.sampled_from(DIETARY_NEEDS), unique=True), st.lists(WORDS, max_size=3))
def test_what_was_joined_is_split_again(needs: list[str], parts: list[str]) -> None:
    free = [part.strip() for part in parts if part.strip() and part.strip().casefold() not in DIETARY_NEEDS]
    known, words = split_dietary(join_dietary(needs, "; ".join(free)))
    assert set(known) == set(needs)
    assert words == "; ".join(free)
    assert split_dietary(join_dietary(known, words)) == (known, words)
