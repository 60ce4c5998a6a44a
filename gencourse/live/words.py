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
        "gan_plane": "Plane of points: drag a heap, or choose it by Tab and move it by arrow keys",
        "gan_heap": "Heap {number} at ({x}, {y})",
        "gan_real": "real",
        "gan_made": "generated",
        "gan_doubt": "D says: generated … real",
        "gan_past": "Modes covered (line) and good points (dashes), from none to all",
        "gan_run": "Run",
        "gan_pause": "Pause",
        "gan_again": "Begin again",
        "gan_step_d": "One step of D",
        "gan_step_g": "One step of G",
        "gan_rate_d": "Learning rate of D",
        "gan_rate_g": "Learning rate of G",
        "gan_beta1": "Momentum β₁",
        "gan_gamma": "Penalty R1, γ",
        "gan_pack": "Points judged at once",
        "gan_add": "Add a heap",
        "gan_remove": "Remove the heap",
        "gan_state": "<b>{modes}</b> of {heaps} modes · <b>{good} %</b> good · {steps} steps",
        "gan_says": "{modes} of {heaps} modes covered, {good} % good points after {steps} steps",
    },
}

WORDS = TABLES[LANGUAGE]
