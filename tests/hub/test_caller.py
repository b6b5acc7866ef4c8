"""The inner token: one caller, one service, thirty seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from joserfc.jwk import OKPKey

from hub.caller import AgencyId, Caller, ClientId, InnerSigner, InnerVerifier, PractitionerId, Purpose, Scope
from hub.problem import Unauthenticated

KEY = OKPKey.generate_key("Ed25519")
PUBLIC = OKPKey.import_key(KEY.as_dict(private=False))
NAMES = some.text(alphabet="abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)

callers = some.builds(
    Caller,
    agency=NAMES.map(AgencyId),
    client=NAMES.map(ClientId),
    scopes=some.frozensets(some.sampled_from([scope.value for scope in Scope])),
    purpose=some.none() | some.sampled_from(Purpose),
    practitioner=some.none() | NAMES.map(PractitionerId),
    audience=some.lists(NAMES.map(AgencyId), max_size=3).map(tuple),
)


@given(callers)
def test_what_is_signed_is_what_is_read(caller: Caller) -> None:
    assert InnerVerifier(PUBLIC, "referral").verify(InnerSigner(KEY).sign(caller, "referral")) == caller


def test_a_token_is_reused_while_it_lasts() -> None:
    signer, caller = InnerSigner(KEY), Caller(AgencyId("a"), ClientId("c"), frozenset())
    assert signer.sign(caller, "referral") is signer.sign(caller, "referral")


def test_a_token_for_one_service_is_nothing_to_another() -> None:
    token = InnerSigner(KEY).sign(Caller(AgencyId("a"), ClientId("c"), frozenset()), "referral")
    with pytest.raises(Unauthenticated):
        InnerVerifier(PUBLIC, "assessment").verify(token)


def test_a_token_signed_by_another_key_is_nothing() -> None:
    stranger = InnerSigner(OKPKey.generate_key("Ed25519"))
    token = stranger.sign(Caller(AgencyId("a"), ClientId("c"), frozenset()), "referral")
    with pytest.raises(Unauthenticated):
        InnerVerifier(PUBLIC, "referral").verify(token)


def test_an_expired_token_is_refused_even_when_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    token = InnerSigner(KEY).sign(Caller(AgencyId("a"), ClientId("c"), frozenset()), "referral")
    verifier = InnerVerifier(PUBLIC, "referral")
    verifier.verify(token)
    monkeypatch.setattr("hub.caller.time.time", lambda: 4_000_000_000.0)
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


@given(some.text(max_size=200))
def test_anything_else_is_refused_and_never_breaks(token: str) -> None:
    with pytest.raises(Unauthenticated):
        InnerVerifier(PUBLIC, "referral").verify(token)
