"""Backfills that migwiz itself runs: the one thing that writes rows into a user's database."""
