"""The words of the live figures, one table for each language."""

WORDS = {
    "en": {"play": "Play", "pause": "Pause"},
}
