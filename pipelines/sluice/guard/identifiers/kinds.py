"""The table of codes that states and companies give out: how each is written, checked and spoken of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stdnum import luhn
from stdnum.ar import cuit
from stdnum.at import vnr
from stdnum.au import abn, acn, tfn
from stdnum.be import nn
from stdnum.br import cnpj, cpf
from stdnum.ca import bn, sin
from stdnum.ch import ssn as ahv
from stdnum.ch import uid as ch_uid
from stdnum.cl import rut
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import cif, nie
from stdnum.es import dni as nif
from stdnum.eu import vat
from stdnum.fi import hetu
from stdnum.fr import nif as fr_nif
from stdnum.fr import nir, siren, siret
from stdnum.gb import nhs, utr
from stdnum.gb import vat as gb_vat
from stdnum.ie import pps
from stdnum.in_ import gstin
from stdnum.it import iva
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import nip, pesel, regon
from stdnum.pt import nif as pt_nif
from stdnum.ro import cnp
from stdnum.tr import tckimlik
from stdnum.us import rtn
from stdnum.za import idnr as za_idnr

from sluice.guard.identifiers import checks
from sluice.guard.identifiers.checks import Check, either, varied


@dataclass(frozen=True, slots=True)
class Kind:
    """How one code is written: `shape` without its gaps, `alone` as it stands.

    A code written as in `alone` counts anywhere if its check digits are right. Else a word of `cues` must stand near
    and the check digits be right, or such a word must lead to it, right or not: people mistype. With `told` a word
    near is not enough.
    """

    type: str
    shape: re.Pattern[str]
    cues: frozenset[str]
    check: Check | None = None
    alone: re.Pattern[str] | None = None
    told: bool = False
    score: float = 0.85


def _kind(
    type: str, shape: str, cues: str, check: Check | None = None, *, alone: str | None = None, score: float = 0.85
) -> Kind:
    written = re.compile(alone) if alone else None
    return Kind(type, re.compile(shape), frozenset(cues.split()), check, written, score=score)


def _told(type: str, shape: str, cues: str, score: float = 0.55) -> Kind:
    return Kind(type, re.compile(shape), frozenset(cues.split()), told=True, score=score)


_DASH = "[-\u2010-\u2013]"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_MBI = r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d{2}"
_NINO = "(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_UK_DRIVER = rf"[A-Z]{{1,5}}9{{0,4}}\d[0156]\d{_DAY}\d[A-Z9]{{2}}[A-Z0-9][A-Z]{{2}}(?:\d\d)?"
_FISCAL = r"[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]"
_EU = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|EU|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK"

KINDS: tuple[Kind, ...] = (
    # United States
    _kind("US_SSN", r"\d{9}", "ssn", checks.us_ssn, alone=rf"\d{{3}}{_DASH}\d\d{_DASH}\d{{4}}"),
    _kind("US_ITIN", r"9\d{8}", "itin ssn", checks.us_itin, alone=r"9\d\d-\d\d-\d{4}"),
    _kind("US_EIN", r"\d{9}", "ein itin"),
    _kind("ABA_ROUTING_NUMBER", r"[0-3678]\d{8}", "routing", varied(rtn.is_valid)),
    _kind("US_NPI", r"[12]\d{9}", "npi", checks.us_npi),
    _kind("US_MBI", _MBI, "medicare", alone=r"[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{4}|[0-9A-Z]{11}"),
    _kind("MEDICAL_LICENSE", r"[A-HJ-MPR-UX][A-Z9]\d{7}", "dea", checks.us_dea, alone=r"[A-Z][A-Z9]\d{7}"),
    _told("US_DRIVER_LICENSE", r"(?=.*\d{3})[A-Z0-9]{5,17}", "us_licence", 0.7),
    _kind("US_PASSPORT", r"[A-Z]?\d{8,9}", "passport", score=0.6),
    # United Kingdom, Ireland
    _kind("UK_NHS", r"\d{10}", "nhs", varied(nhs.is_valid), alone=r"[4679]\d\d[ -]\d{3}[ -]\d{4}"),
    _kind("UK_NINO", rf"{_NINO}\d{{6}}[A-D]", "nino",
          alone=r"[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]|[A-Z]{2}(?:-\d\d){3}-[A-D]"),
    _told("UK_NINO", r"[A-Z]{2}\d{6}[A-D]?", "nino", 0.8),
    _kind("UK_UTR", r"\d{10}", "utr", varied(utr.is_valid)),
    _kind("UK_DRIVING_LICENCE", _UK_DRIVER, "licence us_licence", checks.uk_driver,
          alone=r"[A-Z9]{5} ?\d{6} ?[A-Z9]{2}[A-Z0-9] ?[A-Z]{2}(?: ?\d\d)?"),
    _kind("UK_PASSPORT", r"[A-Z]{2}\d{7}", "passport", score=0.65),
    _kind("ID_CARD", r"\d{7}[A-W][A-IW]?", "ppsn", pps.is_valid),
    # Germany, Austria, Switzerland
    _kind("DE_TAX_ID", r"[1-9]\d{10}", "de_tax itin", idnr.is_valid, alone=r"[1-9]\d \d{3} \d{3} \d{3}"),
    _told("DE_TAX_ID", r"\d{10,13}", "de_tax", 0.7),
    _kind("DE_SOCIAL_SECURITY", rf"\d{{2}}{_DAY}{_MONTH}\d{{2}}[A-Z]\d{{3}}", "de_social", checks.de_pension,
          alone=r"\d{2} ?\d{6} ?[A-Z] ?\d{3}"),
    _kind("DE_SOCIAL_SECURITY", r"\d{8}[A-Z]\d{3}", "de_social", score=0.8),
    _kind("DE_HEALTH_INSURANCE", r"[A-Z]\d{9}", "de_health health", checks.de_health),
    _kind("DE_ID_CARD", r"[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?", "id_card passport", checks.icao, score=0.8),
    _kind("ID_CARD", r"756\d{10}", "id_card", ahv.is_valid, alone=r"756[. ]\d{4}[. ]\d{4}[. ]\d{2}|756\d{10}"),
    _kind("ID_CARD", r"[1-9]\d{9}", "id_card de_social", vnr.is_valid),
    # France, Belgium
    _kind("FR_NIR", r"[12]\d{4}(?:\d{2}|2[AB])\d{8}", "nir", nir.is_valid,
          alone=r"[12] ?\d\d ?[01]\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d"),
    _kind("FR_NIR", r"[12]\d\d(?:0[1-9]|1[0-2])(?:\d{2}|2[AB])\d{6}", "nir"),
    _kind("FR_TAX_ID", r"[0-3]\d{12}", "fr_tax", fr_nif.is_valid, alone=r"[0-3]\d \d\d \d{3} \d{3} \d{3}"),
    _kind("ID_CARD", r"\d{11}", "id_card", nn.is_valid, alone=r"\d\d\.\d\d\.\d\d-\d{3}\.\d{2}"),
    # Spain, Portugal, Italy
    _kind("ES_NIF", r"\d{8}[A-Z]", "nif id_card", nif.is_valid, alone=r"\d{8}[ -]?[A-Z]|\d\d?\.\d{3}\.\d{3}[ -]?[A-Z]"),
    _kind("ES_NIE", r"[XYZ]\d{7}[A-Z]", "nif id_card", nie.is_valid, alone=r"[XYZ][ -]?\d{7}[ -]?[A-Z]"),
    _kind("HEALTH_NUMBER", r"\d{12}", "health", checks.es_social, alone=r"\d\d[/ ]\d{8}[/ ]\d\d"),
    _kind("ID_CARD", r"[1-36]\d{8}", "pt_tax", pt_nif.is_valid),
    _kind("ID_CARD", r"\d{9}[A-Z]{2}\d", "id_card", alone=r"\d{8} \d [A-Z]{2}\d"),
    _kind("IT_FISCAL_CODE", _FISCAL, "it_tax", alone=r"[A-Z]{6}.*|[A-Z]{3} [A-Z]{3} .*"),
    _kind("IT_PASSPORT", r"[A-Z]{2}\d{7}", "it_passport", score=0.7),
    # Netherlands, Poland
    _kind("NL_BSN", r"\d{8,9}", "bsn", varied(lambda code: bool(bsn.is_valid(code.zfill(9))))),
    _kind("PL_PESEL", r"\d{11}", "pesel", pesel.is_valid, alone=r"\d{11}"),
    _kind("PL_ID_CARD", r"[A-Z]{3}\d{6}", "id_card", checks.pl_id_card),
    # India
    _kind("IN_AADHAAR", r"[2-9]\d{11}", "aadhaar", checks.in_aadhaar, alone=r"\d{4} \d{4} \d{4}|\d{4}-\d{4}-\d{4}"),
    _kind("IN_PAN", r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]", "itin in_pan", alone=r"[A-Z]{5}\d{4}[A-Z]", score=0.7),
    _kind("IN_PASSPORT", r"[A-Z][1-9]\d{6}", "passport", score=0.6),
    _kind("IN_VOTER_ID", r"[A-Z]{3}\d{7}", "voter"),
    # Brazil, Australia, Canada
    _kind("BR_CPF", r"\d{11}", "cpf", cpf.is_valid, alone=r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    _kind("BR_CNPJ", r"\d{14}", "cnpj", cnpj.is_valid, alone=r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"),
    _kind("ID_CARD", r"\d{11}", "pis", checks.br_pis, alone=r"\d{3}\.\d{5}\.\d{2}-\d"),
    _kind("HEALTH_NUMBER", r"[12789]\d{14}", "health", checks.br_health),
    _kind("AU_TFN", r"\d{8,9}", "tfn", varied(tfn.is_valid)),
    _kind("AU_MEDICARE", r"[2-6]\d{9,10}", "medicare", checks.au_medicare, alone=r"\d{4} \d{5} \d"),
    _kind("HEALTH_NUMBER", r"80036\d{11}", "health", luhn.is_valid, alone=r"8003 \d{4} \d{4} \d{4}"),
    _kind("CA_SIN", r"[1-9]\d{8}", "sin", varied(sin.is_valid), alone=r"\d{3}-\d{3}-\d{3}"),
    _kind("CA_HEALTH_CARD", r"\d{10}(?:[A-Z]{2})?", "health", lambda code: bool(luhn.is_valid(code[:10])),
          alone=r"\d{4}-\d{3}-\d{3}-[A-Z]{2}"),
    # Others with check digits
    _kind("FI_PERSONAL_IDENTITY_CODE", rf"{_DAY}{_MONTH}\d{{5}}[0-9A-Y]", "id_card",
          lambda code: bool(hetu.is_valid(f"{code[:6]}-{code[6:]}")), alone=rf"{_DAY}{_MONTH}\d\d[-+A]\d{{3}}[0-9A-Y]"),
    _kind("SE_PERSONNUMMER", r"(?:19|20)?\d{10}", "id_card", lambda code: bool(luhn.is_valid(code[-10:])),
          alone=rf"(?:19|20)?\d\d{_MONTH}{_DAY}[-+]\d{{4}}"),
    _kind("SG_NRIC_FIN", r"[STFGM]\d{7}[A-Z]", "id_card", checks.sg_nric, alone=r"[STFGM]\d{7}[A-Z]"),
    _kind("ID_CARD", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d", "id_card", curp.is_valid, alone=r"[A-Z0-9]{18}"),
    _kind("ID_CARD", r"\d{9,13}", "id_card", varied(either(
        cpr.is_valid, rc.is_valid, fodselsnummer.is_valid, cnp.is_valid, tckimlik.is_valid, za_idnr.is_valid))),
    _kind("ID_CARD", r"\d{7,8}[\dK]", "id_card", rut.is_valid, alone=r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]"),
    _kind("ID_CARD", r"(?:2[0347]|3[034])\d{9}", "id_card", cuit.is_valid, alone=r"\d\d-\d{8}-\d"),
    # Companies
    _kind("VAT_NUMBER", rf"(?:{_EU})[0-9A-Z]{{7,12}}", "vat", vat.is_valid, alone=r"[A-Z]{2}(?=.*\d{5}).*"),
    _kind("VAT_NUMBER", r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]", "vat", gstin.is_valid, alone=r"[0-9A-Z]{15}"),
    _kind("VAT_NUMBER", r"\d{8,14}", "vat", varied(either(
        abn.is_valid, acn.is_valid, iva.is_valid, nip.is_valid, regon.is_valid, siren.is_valid, siret.is_valid,
        bn.is_valid, gb_vat.is_valid))),
    _kind("VAT_NUMBER", r"CHE\d{9}(?:MWST|TVA|IVA)?", "vat", lambda code: bool(ch_uid.is_valid(code[:12])),
          alone=r"CHE.*"),
    _kind("VAT_NUMBER", r"[A-HJNP-SUVW]\d{7}[0-9A-J]", "vat nif", cif.is_valid),
    _told("VAT_NUMBER", r"(?:[A-Z]{2,3})?\d{5,14}(?:B\d\d|MWST|TVA|HRB|RC\d{4}|RT\d{4})?", "vat", 0.7),
    # Vehicles: numbers of the frame; plates have a module of their own
    _kind("VEHICLE_NUMBER", r"(?=.*[A-Z].*[A-Z])(?=(?:.*\d){4})[A-HJ-NPR-Z0-9]{17}", "vehicle", checks.vin,
          alone=r"[A-Z0-9]{17}"),
    _kind("VEHICLE_NUMBER", r"(?=.*\d{3})[A-HJ-NPR-Z0-9]{17}", "vehicle"),
    # Whatever a word names
    _told("DRIVING_LICENCE", r"(?=.*\d{3})[A-Z0-9]{6,16}", "licence us_licence", 0.6),
    _told("DRIVING_LICENCE", r"[A-Z]{1,2}\d{6,15}[A-Z]{0,2}", "driver", 0.55),
    _told("PASSPORT", r"(?=(?:.*\d){4})[A-Z0-9]{6,12}", "passport it_passport"),
    _told("ID_CARD", r"(?=.*\d{4})[A-Z0-9]{6,15}", "id_card ppsn nif pt_tax it_tax pis ssn"),
    _told("HEALTH_NUMBER", r"(?=.*\d{3})[A-Z0-9]{5,20}", "health de_health nhs medicare", 0.6),
    _told("US_BANK_NUMBER", r"\d{8,17}", "bank", 0.58),
    _kind("ACCOUNT_NUMBER", r"\d{14}", "account", alone=r"\d\d-\d\d-\d\d \d{8}"),  # sort code and number
    _told("ACCOUNT_NUMBER", r"(?=(?:.*\d){3})[A-Z0-9]{5,24}", "account iban"),
    _told("CUSTOMER_NUMBER", r"(?=(?:.*\d){3})[A-Z0-9]{4,24}", "customer"),
    _told("CUSTOMER_NUMBER", r"(?=.*[A-Z])(?=.*\d{3})[A-Z0-9]{5,20}|\d{6,20}", "case", 0.5),
)  # fmt: skip

BY_CUE: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {cue: tuple(kind for kind in KINDS if cue in kind.cues) for cue in sorted({c for k in KINDS for c in k.cues})}
)
ALONE: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind.alone)
ANY_ALONE = re.compile("|".join(f"(?:{kind.alone.pattern})" for kind in ALONE if kind.alone))
