"""What every worker needs, loaded once in the process that they are forked from."""

from __future__ import annotations

import pipeline.extraction.worker  # noqa: F401
from pipeline.annexes.wording import load_wording
from pipeline.forms.classification import economic_classification, function_classification
from pipeline.forms.form import load_forms

load_forms()
load_wording()
function_classification()
economic_classification()
