"""What can keep provisioning from running; each sentence says what to do.

SluiceError
└── ProvisionError         Open WebUI could not be read or written
    ├── PresetError        a file in presets/ or functions/ cannot be used
    └── CallFailed         one call to Open WebUI was refused; carries its status
"""

from sluice.errors import SluiceError


class ProvisionError(SluiceError):
    """Open WebUI could not be brought in line. Shown to the admin in a terminal."""

    code = "provision_error"


class PresetError(ProvisionError):
    """A preset, a function or the switch file cannot be used."""


class CallFailed(ProvisionError):
    """Open WebUI refused one call; the others may still succeed."""

    def __init__(self, what: str, status: int, detail: str) -> None:
        super().__init__(f"Open WebUI refused to {what} ({status}: {detail})")
        self.status = status
