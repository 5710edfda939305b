"""A part of the study file."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of the study file: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
