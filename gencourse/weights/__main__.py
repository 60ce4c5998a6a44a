"""python -m gencourse.weights, and python -m gencourse.weights remake NAME …"""

import argparse

from gencourse.weights.pretrained import remake
from gencourse.weights.recipes import RECIPES


def main(words: list[str] | None = None) -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m gencourse.weights")
    commands = parser.add_subparsers(dest="command")
    remaking = commands.add_parser("remake", help="train anew, with seed 0, and store")
    remaking.add_argument("names", nargs="+", choices=RECIPES, metavar="NAME")
    asked = parser.parse_args(words)
    if asked.command == "remake":
        for name in asked.names:
            print(name, flush=True)
            remake(name)
    else:
        print("\n".join(RECIPES))


if __name__ == "__main__":
    main()
