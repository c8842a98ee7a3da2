"""Write the golden files anew: `python -m tests.golden.update`. Review the change with git diff before the commit."""

from __future__ import annotations

from tests.golden.figures import GOLDEN, documents, golden_file, golden_text


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    expected = {golden_file(document): golden_text(document) for document in documents()}
    for path in sorted(GOLDEN.glob("*.csv")):
        if path not in expected:
            path.unlink()
            print(f"removed   {path.name}")
    for path, text in expected.items():
        known = path.read_text("utf-8") if path.exists() else None
        path.write_text(text, "utf-8")
        print(f"{'unchanged' if known == text else 'written  '} {path.name}: {text.count(chr(10)) - 1} figures")


if __name__ == "__main__":
    main()
