"""What the sums say of real documents: what is right holds, what is wrong is found, nobody is blamed without reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.documents.detect import read_document
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from pipeline.forms.form import STATEMENTS, load_forms
from pipeline.proof.prove import PartProof, prove
from pipeline.proof.verdict import Erratum, errata
from tests.golden.figures import documents, understood
from tests.golden.test_seeds import UNITS, truth
from tests.support import SAMPLES

BLANK_TOTALS = {
    (item, measure): Decimal(implied)
    for item, implied in {"vehicle_total": 240_000, "three_public_total": 240_000, "total": 830_000}.items()
    for measure in ("total", "general_public")
}


def seed(seeds: Path, key: str) -> tuple[Disclosure, PartProof, list[Erratum]]:
    (path,) = seeds.glob(f"{key}_*.txt")
    document = read_document(path.read_bytes(), path.name)
    disclosure = understand(document, load_forms())
    (proof,) = prove(disclosure, UNITS)
    return disclosure, proof, errata(disclosure, [proof], document.format)


def broken(proof: PartProof) -> list[str]:
    """Hard identities that do not hold exactly."""
    return [
        f"{c.identity.id} {c.subject} {c.measure}"
        for c in proof.checks
        if c.identity.severity == "hard" and c.status in ("broken", "within_rounding")
    ]


def shares(proof: PartProof) -> tuple[float, float]:
    """Of the non-zero figures of T1–T8: the share proven, and the share proven or supported."""
    status = [
        s
        for f, s in zip(proof.figures, proof.status, strict=True)
        if f.amount_yuan and f.statement in STATEMENTS and f.statement != "three_public"
    ]
    return status.count("proven") / len(status), 1 - status.count("unproven") / len(status)


@pytest.mark.parametrize("key", ["000", "004"])
def test_in_a_sound_seed_no_hard_identity_is_broken(seeds: Path, key: str) -> None:
    _, proof, found = seed(seeds, key)
    assert (broken(proof), found) == ([], [])
    assert len([c for c in proof.checks if c.status == "exact"]) > 150


def assert_only_the_blank_totals(found: list[Erratum]) -> None:
    assert {(one.item, one.measure): one.implied_yuan for one in found} == BLANK_TOTALS
    assert len(found) == 6
    assert {(one.statement, one.verdict, one.figure) for one in found} == {("three_public", "publisher", None)}


def test_in_002_exactly_the_blank_totals_of_the_three_public_are_wrong(seeds: Path) -> None:
    _, proof, found = seed(seeds, "002")
    assert_only_the_blank_totals(found)
    assert {name.split()[0] for name in broken(proof)} == {"10.vehicle", "10.subtotal", "10.total"}


@pytest.mark.parametrize("key", ["000", "002", "003", "004"])
def test_all_figures_of_the_seeds_are_right_after_settling(seeds: Path, key: str) -> None:
    _, proof, _ = seed(seeds, key)
    wanted = {(statement, number, measure): yuan for (statement, number, _, measure), yuan in truth(seeds, key).items()}
    settled = {(f.statement, f.row_number, f.measure): f.amount_yuan for f in proof.figures}
    assert settled == wanted
    assert len(proof.figures) == len(wanted)


def test_the_four_seeds_have_807_figures(seeds: Path) -> None:
    assert sum(len(seed(seeds, key)[1].figures) for key in ("000", "002", "003", "004")) == 807


def test_every_settled_reading_of_003_names_its_identities_and_what_does_not_stand(seeds: Path) -> None:
    disclosure, proof, _ = seed(seeds, "003")
    assert len(proof.settled) >= 6
    assert proof.undecided == []
    for settled in proof.settled:
        assert settled.by and all(says.split()[0][0].isdigit() for says in settled.by)
        assert settled.other and settled.figure not in settled.other
        assert settled.doubt in disclosure.issues


def test_nothing_in_the_damaged_capture_is_blamed_on_the_publisher(seeds: Path) -> None:
    disclosure, proof, found = seed(seeds, "003")
    assert broken(proof) == []
    assert [one.verdict for one in found if one.verdict == "publisher"] == []
    assert [one.published_text for one in found if one.measure == "code"] == ["208050"]
    assert disclosure.issues != ()


@pytest.mark.parametrize("key", ["000", "002", "004"])
def test_of_a_complete_disclosure_at_least_90_percent_are_proven_and_99_supported(seeds: Path, key: str) -> None:
    proven, supported = shares(seed(seeds, key)[1])
    assert proven >= 0.90
    assert supported >= 0.99


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.stem)
def test_in_the_samples_only_what_002_got_wrong_is_wrong(document: Path) -> None:
    disclosure = understood(document)
    proofs = prove(disclosure, UNITS)
    found = errata(disclosure, proofs, document.suffix.removeprefix("."))
    if document.name.startswith("130529-2023"):
        assert_only_the_blank_totals(found)
    else:
        assert [name for proof in proofs for name in broken(proof)] == []
        assert found == []


def test_the_sample_of_002_is_there() -> None:
    assert len(list(SAMPLES.glob("130529-2023-*"))) == 1
