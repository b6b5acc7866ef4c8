"""Fresh keys for a hub: what `hub keys` prints and what a local hub keeps beside its data."""

import json
import secrets
from pathlib import Path

from joserfc.jwk import ECKey, OKPKey

FILE = "keys.json"


def fresh() -> dict[str, str]:
    """A new set, as the HUB_... variables that carry it. Every value but HUB_INNER_PUBLIC_KEY is secret."""
    inner = OKPKey.generate_key("Ed25519")
    return {
        "HUB_TOKEN_KEY": json.dumps(ECKey.generate_key("P-256", {"use": "sig"}).as_dict(private=True)),
        "HUB_INNER_KEY": json.dumps(inner.as_dict(private=True)),
        "HUB_INNER_PUBLIC_KEY": json.dumps(inner.as_dict(private=False)),
        "HUB_CHECKPOINT_KEY": json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)),
        "HUB_MATCHING_KEY": secrets.token_hex(32),
    }


def kept_in(folder: Path) -> dict[str, str]:
    """The keys of a data folder; made on the first start, readable by their owner alone."""
    place = folder / FILE
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(json.dumps(fresh(), indent=2))
    return json.loads(place.read_text())
