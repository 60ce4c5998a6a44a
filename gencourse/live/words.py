"""The words of the live figures: a table for each language, and the one that is spoken."""

LANGUAGE = "en"  # an edition in another language adds its table and names it here

TABLES = {
    "en": {
        "play": "Play",
        "pause": "Pause",
        "draw": "A sheet to draw on",
        "clear": "New sheet",
    },
}

WORDS = TABLES[LANGUAGE]
