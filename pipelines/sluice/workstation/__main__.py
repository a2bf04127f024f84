"""The verbs behind scripts/: bring up and down, and run programs in the environments that these need."""

import argparse
import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from sluice.errors import StartError
from sluice.workstation import docker, environments, stopping
from sluice.workstation.places import Places, places

NATIVE = "up-native"


def main() -> None:
    try:
        _run(sys.argv[1:], places(os.environ), os.environ)
    except StartError as error:
        sys.exit(f"✗ {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def _run(words: list[str], here: Places, environ: Mapping[str, str]) -> None:
    verb, rest = words[0], words[1:]
    if verb == "up":
        _up(_up_arguments(rest), here, environ)
    elif verb == NATIVE:
        from sluice.workstation import native

        native.up(here, environ, detach="--detach" in rest)
    elif verb == "down":
        _down(here)
    elif verb == "environment":
        print(environments.ensure(rest[0], here.root, here.cache).python)
    elif verb == "cli":
        _enter(here, ["-m", "sluice.workstation.cli_environment", *rest], environ)
    else:
        sys.exit(f"There is no verb `{verb}`. The scripts in scripts/ use this.")


def _up_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./scripts/up",
        description="Start the workstation: with Docker Compose where an engine answers, else natively.",
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--native", action="store_true", help="start without Docker")
    way.add_argument("--docker", action="store_true", help="start with Docker Compose, or say why not")
    parser.add_argument("--detach", action="store_true", help="return when all is up; ./scripts/down stops it")
    return parser.parse_args(words)


def _up(arguments: argparse.Namespace, here: Places, environ: Mapping[str, str]) -> None:
    if arguments.docker or (not arguments.native and docker.answers()):
        return _up_with_docker(here, detach=arguments.detach)
    _enter(here, ["-m", "sluice.workstation", NATIVE, *(["--detach"] if arguments.detach else [])], environ)


def _up_with_docker(here: Places, *, detach: bool) -> None:
    if not docker.answers():
        raise StartError("No Docker engine with Compose answers. Start it, or use ./scripts/up --native.")
    docker.up(here.root)
    print(f"\nSluice is ready: http://{docker.public_address(here.root)}")
    print(f"Sign in as {docker.admin_email(here.root)}; the first password: {docker.PASSWORD_COMMAND}", flush=True)
    if not detach:
        try:
            docker.follow(here.root)
        except KeyboardInterrupt:
            docker.down(here.root)


def _down(here: Places) -> None:
    stopped = stopping.down(here.run)
    if docker.answers() and docker.has_containers(here.root):
        docker.down(here.root)
        stopped = True
    print("Sluice is stopped; its data are kept." if stopped else "Nothing was running.")


def _enter(here: Places, words: list[str], environ: Mapping[str, str]) -> NoReturn:
    """Become a program in the gateway's environment, built first if need be."""
    python = environments.ensure("gateway", here.root, here.cache).python
    os.execve(python, [str(python), *words], {**environ, "PYTHONPATH": str(here.root / "pipelines")})  # noqa: S606


if __name__ == "__main__":
    main()
