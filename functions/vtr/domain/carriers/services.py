"""Names that say more than the carrier: its services, and words that name no carrier at all.

Sellers and their software write the service where the carrier belongs: "UPS Next Day Air",
"USPS Media Mail", "FedEx 2Day®", "Priority Mail". ``services.tsv`` has what carriers and platforms
call their services, each with its source, and whether the words alone are one carrier's;
``not_carriers.tsv`` has what people write for "other", "my own delivery" or "standard shipping",
in any language.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from vtr.domain.carriers.names import codes_by_name, folded

_HERE = Path(__file__).parent

_MARKUP = re.compile(r"<[^>]{0,40}>|&#?\w{1,8};|[®™℠©]")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_VIA = re.compile(r"\bvia\b(.+)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")

# The shortest carrier's name before a service: shorter ones begin too many words by chance.
_SHORTEST_NAME = 3
_SHORTEST_WORD = 2
_LONGEST_NAME = 200

# What services of any carrier are made of. "Express", "Logistics" and the like are not: with them
# begins another company's name, so they count for those carriers alone that have such a service.
_ANY_SERVICE = frozenset(
    [
        "air",
        "am",
        "box",
        "class",
        "day",
        "days",
        "delivered",
        "domestic",
        "economy",
        "envelope",
        "expedited",
        "first",
        "flat",
        "ground",
        "guaranteed",
        "home",
        "international",
        "intl",
        "kg",
        "large",
        "lb",
        "letter",
        "lite",
        "medium",
        "mail",
        "next",
        "noon",
        "oz",
        "overnight",
        "package",
        "packet",
        "parcel",
        "parcels",
        "plus",
        "pm",
        "priority",
        "rate",
        "registered",
        "residential",
        "saver",
        "second",
        "service",
        "shipping",
        "signature",
        "signed",
        "small",
        "standard",
        "tracked",
        "tracking",
        "1st",
        "2nd",
        "3rd",
        "2day",
        "3day",
        "api",
        "webhook",
        "default",
        "walleted",
        "account",
        "us",
        "usa",
        "uk",
        "ca",
        "de",
        "fr",
        "it",
        "es",
        "jp",
        "eu",
        "v1",
        "v2",
        "v3",
        "快递",
        "快遞",
        "速递",
        "速遞",
        "物流",
        "国际",
        "國際",
    ]
)

_BEFORE_A_NAME = ("国际", "國際", "香港", "中国", "中國")


def carrier_of_service(name: str) -> str | None:
    """Return the canonical code of the carrier whose service *name* means, or None.

    What means no carrier, or could as well be another company, is None.
    """
    plain = _MARKUP.sub(" ", name[:_LONGEST_NAME])
    for text in dict.fromkeys((plain, _ASIDE.sub(" ", plain))):
        key = folded(text)
        if key in _not_carriers():
            return None
        if found := codes_by_name().get(key) or _alone().get(key) or _by_beginning(key):
            return found
        if found := _by_ending(key):
            return found
    via = _VIA.search(plain)
    return codes_by_name().get(folded(via.group(1))) if via else None


def _by_beginning(key: str) -> str | None:
    """The carrier of the longest name that *key* begins with, if service words make up the rest."""
    for end in range(len(key) - 1, _SHORTEST_NAME - 1, -1):
        code = codes_by_name().get(key[:end])
        if code and _is_made_of(key[end:], _ANY_SERVICE | _words_of().get(code, frozenset())):
            return code
    return None


def _by_ending(key: str) -> str | None:
    """The carrier of a name with words like "international" before it, as Chinese has them."""
    for word in _BEFORE_A_NAME:
        if key.startswith(word) and (code := codes_by_name().get(key.removeprefix(word))):
            return code
    return None


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether *text* can be cut into *words* and numbers, with nothing left over."""
    reached = [True, *([False] * len(text))]
    for start in range(len(text)):
        if not reached[start]:
            continue
        if text[start].isdigit():
            reached[start + 1] = True
        for end in range(start + _SHORTEST_WORD, len(text) + 1):
            if text[start:end] in words:
                reached[end] = True
    return reached[-1]


@cache
def _services() -> tuple[tuple[str, str, bool], ...]:
    lines = (_HERE / "services.tsv").read_text("utf-8").splitlines()[1:]
    cells = (line.split("\t") for line in lines)
    return tuple((code, service, alone == "yes") for code, service, alone, _ in cells)


@cache
def _alone() -> Mapping[str, str]:
    """The services whose words are one carrier's, without its name."""
    return {folded(service): code for code, service, alone in _services() if alone}


@cache
def _words_of() -> Mapping[str, frozenset[str]]:
    """The words that each carrier's services are made of."""
    words: dict[str, set[str]] = {}
    for code, service, _ in _services():
        found = (folded(word) for word in _WORD.findall(_MARKUP.sub(" ", service)))
        words.setdefault(code, set()).update(each for each in found if len(each) > 1)
    return {code: frozenset(found) for code, found in words.items()}


@cache
def _not_carriers() -> frozenset[str]:
    lines = (_HERE / "not_carriers.tsv").read_text("utf-8").splitlines()[1:]
    return frozenset(folded(line.partition("\t")[0]) for line in lines)
