"""``python -m wizard``."""

from wizard.cli import entry

if __name__ == "__main__":
    entry()
