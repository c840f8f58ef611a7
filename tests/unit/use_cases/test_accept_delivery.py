"""A delivery is proven by what its source holds; whatever the URL gives away proves no more."""

from collections.abc import Sequence

import pytest

from support.builders import PLACED
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.scans import MemorySourceSecrets
from vtr.domain.errors import UnauthenticWebhookError
from vtr.use_cases.accept_delivery import accept_delivery
from vtr.use_cases.manage_sources import LONGEST_PROOF, SETUPS

KEYS_URL = "https://keys.example/jwks"


class Newer(MemorySourceSecrets):
    """Secrets of which the newest is found only once what was read is forgotten."""

    def refresh(self, source: str) -> bool:
        known = self.secrets.get(source, ())
        self.secrets[source] = ("new", *known)
        return "new" not in known


class Verifier:
    """Wants one of the secrets to be ``wanted``, and remembers what it was shown."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.shown: list[Sequence[str]] = []

    def __call__(self, secrets: Sequence[str]) -> None:
        self.shown.append(tuple(secrets))
        if self.wanted not in secrets:
            raise UnauthenticWebhookError("no")


def accept(
    ports: MemoryPorts, source: str, verify: Verifier, url_secret: str = "", keys_url: str = ""
) -> None:
    accept_delivery(ports, source, verify, b"{}", PLACED, url_secret=url_secret, keys_url=keys_url)


def test_what_is_not_authentic_is_not_kept() -> None:
    ports = MemoryPorts()
    ports.source_secrets.secrets["ups"] = ["right"]
    with pytest.raises(UnauthenticWebhookError):
        accept(ports, "ups", Verifier("wrong"))
    assert ports.deliveries.sent == []


def test_the_secret_of_a_url_is_no_key_to_sign_with() -> None:
    ports = MemoryPorts()
    ports.source_secrets.secrets["easypost/acme"] = ["key", "url_acme.x"]
    verify = Verifier("key")
    accept(ports, "easypost", verify, "url_acme.x")
    assert verify.shown == [("key",)]
    assert [sent.delivery.account for sent in ports.deliveries.sent] == ["acme"]


@pytest.mark.parametrize("url_secret", ["", "url_acme.y", "url_other.x", "url_acme.x ", "acme.x"])
def test_a_bound_source_is_nothing_without_the_secret_of_its_url(url_secret: str) -> None:
    ports = MemoryPorts()
    ports.source_secrets.secrets["easypost/acme"] = ["key", "url_acme.x"]
    with pytest.raises(UnauthenticWebhookError):
        accept(ports, "easypost", Verifier("key"), url_secret)
    assert ports.deliveries.sent == []


def test_a_source_that_signs_too_little_is_shown_the_secrets_of_both_kinds() -> None:
    ports = MemoryPorts()
    ports.source_secrets.secrets["trackingmore"] = ["key", "url_x"]
    verify = Verifier("key")
    accept(ports, "trackingmore", verify, "url_x")
    assert verify.shown == [("key", "url_x")]


def test_either_secret_of_a_url_that_is_being_rotated_will_do() -> None:
    ports = MemoryPorts()
    ports.source_secrets.secrets["dhl"] = ["url_new", "url_old"]
    for url_secret in ("url_new", "url_old"):
        accept(ports, "dhl", Verifier(url_secret), url_secret)
    assert len(ports.deliveries.sent) == 2


def test_published_keys_prove_nothing_without_the_secret_of_the_url() -> None:
    ports = MemoryPorts()
    ports.signing_keys.documents[KEYS_URL] = "keys"
    with pytest.raises(UnauthenticWebhookError):
        accept(ports, "shipengine", Verifier("keys"), "", KEYS_URL)
    ports.source_secrets.secrets["shipengine"] = ["url_x"]
    verify = Verifier("keys")
    accept(ports, "shipengine", verify, "url_x", KEYS_URL)
    assert verify.shown == [("keys",)]


def test_a_secret_that_is_newer_than_what_was_read_works_at_once() -> None:
    ports = MemoryPorts(source_secrets=Newer({"ups": ["old"]}))
    accept(ports, "ups", Verifier("new"))
    assert len(ports.deliveries.sent) == 1
    with pytest.raises(UnauthenticWebhookError):
        accept(ports, "ups", Verifier("neither"))


def test_what_proves_a_body_is_kept_with_it_and_no_secret_is() -> None:
    ports = MemoryPorts()
    headers = {"fdx-signature": "c2ln", "authorization": "Bearer s3cret", "user-agent": "FedEx"}
    accept_delivery(ports, "fedex", lambda _: None, b"{}", PLACED, headers=headers)
    (sent,) = ports.deliveries.sent
    assert sent.delivery.proof == (("fdx-signature", "c2ln"),)


@pytest.mark.parametrize("source", SETUPS)
def test_no_header_that_may_hold_a_secret_is_kept(source: str) -> None:
    secret_holders = {"authorization", "credential", "x-api-key", "dhl-hook-secret", "cookie"}
    assert secret_holders.isdisjoint(SETUPS[source].headers)


def test_a_header_of_any_length_is_kept_within_bounds() -> None:
    ports = MemoryPorts()
    headers = {"fdx-signature": "x" * 100_000}
    accept_delivery(ports, "fedex", lambda _: None, b"{}", PLACED, headers=headers)
    assert len(ports.deliveries.sent[0].delivery.proof[0][1]) == LONGEST_PROOF
