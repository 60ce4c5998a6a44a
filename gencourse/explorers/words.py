"""The words of the live figures, one table for each language."""

WORDS = {
    "en": {
        "play": "Play",
        "pause": "Pause",
        "draw": "A sheet to draw on",
        "clear": "New sheet",
    },
}
