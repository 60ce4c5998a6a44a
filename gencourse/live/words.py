"""The words of the live figures, for an edition in another language to replace."""

WORDS = {"play": "Play", "pause": "Pause", "draw": "A sheet to draw on", "clear": "New sheet"}
