"""Make the secrets of an instance once, each in a file of its own that only its owner, or a group, can read."""

import argparse
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

# The password is typed by a person at the first sign-in, so it is shorter, and has no look-alikes.
PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105
PASSWORD_LENGTH = 20


def _password() -> str:
    return "".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


SECRETS: Mapping[str, Callable[[], str]] = {
    "gateway_key": lambda: secrets.token_urlsafe(32),
    "identity_secret": lambda: secrets.token_urlsafe(48),
    "webui_secret_key": lambda: secrets.token_urlsafe(48),
    "admin_password": _password,
}


def make(folder: Path, group: int | None = None) -> list[str]:
    """Make what is missing and return its names; what exists stays as it is.

    With a group, its members may read too: in containers the parts run as different users.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _protect(folder, 0o700 if group is None else 0o750, group)
    return [name for name, value in SECRETS.items() if _make_one(folder / name, value(), group)]


def _make_one(path: Path, value: str, group: int | None) -> bool:
    if path.exists() and path.stat().st_size:
        return False
    # Written aside and linked into place: a start that is cut short leaves no half secret, and of two at once
    # the first one's secret stays.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value)
    _protect(draft, 0o600 if group is None else 0o440, group)
    try:
        if path.exists():
            path.unlink()
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _protect(path: Path, mode: int, group: int | None) -> None:
    if group is not None:
        os.chown(path, -1, group)
    path.chmod(mode)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the secrets of an instance, once.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--group", type=int, help="number of the group that may read them")
    arguments = parser.parse_args()
    made = make(arguments.folder, arguments.group)
    print(f"Made {', '.join(made)}." if made else "All secrets are there already.")


if __name__ == "__main__":
    main()
