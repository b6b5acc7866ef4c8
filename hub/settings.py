"""The environment as one frozen object. Every setting is a `HUB_...` variable; nothing else reads them."""

import json
from functools import cached_property

from joserfc.jwk import ECKey, OKPKey
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingMissing(Exception):
    """A setting this part cannot run without is not there."""


class Settings(BaseSettings):
    """What one part of the hub needs to run. Empty means: not configured, so refuse to start."""

    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True, extra="ignore")

    database_url: SecretStr = Field(SecretStr(""), description="postgresql:// URL of this part's own role")
    primary_url: SecretStr = Field(
        SecretStr(""),
        description="directory: the primary, for what is counted, where HUB_DATABASE_URL is a replica",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="the gateway as partners reach it; the OAuth issuer"
    )
    token_key: SecretStr = Field(
        SecretStr(""), description="gateway: private ES256 JWK that signs access tokens"
    )
    inner_key: SecretStr = Field(
        SecretStr(""), description="gateway: private Ed25519 JWK that signs inner tokens"
    )
    inner_public_key: str = Field("", description="services: the public half of HUB_INNER_KEY")
    checkpoint_key: SecretStr = Field(
        SecretStr(""), description="gateway: private Ed25519 JWK that signs audit checkpoints"
    )
    matching_key: SecretStr = Field(
        SecretStr(""), description="referral: secret under which UPNs and NHS numbers are matched"
    )
    referral_url: str = Field(
        "http://127.0.0.1:8001", description="gateway: where the referral service listens"
    )
    assessment_url: str = Field(
        "http://127.0.0.1:8002", description="gateway: where the assessment service listens"
    )
    directory_url: str = Field(
        "http://127.0.0.1:8003", description="gateway: where the directory service listens"
    )
    feed_hosts: str = Field(
        "", description="directory: hosts on private addresses whose feeds may be pulled, comma-separated"
    )
    look_ups_an_hour: int = Field(
        60, ge=1, description="referral: about how many different people one client may ask in an hour"
    )
    pool_size: int = Field(8, ge=1, le=100, description="database connections one process holds")
    body_limit: int = Field(8 * 1024 * 1024, ge=1024, description="largest request body in bytes")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    def need(self, name: str) -> str:
        """The setting's text, or SettingMissing naming its variable."""
        value = getattr(self, name)
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if not text:
            raise SettingMissing(f"HUB_{name.upper()} is not set. {_what_helps(name)}")
        return text

    @cached_property
    def signing_key(self) -> ECKey:
        """The key of access tokens (ES256)."""
        return ECKey.import_key(_jwk(self.need("token_key")))

    @cached_property
    def inner_signing_key(self) -> OKPKey:
        """The key of inner tokens (Ed25519)."""
        return OKPKey.import_key(_jwk(self.need("inner_key")))

    @cached_property
    def inner_verifying_key(self) -> OKPKey:
        """The public key of inner tokens."""
        return OKPKey.import_key(_jwk(self.need("inner_public_key")))

    @cached_property
    def checkpoint_signing_key(self) -> OKPKey:
        """The key of audit checkpoints (Ed25519)."""
        return OKPKey.import_key(_jwk(self.need("checkpoint_key")))


def _what_helps(name: str) -> str:
    if name.endswith("_key"):
        return "`hub keys` prints a fresh set of keys."
    if name == "database_url":
        return "It is a postgresql:// URL; `hub up` runs a whole hub without one."
    return f"What it is: {Settings.model_fields[name].description}."


def _jwk(text: str) -> dict[str, str | list[str]]:
    return json.loads(text)
