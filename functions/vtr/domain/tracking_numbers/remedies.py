"""What a seller can do about a number, in one sentence: English and Chinese."""

from vtr.domain.carriers import carrier
from vtr.domain.tracking_numbers.grammar import is_nobodys
from vtr.domain.tracking_numbers.identify import FormCheck, Identification
from vtr.domain.tracking_numbers.normalise import Damage

ENGLISH = {
    "list": ", ",
    "or": " or ",
    "blank": "Enter the tracking number: the field is blank.",
    "url": "Enter the tracking number alone, not the address of a web page.",
    "several": "Enter one tracking number: these are several numbers, and each is a package of its"
    " own to confirm.",
    "exponent": "Format the spreadsheet's column as text and paste the number again: {typed} has"
    " lost its last digits.",
    "decimal": "Format the spreadsheet's column as text and paste the number again: {typed} is the"
    " number with decimals.",
    "words": "Enter the tracking number alone, without the words around it.",
    "too_long": "Enter one tracking number: this text is too long to be one.",
    "unreadable": "Enter the number with letters and digits only: {typed} has other characters.",
    "nobodys": "Check the number against the label: no carrier's tracking number looks like this.",
    "state": "State {first} as the carrier.",
    "state_one_of": "State the carrier: the number could be one of {tied}.",
    "state_unlisted": "State the carrier: the number is well formed, and its carrier is not on our"
    " list.",
    "other": "Change the carrier to {first}: this is a {first} number, not one of {stated}.",
    "malformed": "Check the number against the label: it is not a valid {stated} number.",
    "could_be": "Check the number and the carrier: it is not a valid {stated} number, but could be"
    " one of {tied}.",
    "failed": "Check the number against the label: its check digit is wrong.",
    "not_checkable": "Nothing is known against this number: its form cannot be checked for"
    " {stated}, whose scans will tell.",
    "ambiguous": "State the carrier: nothing is known against this number, and no known carrier is"
    " told by its form.",
    "repair": " Did you mean {repair}?",
}
CHINESE = {
    "list": "、",
    "or": "或",
    "blank": "请填写追踪号:该栏为空。",
    "url": "请只填写追踪号,不要粘贴网页地址。",
    "several": "请只填写一个追踪号:这里有多个号码,每个号码对应一个包裹,请分别确认。",
    "exponent": "请把表格中的该列设为文本格式,再重新粘贴追踪号:{typed} 已丢失末尾数字。",
    "decimal": "请把表格中的该列设为文本格式,再重新粘贴追踪号:{typed} 带有小数位。",
    "words": "请只填写追踪号,不要带其他文字。",
    "too_long": "请只填写一个追踪号:这段文字过长。",
    "unreadable": "追踪号只能包含字母和数字:{typed} 含有其他字符。",
    "nobodys": "请对照面单核对号码:没有承运商的追踪号是这种格式。",
    "state": "请将承运商填写为 {first}。",
    "state_one_of": "请填写承运商:该号码可能属于 {tied}。",
    "state_unlisted": "请填写承运商:该号码格式正确,但其承运商不在我们的列表中。",
    "other": "请将承运商改为 {first}:这是 {first} 的号码,不是 {stated} 的。",
    "malformed": "请对照面单核对号码:它不是有效的 {stated} 追踪号。",
    "could_be": "请核对号码和承运商:它不是有效的 {stated} 追踪号,但可能属于 {tied}。",
    "failed": "请对照面单核对号码:它的校验位不正确。",
    "not_checkable": "该号码没有发现问题:其格式无法针对 {stated} 校验,以扫描记录为准。",
    "ambiguous": "请填写承运商:该号码没有发现问题,但仅凭格式无法判断它属于哪家已知承运商。",
    "repair": "您要填的是 {repair} 吗?",
}

# The first that holds is told.
_BY_DAMAGE = {
    Damage.SEVERAL_NUMBERS: "several",
    Damage.TOO_LONG: "too_long",
    Damage.URL: "url",
    Damage.SPREADSHEET_EXPONENT: "exponent",
    Damage.SPREADSHEET_DECIMAL: "decimal",
    Damage.LABEL_WORDS: "words",
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
    if not number.well_formed_for:
        return "state_unlisted"
    return "state_one_of" if number.tied else "state"


def _when_malformed(number: Identification) -> str:
    if told := _by_damage(number):
        return told
    if is_nobodys(number.normalised):
        return "nobodys"
    if not number.stated_carrier:
        return "failed"
    return "could_be" if number.well_formed_for else "malformed"


def _when_not_checkable(number: Identification) -> str:
    return "not_checkable" if number.stated_carrier else "ambiguous"


def _when_invalid(number: Identification) -> str:
    return _by_damage(number) or ("unreadable" if number.typed.strip() else "blank")


def _by_damage(number: Identification) -> str:
    damage = number.damage
    return next((told for code, told in _BY_DAMAGE.items() if code in damage), "")


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
