"""What every section of sluice.yaml has in common."""

from pydantic import BaseModel, BeforeValidator, ConfigDict

# A mapping or list in YAML with every entry commented out reads as null; it means empty.
Emptied = BeforeValidator(lambda value: {} if value is None else value)
EmptiedList = BeforeValidator(lambda value: () if value is None else value)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
