"""What every test may use. `tests` is a package, so pytest puts the repository's root on `sys.path` (for `tools`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ROOT


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the seed texts; the test is skipped where it is not beside the checkout."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip(f"the seed texts are not here: {folder} is absent")
    return folder
