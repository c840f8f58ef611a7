"""The formats of USPS, and of those that hand parcels over to it under USPS numbers.

A number of 22 or 26 digits (Intelligent Mail package barcode, Publication 199) starts with 92 to
95, three digits of service and the mailer's id, six digits long or, if it begins with 9, nine.
The services 612, 748 and 749 (Parcel Select and its lightweight kin) and 419 are for parcels that
a mailer brings to the delivery unit: another carrier, mostly. Who that is, the mailer's id can say;
USPS publishes no list of these, so the table below has the ids that public reports agree on.
"""

from vtr.domain.tracking_numbers.check_digits import after, gs1, unchecked
from vtr.domain.tracking_numbers.formats import Format, entry

# Partner → the ids under which it mails, each seen with it in public reports of its numbers.
MAILERS = {
    "fedex_smartpost": "909834979 909851491 927007687 927010276 999921360 999956691 999956693"
    " 999986203 999988208",
    "ups_mi": "900000033 901034225 901377803 901790175 902118596 926998277 999984327 999997295",
    "dhl_ecommerce": "109124 699035 903361287 999998778",
    "dhl_ecommerce fedex_smartpost": "931487032",
    "newgistics dhl_ecommerce": "927005269",
    "osm": "901723766 903146684",
    "first_mile": "902601293",
}
_KNOWN = frozenset(one.encode() for ids in MAILERS.values() for one in ids.split())

# They hand parcels over to USPS and bring them to the delivery unit, with numbers of its own.
_WORKSHARERS = (
    "osm newgistics first_mile apc apg epost_global globegistics passport airterra streamlite seko"
)
# They have formats of their own, and hand parcels over to USPS under numbers of any kind.
_CONSOLIDATORS = (
    "4px yanwen yunexpress cainiao sunyou cne ubi asendia landmark_global speedx gofo uniuni veho"
    " tforce swiship sf_intl jd_logistics"
)
# These do under those of the mailer's own barcodes alone, not under USPS's own 94 and 95.
_MAILERS_ALONE = "fedex_smartpost ups_mi dhl_ecommerce"

_WORKSHARE = "|".join(
    prefix + service for service in ("612", "748", "749", "419") for prefix in ("92", "93", "94")
)


def _unknown_mailer(code: bytes) -> bool:
    return code[5:14] not in _KNOWN and code[5:11] not in _KNOWN and gs1(code)


def _mailer_format(number: int, partners: str, ids: str) -> Format:
    """The format of all numbers with one of these ids, of either length."""
    patterns = []
    for length in (6, 9):
        alternatives = "|".join(one for one in ids.split() if len(one) == length)
        if alternatives:
            patterns += [
                f"92|93|94 d3 {alternatives} d{22 - 5 - length}",
                f"92|93|94 d3 {alternatives} d{26 - 5 - length}",
            ]
    first = ids.split(maxsplit=1)[0]
    examples = [_completed(f"92612{first}{serial:0{16 - len(first)}}") for serial in (1, 2)]
    return entry(
        f"usps_mailer_{number}", "usps", "A", ", ".join(patterns), gs1,
        "USPS Publication 199; public reports", " ".join(examples),
        partners=partners, possible_partners=f"{_MAILERS_ALONE} {_WORKSHARERS}",
    )  # fmt: skip


def _completed(body: str) -> str:
    return next(body + digit for digit in "0123456789" if gs1((body + digit).encode()))


# fmt: off
_USPS_NUMBERS = (
    *(_mailer_format(number, partners, ids)
      for number, (partners, ids) in enumerate(MAILERS.items(), start=1)),
    entry("usps_workshare_22", "usps", "A", f"{_WORKSHARE} d17", _unknown_mailer,
           "USPS Publication 199, service type codes",
           "9361289878700317633795 9374889692090270407075",
           partners=_MAILERS_ALONE, possible_partners=_WORKSHARERS),
    entry("usps_workshare_26", "usps", "A", f"{_WORKSHARE} d21", _unknown_mailer,
           "USPS Publication 199, service type codes",
           "92748931507708513018050063 92612901001304350824651237",
           partners=_MAILERS_ALONE, possible_partners=_WORKSHARERS),
    entry("usps_impb_22", "usps", "A", "91|92|93|94|95 d20", gs1, "USPS Publication 199",
           "9400111206206406260787 9405803699300124287899"),
    entry("usps_impb_26", "usps", "A", "91|92|93|94|95 d24", gs1, "USPS Publication 199",
           "92023901003036542400961407 92001903060085300042901077"),
    entry("usps_20", "usps", "B", "01|02|03|04|13|14|23|70|71|73|77|81 d18", gs1,
           "USPS Publication 109", "03071790000523483741 70160910000108310009"),
    entry("usps_20_91", "usps", "B", "01|03|04|13|14|23|70|71|73|77|81 d18", after(b"91", gs1),
           "USPS Publication 91", "71969010756003077385 71969010756003077392"),
    entry("usps_20_02", "fedex_smartpost", "B", "02 d18", after(b"91", gs1),
           "FedEx SmartPost", "02931503799192766595 02931503799192766601", partners="usps"),
    # Nothing but lengths: what the carriers below may have been given by USPS.
    entry("usps_consolidated", "", "D", "91|92|93|94|95 d20, 91|92|93|94|95 d24", unchecked,
           "USPS Publication 199", "9400111206206406260787 92023901003036542400961407",
           partners=_CONSOLIDATORS),
    entry("usps_mailed", "", "D", "92|93 d20, 92|93 d24", unchecked,
           "USPS Publication 199", "9202090339598352279018 92023901003036542400961407",
           partners=_MAILERS_ALONE),
    entry("usps_express_guaranteed", "usps", "D", "82 d8, M0 d8", unchecked,
           "USPS label numbers", "8200000000 M000000001"),
)
USPS_FORMATS = (
    *(one._replace(given_out_by="usps") for one in _USPS_NUMBERS),
    entry("fedex_smartpost_20", "fedex_smartpost", "A", "419|612|748|749 d17",
           after(b"92", gs1), "FedEx SmartPost", "61299998820821171811 41999998135520738841",
           partners="usps"),
)
# fmt: on
