"""An assessment framework: domains of dimensions, each with the sharing category it falls in."""

from pydantic import BaseModel, ConfigDict

from hub.sharing import Category


class Dimension(BaseModel):
    """One thing to look at, and the sharing category a section about it has unless it says another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    category: Category


class Domain(BaseModel):
    """Dimensions that belong together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    dimensions: tuple[Dimension, ...]


class Framework(BaseModel):
    """One version of a framework. A published version never changes; a correction is a new one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    version: str
    nation: str
    name: str
    source: str
    domains: tuple[Domain, ...]

    def dimension(self, code: str) -> Dimension | None:
        """The dimension of that code, if this framework has one."""
        return next((d for domain in self.domains for d in domain.dimensions if d.code == code), None)


class FrameworkNamed(BaseModel):
    """A framework in a list."""

    code: str
    version: str
    nation: str
    name: str


class Frameworks(BaseModel):
    """The newest version of every framework."""

    frameworks: list[FrameworkNamed]
