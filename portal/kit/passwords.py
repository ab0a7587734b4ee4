"""Passwords: argon2id, off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool

R = TypeVar("R")


def hash_password(password: str) -> str:
    """The argon2id hash that is stored."""
    hasher = _hasher()  # here, as the other thread knows no application
    return _aside(lambda: hasher.hash(password))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is right; an account without one takes as long to say no."""
    hasher = _hasher()

    def check() -> bool:
        try:
            return hasher.verify(password_hash or current_decoy, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False

    current_decoy = _decoy(hasher)
    return _aside(check)


def _hasher() -> PasswordHasher:
    cheap: bool = current_app.config.get("CHEAP_PASSWORDS", False)
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


def _decoy(hasher: PasswordHasher) -> str:
    """A hash with the present cost that fits no password, made once per process."""
    kept: dict[int, str] = current_app.extensions.setdefault("password_decoys", {})
    if hasher.memory_cost not in kept:
        kept[hasher.memory_cost] = _aside(lambda: hasher.hash("nobody has this password"))
    return kept[hasher.memory_cost]


def _aside(work: Callable[[], R]) -> R:
    """Run CPU-bound ``work`` in a thread: inline it would stall every other phone."""
    if is_module_patched("threading"):
        result: R = _thread().apply(work)
        return result
    return work()


@cache
def _thread() -> ThreadPool:
    """One at a time in each process: a hash fills every core by itself, and ten at once would take 640 MB."""
    return ThreadPool(1)
