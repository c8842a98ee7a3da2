"""What every test may use. `tests` is a package, so pytest puts the repository's root on `sys.path` (for `tools`)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.command import Warehouse, sample, yusuan
from tests.support import ROOT

# `make test` draws the same examples each time; `make explore` draws new ones
settings.register_profile("same", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the seed texts; the test is skipped where it is not beside the checkout."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip(f"the seed texts are not here: {folder} is absent")
    return folder


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Three samples, built once for all tests; nobody changes it."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "raw" / "hebei").mkdir(parents=True)
    for key in ("130500-2022", "130529-2023", "131000-2021"):
        shutil.copy(sample(key), folder / "raw" / "hebei")
    outcome = yusuan("run", "--raw", folder / "raw", "--warehouse", folder / "warehouse")
    assert outcome.returncode == 0, outcome.stderr
    return Warehouse(folder / "raw", folder / "warehouse", outcome)
