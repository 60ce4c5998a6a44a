"""The words of the live figures: a table for each language, and the one that is spoken."""

LANGUAGE = "en"  # an edition in another language adds its table and names it here

TABLES = {
    "en": {
        "play": "Play",
        "pause": "Pause",
        "asleep": "Run this cell, or trust the notebook, and the figure wakes.",
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
        "digit_draw": "Draw a digit",
        "digit_sheet": "A sheet to draw a digit on, by mouse or finger",
        "digit_ready": "Or take a test digit",
        "digit_test": "test digit",
        "digit_seen": "as the network sees it",
        "digit_copy": "What comes back",
        "digit_lands": "Where it lands",
        "digit_cloud": "cloud",
        "digit_copies": "Ten test digits in two rows, under each its copy by {name}",
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
        "aae_shape": "The shape that the codes should take",
        "aae_own": "Draw your own",
        "aae_hint": "Draw a shape here, with mouse or finger. By keys: Enter puts the pen down and "
        "lifts it, arrows move it.",
        "aae_draw": "A sheet to draw a shape on: Enter puts the pen down and lifts it, arrow keys "
        "move it",
        "aae_plane": "The plane of codes: samples of the shape, and the codes of digits",
        "aae_prior": "the shape",
        "aae_sure": "critic is sure: a code",
        "aae_weight": "Weight of the critic",
        "aae_state": "<b>{met} %</b> told apart · copy error <b>{error}</b><br>{steps} steps",
        "aae_met": "Told apart: codes and samples of the shape whose nearest neighbour is of their "
        "own kind. 50 %: nobody can tell.",
        "aae_copies": "Ten digits, under each its copy",
        "aae_made": "Drawn from the shape",
        "aae_says": "After {steps} steps {met} % of codes and samples are told apart; 50 % would "
        "be a perfect fit. The copies' squared error is {error}",
    },
}

WORDS = TABLES[LANGUAGE]
