"""Users and the sessions in which they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UTCDateTime
from portal.kit.conflicts import says
from portal.kit.schema import Base


class User(Base):
    """Somebody with an account: a host or door staff. Guests have none."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint(
            "id",
            "is_superuser",
            name="uq_users_id_is_superuser",
            info=says("This account exists already.", "Esta cuenta ya existe."),
        ),
        Index(
            "uq_users_email_key",
            "email_key",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
            info=says(
                "There is already an account with this e-mail address. Sign in, or use another address.",
                "Ya existe una cuenta con este correo. Inicia sesión o usa otra dirección.",
            ),
        ),
        Index(
            "uq_users_provider_provider_id",
            "provider",
            "provider_id",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
            info=says(
                "That sign-in already belongs to another account.", "Ese inicio de sesión ya pertenece a otra cuenta."
            ),
        ),
    )

    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    provider: Mapped[str | None] = mapped_column(String(255))
    provider_id: Mapped[str | None] = mapped_column(String(255))
    is_superuser: Mapped[bool] = mapped_column(Boolean, default=False)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class UserSession(Base):
    """One signed-in browser. The cookie holds the token, this row holds its hash.

    Flask-Login's cookie alone would go on working after sign-out; a row that
    is gone does not.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (
        Index(
            "uq_user_sessions_token_hash",
            "token_hash",
            unique=True,
            info=says("Please sign in again.", "Inicia sesión otra vez."),
        ),
        Index("ix_user_sessions_user_id", "user_id"),
        Index("ix_user_sessions_expires_at", "expires_at"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
