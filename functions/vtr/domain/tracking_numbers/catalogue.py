"""The catalogue of formats: whose numbers look like what, and how each is checked.

The columns: id, carriers (the likeliest first), tier, pattern, check, source, examples.

A *tier* says what a match is worth. **A**: a distinctive prefix and a check digit agree. **B**: a
check digit alone, which about one in ten random numbers of that length passes. **C**: a prefix, or
a pattern of letters and digits, without a check digit that anybody publishes. **D**: the length
alone; it decides nothing, and says only that a number of this carrier cannot be judged by its form.

A format stands under a carrier where something in the number speaks for it, and nowhere else: that
a carrier uses a partner at times is no sign in a number. Members of a family stand under one code.

Within a tier, what stands first is the likelier carrier: the United States first, then by the size
of a carrier in its home market.

How patterns are written stands in ``patterns.py``. The examples are published ones, from carriers'
own documents, open test suites and public reports; where only one was found, the second is made by
the rule.
"""

from vtr.domain.tracking_numbers.asia_pacific import ASIAN_PACIFIC_FORMATS
from vtr.domain.tracking_numbers.check_digits import unchecked
from vtr.domain.tracking_numbers.europe import EUROPEAN_FORMATS
from vtr.domain.tracking_numbers.formats import Format, entry
from vtr.domain.tracking_numbers.lengths import LENGTHS
from vtr.domain.tracking_numbers.north_america import NORTH_AMERICAN_FORMATS
from vtr.domain.tracking_numbers.posts import POSTAL_FORMATS
from vtr.domain.tracking_numbers.usps import USPS_FORMATS

# Letters where others have prefixes of their own: these come after all of those.
_WITHOUT_PREFIX = (
    entry(
        "purolator_letters", "purolator", "C", "a3 d9", unchecked, "Purolator",
        "KYV009956937 CGK002986959",
    ),
)  # fmt: skip

FORMATS: tuple[Format, ...] = (
    *USPS_FORMATS,
    *NORTH_AMERICAN_FORMATS,
    *EUROPEAN_FORMATS,
    *ASIAN_PACIFIC_FORMATS,
    *POSTAL_FORMATS,
    *_WITHOUT_PREFIX,
    *LENGTHS,
)

# Carriers whose own documents list all their numbers, and where: what fits nothing of that is no
# number of theirs. UPS's page adds waybills and freight numbers "from seven to 20 characters" to
# its list, so that UPS cannot stand here.
COMPLETE = {
    "usps": "USPS Publications 109 and 199; UPU S10; https://faq.usps.com, label numbers",
    "fedex": "https://www.fedex.com/en-us/tracking.html: 12, 15, 20, 22, 34 digits, door tags",
    "fedex_smartpost": "as for fedex",
    "dhl": "https://www.dhl.com/global-en/home/tracking/id-labels.html: 10 and 11 digits, JD, JJD,"
    " JVGL",
}
