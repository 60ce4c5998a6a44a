"""Points that a teacher typed into the table of an earlier run."""

from grader.cells import about, is_read_by_hand

WAS = "was "
"""Stands before points that were given for another state of the file, until new ones are typed."""
GONE = "no longer in the folder"


class TypedPoints:
    """The rows of an earlier run, and what was typed into them.

    A row is known by its file's name or, since names change and old spreadsheets spoil them, by
    the file's content.

    Args:
        rows: of the earlier table.
        returned: the files of this run.
        assignments: by name.
    """

    def __init__(self, rows, returned, assignments):
        self.assignments = assignments
        names = {each.file for each in returned}
        by_file = {row["file"]: row for row in rows}
        by_content = {
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
            if row["file"] not in found and set(self._cells(row).values()) - {"", "0"}
        ]

    def rows(self):
        """The old rows of the files of this run, under their present names."""
        return {file: row | {"file": file} for file, row in self.old.items() if row}

    def of(self, each):
        """What stands in the cells of a file's answers, by grade id."""
        row = self.old.get(each.file)
        if not row or row["assignment"] != each.assignment:
            return {}
        typed = self._cells(row)
        if row["fingerprint"] == each.fingerprint:
            return typed
        return {
            task: text if text.startswith(WAS) else WAS + text
            for task, text in typed.items()
            if text not in ("", "0")
        }

    def _cells(self, row):
        if row["assignment"] not in self.assignments:
            return {}
        own = self.assignments[row["assignment"]].source.cells
        by_hand = [about(cell)["grade_id"] for cell in own if is_read_by_hand(cell)]
        return {task: row.get(task, "").strip() for task in by_hand}
