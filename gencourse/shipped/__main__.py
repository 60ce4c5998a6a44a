import sys

from gencourse.shipped import RECIPES, remake

if unknown := set(sys.argv[1:]) - set(RECIPES):
    sys.exit(f"there is no {min(unknown)}; there are {', '.join(RECIPES)}")
for name in sys.argv[1:] or RECIPES:
    print(name, flush=True)
    remake(name)
