import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from cartrial.cli.main import COMMANDS, GROUPS, app, load
from cartrial.errors import TrialError

ROOT = Path(__file__).parents[2]
COMMAND_PAGE = ROOT / "docs" / "reference" / "commands.md"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def options(command: Any) -> list[Any]:
    return [p for p in command.params if p.param_type_name == "option" and not p.hidden]


SINGLE = {name: line for name, line in COMMANDS.items() if name not in GROUPS} | {
    f"{group} {name}": line for group, lines in GROUPS.items() for name, line in lines.items()
}


@pytest.fixture(params=SINGLE)
def words(request: pytest.FixtureRequest) -> str:
    """The words by which a command is called: `report`, `grade crs`."""
    return str(request.param)


@pytest.fixture
def command(words: str) -> Any:
    group, _, name = words.rpartition(" ")
    return load(name, f"cartrial.cli.{group}") if group else load(name)


def test_the_list_of_commands_is_that_of_the_command_line() -> None:
    assert set(get_command(app).commands) == set(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands(group: str) -> None:
    assert set(load(group).commands) == set(GROUPS[group])


def test_every_command_says_in_its_list_what_it_says_itself(words: str, command: Any) -> None:
    assert command.help, f"{words} must have help"
    assert command.help.strip().splitlines()[0] == SINGLE[words]


def test_every_option_has_help(command: Any) -> None:
    assert [p.name for p in command.params if not getattr(p, "help", None)] == []


def test_every_command_and_option_is_on_the_page_of_commands(words: str, command: Any) -> None:
    sections = re.split(r"^## ", read("docs/reference/commands.md"), flags=re.MULTILINE)
    section = next((part for part in sections if part.startswith(f"{words}\n")), None)
    assert section is not None, f"docs/reference/commands.md must have a section {words}"
    assert [
        name for option in options(command) for name in option.opts if f"`{name}" not in section
    ] == []
    written = set(re.findall(r"^\| `(--[a-z-]+)", section, flags=re.MULTILINE))
    assert written <= {name for option in options(command) for name in option.opts}


def commands_in(page: str) -> set[str]:
    return set(re.findall(r"(?:^\s+|`|/)cartrial ([a-z]+)", read(page), flags=re.MULTILINE))


PAGES = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_commands_that_exist(page: str) -> None:
    assert commands_in(page) <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_make_targets_that_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", read(page), flags=re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES)
def test_a_link_of_a_page_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(page))
    here = (ROOT / page).parent
    assert [link for link in links if "://" not in link and not (here / link).exists()] == []


def test_the_readme_gives_the_two_commands() -> None:
    assert {"make demo", "make test"} <= set(re.findall(r"make [a-z]+", read("README.md")))


def test_every_make_target_is_phony_and_in_its_help() -> None:
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert targets == set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, flags=re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):.* ## ", makefile, flags=re.MULTILINE))


def test_every_room_is_described_and_no_other() -> None:
    package = ROOT / "src" / "cartrial"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")} | {
        path.stem for path in package.glob("[a-z]*.py")
    }
    table = re.findall(r"^\| \d+ \| `([a-z]+)`", read("docs/explanation/rooms.md"), re.MULTILINE)
    assert sorted(table) == sorted(rooms)


def test_the_layers_of_the_page_are_those_that_are_held() -> None:
    held = read(".importlinter").split("layers =")[1].split("\n\n")[0]
    layers = [set(re.findall("[a-z]+", line)) for line in held.strip().splitlines()]
    table = re.findall(r"^\| (\d+) \| `([a-z]+)`", read("docs/explanation/rooms.md"), re.MULTILINE)
    assert layers == [
        {room for layer, room in table if int(layer) == number}
        for number in range(1, len(layers) + 1)
    ]


def test_every_page_is_in_the_navigation() -> None:
    nav = yaml.safe_load(read("mkdocs.yml"))["nav"]
    listed = [page for part in nav for page in ([part] if isinstance(part, str) else leaves(part))]
    pages = [str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(listed) == sorted(pages)


def leaves(part: dict[str, list[str]]) -> list[str]:
    return [page for pages in part.values() for page in pages]


def test_the_page_of_exit_codes_has_them_all() -> None:
    fixed = {0, 1, 2} | {error.exit_code for error in TrialError.__subclasses__()}
    page = read("docs/reference/exit-codes.md")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)} == fixed
