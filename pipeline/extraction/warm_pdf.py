"""What the second reading of PDF pages needs: 0.7 s that each worker would spend anew."""

from __future__ import annotations

from camelot.parsers.lattice import Lattice  # noqa: F401

import pipeline.documents.readers.pdf_camelot
import pipeline.extraction.warm  # noqa: F401
