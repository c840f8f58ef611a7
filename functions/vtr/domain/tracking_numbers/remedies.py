"""What a seller can do about a number, in one sentence: English and Chinese."""

from vtr.domain.carriers import carrier
from vtr.domain.tracking_numbers.identify import FormCheck, Identification
from vtr.domain.tracking_numbers.normalise import Damage

ENGLISH = {
    "list": ", ",
    "or": " or ",
    "blank": "Enter the tracking number: the field is blank.",
    "url": "Enter the tracking number alone, not the address of a web page.",
    "exponent": "Format the spreadsheet's column as text and paste the number again: {typed} has"
    " lost its last digits.",
    "too_long": "Enter one tracking number: this text is too long to be one.",
    "unreadable": "Enter the number with letters and digits only: {typed} has other characters.",
    "state": "State {first} as the carrier.",
    "state_one_of": "State the carrier: the number could be one of {tied}.",
    "other": "Change the carrier to {first}: this is a {first} number, not one of {stated}.",
    "malformed": "Check the number against the label: it is not a valid {stated} number.",
    "could_be": "Check the number and the carrier: it is not a valid {stated} number, but could be"
    " one of {tied}.",
    "unknown": "Check the number against the label: no carrier is known whose numbers look so.",
    "not_checkable": "Check the number against the label: the form of a {stated} number says"
    " nothing about it.",
    "looks_like": "Check the carrier: the number looks like one of {first}.",
    "ambiguous": "State the carrier: the form of this number says nothing about whose it is.",
    "repair": " Did you mean {repair}?",
}
CHINESE = {
    "list": "、",
    "or": "或",
    "blank": "请填写追踪号:该栏为空。",
    "url": "请只填写追踪号,不要粘贴网页地址。",
    "exponent": "请把表格中的该列设为文本格式,再重新粘贴追踪号:{typed} 已丢失末尾数字。",
    "too_long": "请只填写一个追踪号:这段文字过长。",
    "unreadable": "追踪号只能包含字母和数字:{typed} 含有其他字符。",
    "state": "请将承运商填写为 {first}。",
    "state_one_of": "请填写承运商:该号码可能属于 {tied}。",
    "other": "请将承运商改为 {first}:这是 {first} 的号码,不是 {stated} 的。",
    "malformed": "请对照面单核对号码:它不是有效的 {stated} 追踪号。",
    "could_be": "请核对号码和承运商:它不是有效的 {stated} 追踪号,但可能属于 {tied}。",
    "unknown": "请对照面单核对号码:没有已知承运商使用这种格式。",
    "not_checkable": "请对照面单核对号码:仅凭格式无法校验 {stated} 的追踪号。",
    "looks_like": "请核对承运商:该号码看起来属于 {first}。",
    "ambiguous": "请填写承运商:仅凭格式无法判断该号码属于谁。",
    "repair": "您要填的是 {repair} 吗?",
}

_BY_DAMAGE = {
    Damage.SPREADSHEET_EXPONENT: "exponent",
    Damage.URL: "url",
    Damage.TOO_LONG: "too_long",
}
_LONGEST_QUOTE = 40


def remedy(number: Identification, language: dict[str, str]) -> str:
    """The sentence for one identification; empty where there is nothing to do."""
    sentence = _sentence(number)
    if not sentence:
        return ""
    text = language[sentence].format(
        typed=number.typed[:_LONGEST_QUOTE],
        first=_name(number.well_formed_for[0]) if number.well_formed_for else "",
        stated=_name(number.stated_carrier) if number.stated_carrier else "",
        tied=_names(number.tied or number.well_formed_for, language),
    )
    if number.repairs:
        text += language["repair"].format(repair=number.repairs[0])
    return text


def _sentence(number: Identification) -> str:
    return {
        FormCheck.WELL_FORMED: _when_well_formed,
        FormCheck.OTHER_CARRIER: lambda _: "other",
        FormCheck.MALFORMED: _when_malformed,
        FormCheck.NOT_CHECKABLE: _when_not_checkable,
        FormCheck.INVALID_ID: _when_invalid,
    }[number.verdict](number)


def _when_well_formed(number: Identification) -> str:
    if number.stated_carrier:
        return ""
    return "state_one_of" if number.tied else "state"


def _when_malformed(number: Identification) -> str:
    if not number.stated_carrier:
        return "unknown"
    return "could_be" if number.well_formed_for else "malformed"


def _when_not_checkable(number: Identification) -> str:
    if not number.stated_carrier:
        return "ambiguous"
    return "looks_like" if number.suggested_carrier else "not_checkable"


def _when_invalid(number: Identification) -> str:
    for damage in number.damage:
        if damage in _BY_DAMAGE:
            return _BY_DAMAGE[damage]
    return "unreadable" if number.typed.strip() else "blank"


def _name(code: str) -> str:
    try:
        return carrier(code).name
    except KeyError:
        return code


def _names(codes: tuple[str, ...], language: dict[str, str]) -> str:
    names = [_name(code) for code in codes]
    if len(names) < 2:  # noqa: PLR2004 -- one needs no joining
        return "".join(names)
    return language["or"].join((language["list"].join(names[:-1]), names[-1]))
