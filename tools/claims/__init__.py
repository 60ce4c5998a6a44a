"""The claims of the texts, and their evidence: every chapter with several seeds."""
