"""A decision record: all that a recommendation was made of, so that it can be made again.

It holds the data cut, the SHA-256 of the study file, what was given in place of its values, the
version of cartrial, the design with the rules around it, the state of the escalation, and the
recommendation itself. The same data and the same version give the same bytes.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from cartrial.dosing.conduct import next_dose
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.override import Overrides
from cartrial.dosing.state import State
from cartrial.errors import DataError, TrialError
from cartrial.protocol.design import Design
from cartrial.protocol.part import Part
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt

SHOWN = 60  # characters of a value


class DecisionRecord(Part):
    """A recommendation with everything it was made of."""

    cartrial: str
    study: str
    study_sha256: str | None
    data_cut: dt.date | None
    overrides: Overrides
    design: Design = Field(discriminator="kind")
    dlt: Dlt | None
    rules: Rules
    state: State
    recommendation: Recommendation

    def again(self) -> "DecisionRecord":
        """The record with the recommendation that its design and state lead to now."""
        found = next_dose.recommend(self.design, self.dlt, self.state, self.rules)
        return self.model_copy(update={"recommendation": found})

    def as_data(self) -> dict[str, Any]:
        """The record as plain data, sets in order."""
        data: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        for part in ("state", "recommendation"):
            data[part]["eliminated"] = sorted(data[part]["eliminated"])
        data["state"]["line"] = self.state.line
        return data

    def as_text(self) -> str:
        """The record as JSON."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=2) + "\n"


_ADAPTER = TypeAdapter(DecisionRecord)


def read_record(text: str, *, place: str) -> DecisionRecord:
    """The record in the text of a file; `place` stands first in every message."""
    try:
        data = json.loads(text)
        if isinstance(data, dict) and isinstance(data.get("state"), dict):
            data["state"].pop("line", None)
        return _ADAPTER.validate_python(data)
    except json.JSONDecodeError as fault:
        raise DataError(f"{place}: must be JSON, got {fault.msg} in line {fault.lineno}") from None
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise DataError(
            f"{place}: {where}: must be as `cartrial dose next --record` writes it, "
            f"got a part of which it is said: {first['msg'].lower()}"
        ) from None
    except TrialError as fault:
        raise fault.at(place) from None


def differences(kept: DecisionRecord, made: DecisionRecord) -> tuple[str, ...]:
    """What is no longer as in the kept record, a line each; another version is no difference."""
    same = made.model_copy(update={"cartrial": kept.cartrial})
    return tuple(_differences("", kept.as_data(), same.as_data()))


def _differences(place: str, kept: Any, made: Any) -> Iterator[str]:
    if isinstance(kept, Mapping) and isinstance(made, Mapping):
        for name in [*kept, *(name for name in made if name not in kept)]:
            inner = f"{place}.{name}".lstrip(".")
            yield from _differences(inner, kept.get(name), made.get(name))
    elif isinstance(kept, list) and isinstance(made, list) and len(kept) == len(made):
        for number, (one, other) in enumerate(zip(kept, made, strict=True), start=1):
            yield from _differences(f"{place}.{number}", one, other)
    elif kept != made:
        yield f"{place}: was {_shown(kept)}, is {_shown(made)}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
