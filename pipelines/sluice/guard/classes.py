"""The one table that says to which class a type of finding belongs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from sluice.config.schema import FindingClass

CLASSES: tuple[str, ...] = get_args(FindingClass)

_TYPES_OF_CLASS = {
    "secret": (
        "API_KEY",
        "BEARER_TOKEN",
        "CLOUD_KEY",
        "CONNECTION_STRING",
        "JWT",
        "PASSWORD",
        "PRIVATE_KEY",
        "WEBHOOK",
    ),
    "personal": (
        "AU_TFN",
        "CA_SIN",
        "DE_ID_CARD",
        "DE_SOCIAL_SECURITY",
        "DE_TAX_ID",
        "EMAIL_ADDRESS",
        "ES_NIE",
        "ES_NIF",
        "FI_PERSONAL_IDENTITY_CODE",
        "IN_AADHAAR",
        "IN_PAN",
        "IN_PASSPORT",
        "IP_ADDRESS",
        "IT_FISCAL_CODE",
        "IT_PASSPORT",
        "LOCATION",
        "MAC_ADDRESS",
        "PERSON",
        "PHONE_NUMBER",
        "PL_PESEL",
        "SE_PERSONNUMMER",
        "SG_NRIC_FIN",
        "STREET_ADDRESS",
        "UK_DRIVING_LICENCE",
        "UK_NINO",
        "UK_PASSPORT",
        "US_DRIVER_LICENSE",
        "US_ITIN",
        "US_PASSPORT",
        "US_SSN",
    ),
    "financial": (
        "ABA_ROUTING_NUMBER",
        "CREDIT_CARD",
        "CRYPTO",
        "IBAN_CODE",
        "US_BANK_NUMBER",
    ),
    "medical": (
        "AU_MEDICARE",
        "DE_HEALTH_INSURANCE",
        "MEDICAL_LICENSE",
        "UK_NHS",
        "US_MBI",
        "US_NPI",
    ),
}

CLASS_OF: Mapping[str, str] = MappingProxyType(
    {name: klass for klass, names in _TYPES_OF_CLASS.items() for name in names}
)
