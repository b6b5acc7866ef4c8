"""The keys in the HUB_ variables: there, readable, of the right kind, and belonging together."""

import json
from collections.abc import Iterator

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from deploy.doctor.findings import PARTS, Finding, good, wrong
from hub.settings import SettingMissing, Settings

# What each part cannot do without, beside its own database.
NEEDED = {
    "gateway": ("token_key", "inner_key", "checkpoint_key"),
    "referral": ("inner_public_key", "matching_key"),
    "assessment": ("inner_public_key",),
    "directory": ("inner_public_key",),
}
KINDS = {
    "token_key": (ECKey, "P-256", True),
    "inner_key": (OKPKey, "Ed25519", True),
    "inner_public_key": (OKPKey, "Ed25519", False),
    "checkpoint_key": (OKPKey, "Ed25519", True),
}
SHORTEST_SECRET = 32
FRESH = "`hub keys` prints a fresh set."


def variables(settings: Settings, part: str | None) -> list[Finding]:
    """The keys this part needs; without a part, those of the whole hub."""
    names = dict.fromkeys(name for each in ([part] if part else PARTS) for name in NEEDED[each])
    return [*(_key(settings, name) for name in names), *_pair(settings)]


def _key(settings: Settings, name: str) -> Finding:
    variable = f"HUB_{name.upper()}"
    try:
        text = settings.need(name)
    except SettingMissing:
        return wrong(variable, f"{variable} is not set.", FRESH)
    if name in KINDS:
        return _jwk(variable, text, *KINDS[name])
    if len(text) < SHORTEST_SECRET:
        return wrong(variable, f"{variable} is shorter than {SHORTEST_SECRET} characters.", FRESH)
    return good(variable, f"{variable} is a secret of {len(text)} characters.")


def _jwk(variable: str, text: str, kind: type[ECKey | OKPKey], curve: str, private: bool) -> Finding:
    half = "private" if private else "public"
    try:
        key = kind.import_key(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, JoseError):
        return wrong(variable, f"{variable} is not a {half} {curve} key in JSON (RFC 7517).", FRESH)
    if key.curve_name != curve or key.is_private != private:
        return wrong(variable, f"{variable} must hold the {half} half of a key on {curve}.", FRESH)
    return good(variable, f"{variable} is a {half} {curve} key.")


def _pair(settings: Settings) -> Iterator[Finding]:
    """Where both halves of the inner key are known, they must be of one key."""
    name = "inner key pair"
    try:
        whole = settings.inner_signing_key.as_dict(private=False)
        half = settings.inner_verifying_key.as_dict(private=False)
    except (SettingMissing, ValueError, TypeError, KeyError, AttributeError, JoseError):
        return
    if whole["x"] == half["x"]:
        yield good(name, "HUB_INNER_PUBLIC_KEY is the public half of HUB_INNER_KEY.")
        return
    yield wrong(
        name,
        "HUB_INNER_PUBLIC_KEY is not the public half of HUB_INNER_KEY: services will refuse the gateway.",
        "Take both from one run of `hub keys`.",
    )
