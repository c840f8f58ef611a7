"""Check digits: whether a number's check character agrees with the rest of it.

Every check takes the whole number as ASCII bytes (0-9, A-Z), its check character last, and answers
yes or no. They are written for speed, because whatever anybody types runs through several: a slice
or a product that runs in C takes the place of a loop over digits.

What a check leaves unseen of the two commonest typing errors, one digit wrong and two neighbours
swapped, the check digit itself included:

    GS1, GLS        none     11 %        FedEx               1.6 %    2 %
    Luhn            none      2 %        S10, TNT            1.6 %    2 %
    ISO 7064        none      1 %        modulo 7              6 %    6 %
    UPS, OnTrac      5 %      7 %        Identcode             6 %   40 %
"""

from collections.abc import Callable
from operator import mul

Check = Callable[[bytes], bool]

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Turns each character of a number into its value: a digit into itself, A into 10, Z into 35.
_VALUES = bytes.maketrans(_ALPHABET, bytes(range(36)))
# UPS's own values: a letter counts as (its ASCII code - 3) mod 10.
_UPS_VALUES = bytes.maketrans(
    _ALPHABET, bytes([*range(10), *((code - 3) % 10 for code in _ALPHABET[10:])])
)
# A digit doubled, and its own digits added up: 7 → 14 → 5.
_DOUBLED = bytes.maketrans(b"0123456789", bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]))


def gs1(code: bytes) -> bool:
    """Modulo 10, weights 3 and 1 from the right (GS1 General Specifications, 7.9)."""
    values = code.translate(_VALUES)
    return (3 * sum(values[-2::-2]) + sum(values[::-2])) % 10 == 0


def gls(code: bytes) -> bool:
    """GS1's sum with one added to it (GLS parcel number of twelve digits)."""
    values = code.translate(_VALUES)
    return (3 * sum(values[-2::-2]) + sum(values[::-2]) + 1) % 10 == 0


def luhn(code: bytes) -> bool:
    """Modulo 10, every second digit doubled (ISO/IEC 7812-1, annex B)."""
    return (sum(code[-2::-2].translate(_DOUBLED)) + sum(code[::-2].translate(_VALUES))) % 10 == 0


def ups(code: bytes) -> bool:
    """Modulo 10, weights 1 and 2 from the left, letters by UPS's own values.

    For a waybill's digits; and OnTrac's numbers, whose letters C and D count as 4 and 5.
    """
    values = code.translate(_UPS_VALUES)
    # The check digit itself always weighs 1, also where a 2 would be due.
    surplus = values[-1] if len(values) % 2 == 0 else 0
    return (sum(values[::2]) + 2 * sum(values[1::2]) - surplus) % 10 == 0


def mod_7(code: bytes) -> bool:
    """The digits before the last, as one number, modulo 7 (DHL Express, Yamato, Sagawa)."""
    return int(code[:-1]) % 7 == code[-1] - ord("0")


_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_POSTAL_DIGITS = b"50987654321"  # by remainder: 11 less it, but 5 for nought and 0 for one


def postal(code: bytes) -> bool:
    """Nine digits, weights 8 6 4 2 3 5 9 7, modulo 11 (UPU standard S10; TNT consignments)."""
    total: int = sum(map(mul, code.translate(_VALUES), _POSTAL_WEIGHTS))
    return code[8] == _POSTAL_DIGITS[total % 11]


def s10(code: bytes) -> bool:
    """The postal sum, between service letters and country: ``RR473124829GB``."""
    return postal(code[2:11])


_FEDEX_WEIGHTS = (1, 3, 7) * 5


def fedex(code: bytes) -> bool:
    """Weights 1, 3, 7 from the right, modulo 11, ten counting as nought (FedEx label guide)."""
    total: int = sum(map(mul, code[-2::-1].translate(_VALUES), _FEDEX_WEIGHTS))
    return total % 11 % 10 == code[-1] - ord("0")


def identcode(code: bytes) -> bool:
    """Modulo 10, weights 4 and 9 from the left, of twelve digits (Deutsche Post Identcode)."""
    values = code.translate(_VALUES)
    return (4 * sum(values[:-1:2]) + 9 * sum(values[1:-1:2]) + values[-1]) % 10 == 0


# The system's next state by its state and the next value: sum and doubling in one step.
_HYBRID = bytes(((state + value) % 36 or 36) * 2 % 37 for state in range(37) for value in range(36))


def mod_37_36(code: bytes) -> bool:
    """The hybrid system over digits and letters (ISO/IEC 7064, MOD 37,36; DPD parcel label)."""
    *body, check = code.translate(_VALUES)
    state = 36
    for value in body:
        state = _HYBRID[36 * state + value]
    return (state + check) % 36 == 1


_MONDIAL_RELAY_WEIGHTS = (2, 3, 4, 5, 6, 7) * 3


def mondial_relay(code: bytes) -> bool:
    """Two check digits, of the shipment and of the routing (Mondial Relay label v2.4).

    Weights 2 to 7 from the right, over and over, modulo 11; ten and eleven count as nought. The
    parcel's place in its shipment (digits 11-12) is neither nought nor beyond the shipment's size
    (13-14).
    """
    place, size = code[10:12], code[12:14]
    return b"00" < place <= size and _mod_11(code[:15]) and _mod_11(code[15:])


def _mod_11(code: bytes) -> bool:
    total: int = sum(map(mul, code[-2::-1].translate(_VALUES), _MONDIAL_RELAY_WEIGHTS))
    remainder = 11 - total % 11
    return remainder % 11 % 10 == code[-1] - ord("0")


def unchecked(_code: bytes) -> bool:
    """For numbers without a published check digit: prefix and length are all there is."""
    return True


def hexadecimal(code: bytes) -> bool:
    """No check digit, but digits and letters from A to F alone, a letter among them.

    For codes that a machine writes; a number of digits alone is none.
    """
    return not code.isdigit() and not code.translate(None, b"0123456789ABCDEF")


def tail(start: int, check: Check) -> Check:
    """*check* over what follows the first *start* characters."""
    return lambda code: check(code[start:])


def embedded(start: int, end: int, check: Check) -> Check:
    """*check* over the characters from *start* up to *end*: a number inside a longer barcode."""
    return lambda code: check(code[start:end])


def after(prefix: bytes, check: Check) -> Check:
    """*check* over the number with *prefix* before it: digits that its check digit counts in."""
    return lambda code: check(prefix + code)
