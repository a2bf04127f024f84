"""How the verbs of the command line speak: tables, and the sentence that they end with."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import click


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print columns as wide as what stands in them, the first to the left and the others to the right."""
    widths = [max(len(row[column]) for row in [head, *lines]) for column in range(len(head))]
    for row in [head, *lines]:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join([first.strip().ljust(widths[0]), *others]))


def stop(sentence: str) -> NoReturn:
    """Say why it was not done, and end."""
    click.echo(sentence, err=True)
    sys.exit(1)
