"""The words of the live figures: a table for each language, and the one that is spoken."""

LANGUAGE = "en"  # an edition in another language adds its table and names it here

TABLES = {
    "en": {
        "play": "Play",
        "pause": "Pause",
        "draw": "A sheet to draw on",
        "clear": "New sheet",
        "explorer_model": "Model",
        "explorer_plane": "Plane of codes: press, drag the point, or use the arrow keys",
        "explorer_codes": "The codes of digits by {name}, as dots in the plane",
        "explorer_grid": "What {name} draws on a grid over the same plane",
        "explorer_drawn": "drawn at the point",
        "explorer_nearest": "nearest test digit",
        "explorer_key": "Colours of the digits",
        "explorer_says": "code ({x}, {y}): nearest test digit {digit}",
    },
}

WORDS = TABLES[LANGUAGE]
