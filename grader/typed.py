"""Points that a teacher typed into the table of an earlier run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.assignment import Assignment
from grader.cells import about, is_read_by_hand
from grader.intake import Returned

WAS = "was "
"""Stands in the table before points that were given for another state of the file."""
GONE = "no longer in the folder"


@dataclass(frozen=True)
class Typed:
    """What stands in the cell of an answer.

    Args:
        text: as it was typed.
        stale: it was given for another state of the file; it stands there, as a reminder, until
            something new is typed.
    """

    text: str = ""
    stale: bool = False

    @classmethod
    def read(cls, text: str) -> "Typed":
        """From the table; `str` writes it there again."""
        return cls(text.removeprefix(WAS), text.startswith(WAS))

    def __str__(self) -> str:
        return WAS + self.text if self.stale else self.text

    @property
    def is_given(self) -> bool:
        """Whether a teacher must have typed it; a 0 may be ours."""
        return self.stale or self.text not in ("", "0")

    def points(self, most: float) -> float | None:
        """The points; None if there is no number from 0 to `most` for this state of the file."""
        try:
            points = float(self.text.replace(",", "."))
        except ValueError:
            return None
        return points if not self.stale and 0 <= points <= most else None


NOTHING = Typed()


class TypedPoints:
    """The rows of an earlier run, and what was typed into them.

    A row is known by its file's name or, since names change and old spreadsheets spoil them, by
    the file's content.

    Args:
        rows: of the earlier table.
        returned: the files of this run.
        assignments: by name.
    """

    def __init__(
        self,
        rows: Sequence[dict[str, str]],
        returned: Sequence[Returned],
        assignments: Mapping[str, Assignment],
    ):
        self.assignments = assignments
        names = {each.file for each in returned}
        by_file = {row["file"]: row for row in rows}
        by_content: dict[tuple[str | None, str], dict[str, str]] = {
            (row["assignment"], row["fingerprint"]): row
            for row in rows
            if row["fingerprint"] and row["file"] not in names
        }
        self.old = {
            each.file: by_file.get(each.file) or by_content.get((each.assignment, each.fingerprint))
            for each in returned
        }
        found = [row["file"] for row in self.old.values() if row]
        self.gone = [
            row | {"note": row["note"] if GONE in row["note"] else f"{GONE}; {row['note']}"}
            for row in rows
            if row["file"] not in found and any(it.is_given for it in self._cells(row).values())
        ]

    def rows(self) -> dict[str, dict[str, str]]:
        """The old rows of the files of this run, under their present names."""
        return {file: row | {"file": file} for file, row in self.old.items() if row}

    def of(self, each: Returned) -> dict[str, Typed]:
        """What stands in the cells of a file's answers, by grade id."""
        row = self.old.get(each.file)
        if not row or row["assignment"] != each.assignment:
            return {}
        typed = self._cells(row)
        if row["fingerprint"] == each.fingerprint:
            return typed
        return {task: replace(it, stale=True) for task, it in typed.items() if it.is_given}

    def _cells(self, row: dict[str, str]) -> dict[str, Typed]:
        if row["assignment"] not in self.assignments:
            return {}
        own = self.assignments[row["assignment"]].source.cells
        by_hand = [about(cell)["grade_id"] for cell in own if is_read_by_hand(cell)]
        return {task: Typed.read(row.get(task, "").strip()) for task in by_hand}
