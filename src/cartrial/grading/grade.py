"""A grade as far as its inputs tell: what every toxicity scale here gives back.

What is not known makes an interval: it holds the grade of every completion of the missing inputs
and no other bound. It is shown as a grade where both ends agree, as `at least` where the lower end
already proves one, and is not assessable otherwise.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grade:
    """A grade between `lowest` and `highest`, both included, and why.

    `scale` is the criteria with their version; `rule` says in a sentence what decided; `inputs`
    are what was known, by its label, in the order of the form; `missing` are the labels of the
    inputs whose answer could change the grade; `questions` are what to ask to settle it.
    """

    scale: str
    lowest: int
    highest: int
    rule: str
    inputs: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def certain(self) -> int | None:
        """The grade where it is settled."""
        return self.lowest if self.lowest == self.highest else None

    @property
    def words(self) -> str:
        """The grade as it is shown: `grade 3`, `at least grade 3` or `not assessable`."""
        return in_words(self.lowest, self.highest)


def in_words(lowest: int, highest: int) -> str:
    """An interval of grades as it is shown."""
    if lowest == highest:
        return f"grade {lowest}"
    return f"at least grade {lowest}" if lowest > 0 else "not assessable"
