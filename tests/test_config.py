from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from flask import request

from portal import config, create_app
from portal.config import ROOT, ConfigurationError, from_environment
from tests.conftest import settings_for

KEY = "k" * 32
PRODUCTION = {"SECRET_KEY": KEY}


def refusal(**environment: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        from_environment({**PRODUCTION, **environment})
    return str(refused.value)


def test_production_insists_on_a_key_of_its_own() -> None:
    for key in ("", "k" * 31):
        assert refusal(SECRET_KEY=key).startswith("SECRET_KEY is missing or shorter than 32 characters.")
    assert from_environment(PRODUCTION)["SECRET_KEY"] == KEY
    assert from_environment({"SECRET_KEY": "short", "PLACECARD_ENV": "demo"})["SECRET_KEY"] == "short"


def test_a_kept_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    first = config.kept_secret(tmp_path / "var" / "secret-key")
    assert len(first) >= 32
    assert config.kept_secret(tmp_path / "var" / "secret-key") == first
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("environment", "address", "trusted"),
    [
        ({}, "http://127.0.0.1:8000", "127.0.0.1"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123", "127.0.0.1"),
        ({"HOST": "192.168.1.7", "PORT": "80"}, "http://192.168.1.7:80", "192.168.1.7"),
        ({"HOST": "::1"}, "http://[::1]:8000", "[::1]"),
        ({"PUBLIC_URL": "https://Seats.example.org/", "PORT": "1"}, "https://Seats.example.org", "seats.example.org"),
    ],
)
def test_links_carry_the_public_address(environment: dict[str, str], address: str, trusted: str) -> None:
    settings = from_environment({**PRODUCTION, **environment})
    assert settings["PUBLIC_URL"] == address
    assert trusted in settings["TRUSTED_HOST_NAMES"]
    assert settings["SESSION_COOKIE_SECURE"] == address.startswith("https")


def test_a_server_on_every_address_is_reached_by_one_that_a_phone_can_use() -> None:
    settings = from_environment({**PRODUCTION, "HOST": "0.0.0.0"})
    host = settings["PUBLIC_URL"].removeprefix("http://").removesuffix(":8000")
    assert host != "0.0.0.0"
    assert host in settings["TRUSTED_HOST_NAMES"]


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org", "https://", "https://a b", "https://a:99999"])
def test_a_public_address_that_is_none_is_refused(url: str) -> None:
    assert refusal(PUBLIC_URL=url).startswith(f"PUBLIC_URL “{url.rstrip('/')}” is not a web address.")


def test_a_public_address_has_no_path() -> None:
    assert refusal(PUBLIC_URL="https://example.org/seats").endswith("Write only its beginning: https://example.org")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert refusal(PORT=port) == f"PORT “{port}” cannot be used. It is a whole number from 1 to 65535."


def test_unknown_surroundings_are_refused() -> None:
    assert refusal(PLACECARD_ENV="staging") == "PLACECARD_ENV “staging” is unknown. It is production, demo or test."


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u@h:5433/d", "postgresql://u@h:5433/d"),
        ("postgresql+psycopg://h/d", "postgresql://h/d"),
        ("sqlite:////tmp/placecard.sqlite", "sqlite:////tmp/placecard.sqlite"),
        ("sqlite:///var/other.sqlite", f"sqlite:///{ROOT}/var/other.sqlite"),
        ("", f"sqlite:///{ROOT}/var/placecard.sqlite"),
    ],
)
def test_the_database_is_found_from_any_folder(given: str, used: str) -> None:
    assert from_environment({**PRODUCTION, "DATABASE_URL": given})["SQLALCHEMY_DATABASE_URI"] == used


@pytest.mark.parametrize(
    "url", ["mysql://h/d", "placecard.sqlite", "postgresql://h:port/d", "postgresql+psycopg2://h/d"]
)
def test_a_database_that_cannot_be_had_is_refused_without_repeating_its_password(url: str) -> None:
    sentence = refusal(DATABASE_URL=url)
    assert sentence.startswith("DATABASE_URL cannot be read.")
    assert url not in sentence


def test_sqlite_is_a_file_in_a_folder_that_is_there() -> None:
    for url in ("sqlite://", "sqlite:///", "sqlite:///:memory:"):
        assert refusal(DATABASE_URL=url).startswith("DATABASE_URL names no file.")
    sentence = refusal(DATABASE_URL="sqlite:////no/such/folder/x.sqlite")
    assert sentence == "DATABASE_URL names a file in a folder that does not exist: /no/such/folder"


def test_commands_find_what_the_demo_was_started_with(tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    assert config.with_kept({"X": "1"}, kept) == {"X": "1"}
    config.keep_for_commands({"PLACECARD_ENV": "demo", "SECRET_KEY": "s", "PORT": "8123", "HOME": "/root"}, kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    found = from_environment(config.with_kept({}, kept))
    assert (found["SECRET_KEY"], found["PUBLIC_URL"]) == ("s", "http://127.0.0.1:8123")
    moved = from_environment(config.with_kept({"PORT": "9000", "SECRET_KEY": "t"}, kept))
    assert (moved["SECRET_KEY"], moved["PUBLIC_URL"]) == ("t", "http://127.0.0.1:9000")
    assert config.with_kept({"PLACECARD_ENV": "demo"}, kept) == {"PLACECARD_ENV": "demo"}


@pytest.mark.parametrize("command", [["gunicorn", "app:app"], ["flask", "routes"]])
def test_a_start_without_a_key_ends_in_one_sentence(command: list[str]) -> None:
    environment = {"PATH": os.environ["PATH"], "PLACECARD_ENV": "production"}
    ended = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert ended.stderr.startswith("Placecard cannot start. SECRET_KEY is missing")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(("proxies", "asks"), [("0", "10.0.0.9"), ("1", "203.0.113.5")])
def test_only_a_trusted_proxy_says_who_asks(proxies: str, asks: str, tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/placecard.sqlite")
    app = create_app({**settings, "TRUSTED_PROXIES": int(proxies)})
    with app.test_client() as client:
        client.get(
            "/no-such-page",
            headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.5"},
            environ_base={"REMOTE_ADDR": "10.0.0.9"},
        )
        assert request.remote_addr == asks


def test_a_number_of_proxies_is_a_number() -> None:
    assert refusal(TRUSTED_PROXIES="all") == "TRUSTED_PROXIES “all” cannot be used. It is a whole number from 0 to 10."
    assert from_environment({**PRODUCTION, "TRUSTED_PROXIES": "2"})["TRUSTED_PROXIES"] == 2
