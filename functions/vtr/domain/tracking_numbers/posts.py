"""The posts behind the last two letters of an S10 number (``RR473124829GB``).

The letters are the ISO 3166-1 code of a country, or of a territory with a post of its own (UPU
standard S10, annex A). The first letter is the service; where it decides which company of a country
holds the number, that company comes first, and the others stay possible.
"""

from collections.abc import Iterator

from vtr.domain.tracking_numbers.check_digits import s10
from vtr.domain.tracking_numbers.formats import Format, entry

# Country → whose number it is, the likeliest first.
OPERATORS = {
    "AE": "emirates_post", "AT": "post_at", "AU": "australia_post", "BE": "bpost",
    "BR": "correios", "CA": "canada_post", "CH": "swiss_post", "CN": "china_post china_ems",
    "CY": "cyprus_post", "CZ": "ceska_posta", "DE": "deutsche_post dhl_de dhl",
    "DK": "postnord_dk postnord", "ES": "correos correos_express", "FI": "posti",
    "FR": "la_poste colissimo chronopost", "GB": "royal_mail parcelforce",
    "HK": "hongkong_post", "HU": "magyar_posta", "ID": "pos_indonesia", "IE": "an_post",
    "IL": "israel_post", "IN": "india_post", "IS": "iceland_post", "IT": "poste_italiane",
    "JE": "jersey_post", "JP": "japan_post", "KR": "korea_post", "LT": "lietuvos_pastas",
    "LV": "latvia_post", "MX": "correos_mx", "MY": "pos_malaysia", "NL": "postnl",
    "NO": "bring postnord_no", "NZ": "nz_post", "PH": "philpost", "PL": "poczta_polska pocztex",
    "PT": "ctt", "RU": "russian_post", "SE": "postnord", "SG": "singapore_post",
    "TH": "thailand_post", "TR": "ptt", "TW": "chunghwa_post", "US": "usps", "VN": "vietnam_post",
}  # fmt: skip

# Country and first letter → who comes first after all: express and parcel services.
SERVICES = {
    "CN": {"E": "china_ems"},
    "DE": {"C": "dhl_de", "E": "dhl_de", "J": "dhl_de"},
    "FR": {"C": "colissimo", "E": "chronopost", "X": "chronopost"},
    "GB": {"C": "parcelforce", "E": "parcelforce"},
    "PL": {"E": "pocztex"},
}

# They give parcels to a post in one country for delivery in another, under the post's number.
_CONSOLIDATORS = (
    "4px yanwen yunexpress cainiao sunyou winit wanb cne sfc flyt chukou1 anjun ubi"
    " asendia spring_gds landmark_global dhl_ecommerce dhl_ecommerce_asia apc"
)

# The worked example of the standard, and the one that half the world's documents show.
_NUMBERS = ("473124829", "123456785")


def _postal_formats(country: str, operators: str) -> Iterator[Format]:
    for letter, first in SERVICES.get(country, {}).items():
        yield _postal_format(f"s10_{country}_{letter}", first, f"{letter} a1 d9 {country}")
    yield _postal_format(f"s10_{country}", operators, f"a2 d9 {country}")


def _postal_format(name: str, carriers: str, pattern: str) -> Format:
    first_letter = pattern[0] if pattern[0].isupper() else "R"
    examples = " ".join(f"{first_letter}R{number}{pattern[-2:]}" for number in _NUMBERS)
    return entry(
        name.lower(), carriers, "A", pattern, s10, "UPU standard S10", examples,
        other_partners=_CONSOLIDATORS,
    )  # fmt: skip


POSTAL_FORMATS = tuple(
    one for country, operators in OPERATORS.items() for one in _postal_formats(country, operators)
)
