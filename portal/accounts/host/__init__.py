"""Pages of whoever has an account, or is about to."""

from __future__ import annotations

from portal.accounts.host import account, forgotten, providers, sign_in, sign_up

blueprints = (sign_in.blueprint, sign_up.blueprint, forgotten.blueprint, account.blueprint, providers.blueprint)
