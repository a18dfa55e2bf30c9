"""Proofs that the tests of an assignment are right: that they pass what is correct, and name what is not."""
