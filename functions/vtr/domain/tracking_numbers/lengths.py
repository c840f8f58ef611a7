"""Lengths that a carrier's numbers have, where there is neither a prefix nor a check digit.

They decide nothing (tier D): a number of such a length is never held against the carrier, and never
speaks for it. They are gathered from carriers' own help pages, open test suites and public reports.
"""

from vtr.domain.tracking_numbers.check_digits import unchecked
from vtr.domain.tracking_numbers.formats import entry

# fmt: off
LENGTHS = tuple(
    entry(f"length_{name}", carriers, "D", pattern, unchecked, "-", examples)
    for name, pattern, carriers, examples in (
        ("7", "d7", "seur raben", "8812345 1234567"),
        ("8", "d8", "gls mondial_relay heppner dachser dpd_ie safexpress", "87778793 22757363"),
        ("8_any", "x8", "gls mondial_relay heppner", "Z51UTO2B 00FMU9CQ"),
        ("9", "d9", "ups dtdc dpd_ie gati spoton ecom_express trackon", "123456789 502426455"),
        ("gls", "50 d7, 97 d12, 755 d11", "gls", "502426455 97230517213303"),
        ("9_letter", "a1 d8, d1 a1 d7", "ups dtdc", "N95614372 D69988589"),
        ("10", "d10",
         ("ups mondial_relay tipsa estafeta cdek cj_logistics dpd_uk dx seino fukuyama bluedart"
          " aramex delhivery ecom_express trackon rivigo acs skynet australia_post"),
         "1058233044 2806075762"),
        ("11", "d11", "gls aramex skynet couriers_please mrw", "50346007538 30109165494"),
        ("12", "d12",
         ("ups sf_express sto zto jt_express mrw brt dpd_fr mondial_relay cj_logistics"
          " tuffnells 4px flyt cainiao aramex skynet shree_tirupati trackon yurtici"
          " nippon_express toll fedex_cross_border poste_italiane"),
         "133938675660 968754207139"),
        ("12_letter", "a1 d11, d5 a1 d6", "tuffnells mrw dotzot fastway_ie fastway_za",
         "D12345678901 08203F557102"),
        ("12_letters", "a2 d10, d1 a1 d10",
         "aramex_au aramex_nz fastway_za fastway_ie dai_post swiship amazon_uk",
         "RZ0007557351 2X0008909201"),
        ("13", "d13",
         ("china_post china_ems yunda sto delhivery korea_post imile yanwen sda xpressbees"
          " dachser cj_logistics emirates_post toll poste_italiane"),
         "1000478495775 8001077530850"),
        ("14", "d14",
         ("dpd dpd_uk dpd_local dpd_fr dpd_ie chronopost seur brt delhivery russian_post"
          " xpressbees shree_maruti dhl_parcel_uk fastway_za best_express dhl_ecommerce"),
         "06086216767970 25003180070704"),
        ("15", "d15", "sto yunda dpd_fr raben brt delhivery xpressbees",
         "773123456789012 463123456789012"),
        ("15_check", "d14 x1", "dpd_uk dpd_local dpd_fr dpd_ie chronopost seur brt",
         "15502370264989N 09599003049519Y"),
        ("16", "d16", "evri australia_post ubi estafeta dhl_ecommerce dhl_de",
         "1234567890123456 4002847016405019"),
        ("16_letters", "LP d14", "4px yanwen correios",
         "LP00068434402473 LP00068434402474"),
        ("16_1r", "1R d14", "colis_prive", "1R12345678912345 1R00000000000000"),
        ("18", "d18", "ups yunexpress australia_post asendia db_schenker bring",
         "123456789012345678 180500261000033822"),
        ("20_zeros", "0000000 d13", "ontrac gls_us", "00000007481127656487 00000000000000000001"),
        ("20", "d20", "chunghwa_post nz_post estafeta australia_post postnord toll ubi",
         "00000007481127656487 00000000000000000001"),
        ("21", "d21", "seur", "046999610972820260807 046999610972820260808"),
        ("21_letters", "a21", "asendia", "YPKFPRNFVUTYNWHIUMDQW ABCDEFGHIJKLMNOPQRSTU"),
        ("22", "d22", "post_at tipsa australia_post estafeta",
         "1011236513864670170531 0301006785462006320995"),
        ("23", "d23", "cainiao australia_post", "63590000017347601815002 99705173132901004300909"),
        ("24", "d24", "inpost bpost", "642600027844200234823732 700000000000000000000001"),
        ("26", "d26", "cainiao", "12876900007000242694867001 13276900007000242694867002"),
        ("27", "d27", "dpd", "008099915501071048275101276 008182709980000020033350276"),
        ("dpd", "d13 a1, d13 a1 d1, d14 a1", "dpd", "1234567890123U 09445440528372Z"),
        ("couriers_please", "CP x12, CP x14-15", "couriers_please",
         "CPWAGVBK000122 CPWAGVBK000122073"),
        ("sda", "d1 a1 d4 a1 d6", "sda poste_italiane", "3C6075I298649 1A1234I123456"),
        ("startrack", "a4 d8, d1 a3 d8, a1 d1 a2 d8", "startrack", "FYEZ00098398 MGXZ12345678"),
        ("tnt", "a3 d9, a2 d8", "tnt_au tnt_it", "ECU000020788 MY50607298"),
    )
)
# fmt: on
