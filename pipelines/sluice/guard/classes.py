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
        "ACCOUNT_NUMBER",
        "AGE",
        "AU_TFN",
        "BR_CPF",
        "CA_SIN",
        "CUSTOMER_NUMBER",
        "DATE_OF_BIRTH",
        "DE_ID_CARD",
        "DE_SOCIAL_SECURITY",
        "DE_TAX_ID",
        "DRIVING_LICENCE",
        "EMAIL_ADDRESS",
        "ES_NIE",
        "ES_NIF",
        "FI_PERSONAL_IDENTITY_CODE",
        "FR_NIR",
        "FR_TAX_ID",
        "HANDLE",
        "ID_CARD",
        "IN_AADHAAR",
        "IN_PAN",
        "IN_PASSPORT",
        "IN_VOTER_ID",
        "IP_ADDRESS",
        "IT_FISCAL_CODE",
        "IT_PASSPORT",
        "LOCATION",
        "MAC_ADDRESS",
        "NL_BSN",
        "ORGANIZATION",
        "PASSPORT",
        "PERSON",
        "PHONE_NUMBER",
        "PL_ID_CARD",
        "PL_PESEL",
        "POSTAL_CODE",
        "SE_PERSONNUMMER",
        "SG_NRIC_FIN",
        "STREET_ADDRESS",
        "UK_DRIVING_LICENCE",
        "UK_NINO",
        "UK_PASSPORT",
        "UK_UTR",
        "US_DRIVER_LICENSE",
        "US_ITIN",
        "US_PASSPORT",
        "US_SSN",
        "USERNAME",
        "VEHICLE_NUMBER",
    ),
    "financial": (
        "ABA_ROUTING_NUMBER",
        "CREDIT_CARD",
        "BR_CNPJ",
        "CRYPTO",
        "FINANCIAL_PROJECTION",
        "IBAN_CODE",
        "US_BANK_NUMBER",
        "US_EIN",
        "VAT_NUMBER",
    ),
    "medical": (
        "AU_MEDICARE",
        "CA_HEALTH_CARD",
        "DE_HEALTH_INSURANCE",
        "HEALTH_NUMBER",
        "MEDICAL_RECORD",
        "MEDICAL_LICENSE",
        "UK_NHS",
        "US_MBI",
        "US_NPI",
    ),
    "legal": ("LEGAL_DOCUMENT", "PRIVILEGED_MARKING"),
    "source_code": ("FINGERPRINT", "INTERNAL_HOST", "OWN_PACKAGE", "PROPRIETARY_CODE"),
    "confidential": (
        "CONFIDENTIAL_MARKING",
        "CUSTOMER_LIST",
        "INTERNAL_MAIL",
        "ORGANISATION_TERM",
        "UNRELEASED_PRODUCT",
    ),
    "doubtful": ("UNCLEAR",),
}

CLASS_OF: Mapping[str, str] = MappingProxyType(
    {name: klass for klass, names in _TYPES_OF_CLASS.items() for name in names}
)

# They stand for the whole text they are found in: masking the words that gave it away would cure nothing.
WHOLE = frozenset(
    {
        "CONFIDENTIAL_MARKING",
        "CUSTOMER_LIST",
        "FINANCIAL_PROJECTION",
        "FINGERPRINT",
        "INTERNAL_MAIL",
        "LEGAL_DOCUMENT",
        "MEDICAL_RECORD",
        "OWN_PACKAGE",
        "PRIVILEGED_MARKING",
        "PROPRIETARY_CODE",
        "UNRELEASED_PRODUCT",
    }
)
