"""A table that shows itself: in a terminal, in a notebook, on a page."""

import html

# How each measure is written, in the order of a table.
MEASURES = "copies plausible uneven sharp black fine Fréchet precision recall coverage seconds"
FORMATS = dict.fromkeys(MEASURES.split(), "{:.2f}")
FORMATS |= {"copies": "{:.3f}", "Fréchet": "{:.0f}", "seconds": "{:.0f}"}


class Table:
    """Texts in rows and columns.

    Args:
        label: what the table shows, for those who hear the page.
        columns: the head of each column.
        rows: name of the row → the text of each of its cells.
        width: letters in a column, in a terminal.
    """

    def __init__(self, label: str, columns: list[str], rows: dict[str, list[str]], width: int = 10):
        self.label, self.columns, self.rows, self.width = label, columns, rows, width

    def __repr__(self) -> str:
        longest = max(map(len, self.rows)) + 1
        return "\n".join(
            f"{name:<{longest}}" + "".join(f"{cell:>{self.width}}" for cell in cells)
            for name, cells in [("", self.columns), *self.rows.items()]
        )

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in self.columns)
        body = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, cells in self.rows.items()
        )
        # A table that is wider than the page scrolls by itself, also by keyboard.
        return (
            f'<div style="overflow-x: auto" tabindex="0" role="region" '
            f'aria-label="{html.escape(self.label)}">'
            f'<table class="dataframe"><thead><tr><td></td>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )
