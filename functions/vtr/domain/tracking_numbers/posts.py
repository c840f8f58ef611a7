"""The posts behind the last two letters of an S10 number (``RR473124829GB``).

The letters are the ISO 3166-1 code of a country, or of a territory with a post of its own (UPU
standard S10, annex A). The first letter is the service; where it decides which company of a country
holds the number, that company comes first, and the others stay possible.
"""

from collections.abc import Iterator

from vtr.domain.tracking_numbers.check_digits import s10, unchecked
from vtr.domain.tracking_numbers.formats import Format, entry

# Country → whose number it is, the likeliest first.
OPERATORS = {
    "AD": "andorra_post", "AE": "emirates_post", "AF": "afghan_post", "AI": "anguilla_post",
    "AL": "albanian_post", "AM": "haypost", "AO": "angola_post", "AR": "correo_argentino",
    "AT": "post_at", "AU": "australia_post", "AW": "aruba_post", "AX": "aland_post",
    "AZ": "azerpost", "BA": "bh_posta poste_srpske hp_mostar", "BB": "barbados_post",
    "BD": "bangladesh_post", "BE": "bpost", "BF": "sonapost", "BG": "bulgarian_post",
    "BH": "bahrain_post", "BI": "burundi_post", "BJ": "benin_post", "BM": "bermuda_post",
    "BN": "brunei_post", "BO": "correos_bolivia", "BR": "correios", "BT": "bhutan_post",
    "BW": "botswana_post", "BY": "belpost", "BZ": "belize_post", "CA": "canada_post",
    "CH": "swiss_post", "CI": "ivory_coast_post", "CL": "correos_chile", "CM": "campost",
    "CN": "china_post china_ems", "CO": "colombia_4_72", "CR": "correos_costa_rica",
    "CU": "cuba_post", "CW": "curacao_post", "CY": "cyprus_post", "CZ": "ceska_posta",
    "DE": "deutsche_post dhl_de", "DK": "postnord_dk postnord", "DO": "dominican_post",
    "DZ": "algeria_post", "EC": "correos_ecuador", "EE": "omniva", "EG": "egypt_post",
    "ER": "eritrea_post", "ES": "correos correos_express", "ET": "ethiopian_post", "FI": "posti",
    "FJ": "fiji_post", "FO": "faroe_post", "FR": "la_poste colissimo chronopost",
    "GB": "royal_mail parcelforce", "GE": "georgian_post", "GG": "guernsey_post",
    "GH": "ghana_post", "GI": "gibraltar_post", "GR": "elta", "GT": "el_correo_gt",
    "GY": "guyana_post", "HK": "hongkong_post", "HN": "correos_honduras", "HR": "hrvatska_posta",
    "HU": "magyar_posta", "ID": "pos_indonesia", "IE": "an_post", "IL": "israel_post",
    "IM": "isle_of_man_post", "IN": "india_post", "IR": "iran_post", "IS": "iceland_post",
    "IT": "poste_italiane", "JE": "jersey_post", "JM": "jamaica_post", "JO": "jordan_post",
    "JP": "japan_post", "KE": "kenya_post", "KG": "kyrgyz_post", "KH": "cambodia_post",
    "KI": "kiribati_post", "KR": "korea_post", "KW": "kuwait_post", "KZ": "kazpost",
    "LA": "lao_post", "LB": "libanpost", "LC": "saint_lucia_post", "LI": "liechtenstein_post",
    "LK": "sri_lanka_post", "LS": "lesotho_post", "LT": "lietuvos_pastas", "LU": "luxembourg_post",
    "LV": "latvia_post", "LY": "libya_post", "MC": "monaco_post", "MD": "moldova_post",
    "ME": "montenegro_post", "MK": "macedonia_post", "MM": "myanmar_post", "MN": "mongol_post",
    "MO": "macau_post", "MT": "maltapost", "MU": "mauritius_post", "MV": "maldives_post",
    "MX": "correos_mx", "MY": "pos_malaysia", "NA": "nampost", "NG": "nipost",
    "NI": "nicaragua_post", "NL": "postnl", "NO": "bring", "NP": "nepal_post", "NZ": "nz_post",
    "OM": "oman_post", "PA": "correos_panama", "PE": "serpost", "PG": "post_png", "PH": "philpost",
    "PK": "pakistan_post", "PL": "poczta_polska pocztex", "PS": "palestine_post", "PT": "ctt",
    "PY": "correo_paraguayo", "QA": "qatar_post", "RO": "posta_romana", "RS": "serbia_post",
    "RU": "russian_post", "RW": "rwanda_post", "SA": "saudi_post", "SB": "solomon_post",
    "SC": "seychelles_post", "SD": "sudan_post", "SE": "postnord", "SG": "singapore_post",
    "SI": "posta_slovenije", "SK": "slovenska_posta", "SM": "san_marino_post", "SN": "senegal_post",
    "SV": "correos_el_salvador", "SY": "syrian_post", "TG": "togo_post", "TH": "thailand_post",
    "TM": "turkmen_post", "TN": "tunisia_post", "TO": "tonga_post", "TR": "ptt", "TT": "ttpost",
    "TV": "tuvalu_post", "TW": "chunghwa_post", "TZ": "tanzania_post", "UA": "ukrposhta",
    "UG": "uganda_post", "US": "usps", "UY": "correo_uruguayo", "UZ": "uzbekistan_post",
    "VC": "svg_post", "VE": "ipostel", "VN": "vietnam_post", "VU": "vanuatu_post",
    "WS": "samoa_post", "YE": "yemen_post", "ZA": "sapo", "ZM": "zampost", "ZW": "zimpost",
}  # fmt: skip

# Country and first letter → who comes first after all: express and parcel services.
SERVICES = {
    "CN": {"E": "china_ems"},
    "DE": {"C": "dhl_de", "E": "dhl_de", "J": "dhl_de"},
    "FR": {"C": "colissimo", "E": "chronopost", "X": "chronopost"},
    "GB": {"C": "parcelforce", "E": "parcelforce"},
    "PL": {"E": "pocztex"},
}

# Every other country and territory: ISO 3166-1, and the codes that the Postal Union keeps for
# Kosovo and, since their items still travel, for the Netherlands Antilles.
_ELSEWHERE = """
    AG AN AQ AS BL BQ BS BV CC CD CF CG CK CV CX DJ DM EH FK FM GA GD GF GL GM GN GP GQ GS GU GW
    HM HT IO IQ KM KN KP KY LR MA MF MG MH ML MP MQ MR MS MW MZ NC NE NF NR NU PF PM PN PR PW RE
    SH SJ SL SO SR SS ST SX SZ TC TD TF TJ TK TL UM VA VG VI WF XK YT
"""
_OTHER_COUNTRIES = _ELSEWHERE.split()

# They give parcels to a post in one country for delivery in another, under the post's number: no
# such number is held against them, and none speaks for them. Those of whom no format of their own
# is known need not stand here: nothing that a post gives out is held against them (``formats``).
_CONSOLIDATORS = (
    "4px yanwen yunexpress cainiao sunyou cne ubi asendia landmark_global dhl_ecommerce postnord_no"
    " qxpress sf_express sf_intl jd_logistics jt_express yto gofo"
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
        given_out_by="post",
    )  # fmt: skip


POSTAL_FORMATS = (
    *(one for country, names in OPERATORS.items() for one in _postal_formats(country, names)),
    _postal_format("s10_elsewhere", "", f"a2 d9 {'|'.join(_OTHER_COUNTRIES)}"),
    entry(
        "s10_consolidated", "", "D", f"a2 d9 {'|'.join((*OPERATORS, *_OTHER_COUNTRIES))}",
        unchecked, "UPU standard S10", "RR473124829GB RR123456785KZ", partners=_CONSOLIDATORS,
        given_out_by="post",
    ),
)  # fmt: skip
