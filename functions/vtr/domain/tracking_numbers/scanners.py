"""What a barcode reader sends beside the number: taken away whole, so that the number can be read.

A reader can put the kind of barcode before what it reads (``]C1``), and a separator (GS, ASCII 29)
between the parts of a GS1 barcode; label programs write the parts' keys in brackets. The square
codes of UPS and FedEx hold a whole shipment, of which the number is one field.
"""

import re

# The separator, and how logs and scanner programs write it.
_SEPARATORS = ("\x1d", "\u241d", "<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}", "[FNC1]")
_KIND_OF_BARCODE = re.compile(r"\][A-Z][0-9A-Z](?=.)", re.DOTALL)
# A GS1 key in brackets at the beginning: a container (00), a ZIP code (420), a parcel (9x).
_KEYED = re.compile(r"\((?:00|420|9[1-6])\)")
_IN_BRACKETS = re.compile(r"\((\d{2,40})\)")
# The destination's ZIP code or ZIP+4, a part of its own.
_ZIP_PART = re.compile(r"420(?:\d{5}|\d{9})")
_DPD = re.compile(r"%(?=[0-9A-Z]{27,28}$)")
_SHIPMENT = "[)>"
_UPS_NUMBER = re.compile(r"1Z[0-9A-Z]{8}")
# Where the fields stand in UPS's code: class of service, number, shipper.
_UPS_FIELDS = slice(3, 7)
_FEDEX_FIELD = 4
_MARKS = frozenset("][({<%\x1d\u241d")


def without_scanner(text: str) -> str:
    """*text*, in upper case, without what a reader or a label program put around the number.

    Untouched where it has none of that: everything else that is no letter or digit stays.
    """
    if _MARKS.isdisjoint(text):
        return text
    text = text.strip(" \t\r\n\f\v")
    if text.startswith(_SHIPMENT):
        return _number_of_shipment(text)
    text = _DPD.sub("", _KIND_OF_BARCODE.sub("", text, count=1) if text[0] == "]" else text)
    for separator in _SEPARATORS:
        text = text.replace(separator, "\x1d")
    if "\x1d" in text:
        parts = [part for part in text.split("\x1d") if part]
        text = "\x1d".join(part for part in parts if not _ZIP_PART.fullmatch(part))
    if _KEYED.match(text):
        text = _IN_BRACKETS.sub(r"\1", text.removeprefix("(00)"))
    return text


def _number_of_shipment(text: str) -> str:
    """The number in a square code: UPS splits it up, FedEx puts a form number behind it."""
    fields = text.replace("\u241d", "\x1d").split("\x1d")
    service, number, carrier, shipper = (fields[_UPS_FIELDS] + [""] * 4)[:4]
    if carrier.startswith("UPS") and _UPS_NUMBER.fullmatch(number):
        return f"1Z{shipper}{service[-2:]}{number[2:]}"
    if "FDE" in fields and len(fields) > _FEDEX_FIELD:
        return fields[_FEDEX_FIELD]
    return text
