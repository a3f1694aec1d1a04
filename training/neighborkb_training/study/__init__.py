"""Encoders of the studies: small data sets with their own labels and mention types, to measure what a memory adds."""
