"""docker-compose.yml, without an engine: a valid file whose parts are confined and know only their own."""

import re
from typing import Any

import pytest
from compose_spec import PyOptions

from deploy.cli.migrate import PASSWORDS
from deploy.cli.parts import Part
from deploy.doctor.variables import NEEDED
from deploy.keys import fresh
from hub.policy import SERVICE_ROLES
from hub.settings import Settings
from tests.deploy.conftest import ROOT, Command

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
FILE = PyOptions(apply_merge=True).from_yaml(TEXT)
SERVICES: dict[str, dict[str, Any]] = FILE.to_dict()["services"]
PARTS = [part.value for part in Part]
OURS = ["migrate", *PARTS]
GIVEN = re.compile(r"\$\{(?P<name>\w+)(?P<how>:[?-])?(?P<rest>[^}]*)\}")


def test_is_a_valid_compose_file() -> None:
    FILE.validate()
    assert set(SERVICES) == {"postgres", *OURS}


@pytest.mark.parametrize("name", list(SERVICES))
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys()


@pytest.mark.parametrize("name", ["postgres", *PARTS])
def test_everything_that_stays_up_is_checked_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_gateway_is_published_and_only_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"gateway": ["127.0.0.1:8000:8000"]}


def test_the_database_is_on_a_network_without_the_internet() -> None:
    assert SERVICES["postgres"]["networks"] == ["inside"]
    assert FILE.to_dict()["networks"]["inside"] == {"internal": True}


def test_one_image_serves_every_part() -> None:
    assert len({SERVICES[name]["image"] for name in OURS}) == 1


@pytest.mark.parametrize("name", OURS)
async def test_the_command_of_a_container_exists_with_its_options(name: str, command: Command) -> None:
    assert (await command(*SERVICES[name]["command"], "--help")).code == 0


@pytest.mark.parametrize("part", PARTS)
def test_a_part_serves_itself_and_listens_where_the_others_look(part: str) -> None:
    words = SERVICES[part]["command"]
    assert words[:2] == ["serve", part]
    assert words[2:] == ["--host", "0.0.0.0", "--port", "8000"]  # noqa: S104  # inside its container


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_that_the_part_reads(name: str) -> None:
    settings = {f"HUB_{field.upper()}" for field in Settings.model_fields}
    assert set(SERVICES[name]["environment"]) <= settings | set(PASSWORDS.values())


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_given_the_keys_it_needs_and_no_others(part: str) -> None:
    needed = {f"HUB_{name.upper()}" for name in NEEDED[part]}
    assert set(SERVICES[part]["environment"]) & set(fresh()) == needed


@pytest.mark.parametrize("part", PARTS)
def test_a_part_connects_under_its_own_role_with_its_own_password(part: str) -> None:
    url = SERVICES[part]["environment"]["HUB_DATABASE_URL"]
    assert url.startswith(f"postgresql://{SERVICE_ROLES[part]}:${{HUB_PASSWORD_{part.upper()}:?")


@pytest.mark.parametrize("service", [part for part in PARTS if part != "gateway"])
def test_the_gateway_looks_for_a_service_where_it_is(service: str) -> None:
    assert SERVICES["gateway"]["environment"][f"HUB_{service.upper()}_URL"] == f"http://{service}:8000"


def test_no_secret_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in service["environment"].items():
            if re.search("KEY|PASSWORD|SECRET|TOKEN", variable):
                assert re.fullmatch(r"\$\{\w+:\?[^}]*\}", value), (name, variable)
            if "@" in value:
                assert re.search(r"://\w+:\$\{\w+:\?[^}]*\}@", value), (name, variable)


async def test_what_it_asks_for_is_what_hub_keys_prints(command: Command) -> None:
    printed = {line.partition("=")[0] for line in (await command("keys", "--env")).out.splitlines()}
    asked = {found["name"] for found in GIVEN.finditer(TEXT) if found["how"] == ":?"}
    assert asked == printed
