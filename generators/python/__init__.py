"""Python source that migrations are written in: its layout, its texts, the hand of a project."""
