"""The evidence of the claims: every chapter with several seeds, for `make claims`."""
