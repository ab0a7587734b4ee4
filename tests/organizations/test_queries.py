"""Organizations by their ids."""

from __future__ import annotations

from portal.organizations.queries import all_organization_ids, organization_names
from tests.accounts.hosts import add_host
from tests.cast import Cast


def test_names_are_those_of_the_organizations_asked_for(cast: Cast) -> None:
    add_host(cast.app, "noor@example.org", organization="Riverside Hall")
    with cast.app.app_context():
        ids = all_organization_ids()
        assert len(ids) == 2
        assert organization_names(ids) == ["Wharf Road School", "Riverside Hall"]
        assert organization_names(ids[1:]) == ["Riverside Hall"]
        assert organization_names([]) == []
