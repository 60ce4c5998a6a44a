"""The table of grades: a CSV file that a spreadsheet shows, and that a teacher writes into."""

import csv
import io

from gencourse.files import write_atomically

FIRST = ["student", "file", "assignment"]
LAST = ["automatic", "total", "maximum", "to grade by hand", "note", "fingerprint"]
# A spreadsheet would compute what begins so; a file may be called anything.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path, rows, tasks):
    """Write the table.

    Args:
        path: of the file.
        rows: dictionaries by column.
        tasks: the columns between the first and the last ones, in order.
    Raises:
        OSError: the file cannot be written; on Windows, because a spreadsheet has it open.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, [*FIRST, *tasks, *LAST], restval="", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _guarded(str(value)) for name, value in row.items()})
    # With the mark, Excel knows that the Korean in it is UTF-8.
    write_atomically(path, text.getvalue().encode("utf-8-sig"))


def read(path):
    """The rows of a table that may have been through a spreadsheet.

    Args:
        path: of the file.
    Returns:
        Dictionaries by column; none if there is no such file.
    Raises:
        ValueError: it is no table of grades any more.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp949", "replace")  # as a Korean Excel saves it
    head = text.split("\n")[0]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count)))
    if not {*FIRST, *LAST} <= set(rows[0] if rows else next(csv.reader([head]), [])):
        raise ValueError(
            f"{path} is no table of grades; expected the columns {', '.join([*FIRST, *LAST])}. "
            "Move it away and grade again."
        )
    return [{name: _unguarded(value or "") for name, value in row.items() if name} for row in rows]


def _guarded(value):
    return f"'{value}" if value.startswith(FORMULA) else value


def _unguarded(value):
    return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value
