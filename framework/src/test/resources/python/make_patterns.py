"""Makes patterns.tsv: random regular expressions and texts, and what Python's re says of them.

Run in this directory with Python 3. Columns: expression, text, whether fullmatch, whether match (1 or 0).
"""

import random
import re

ATOMS = ["a", "b", ".", r"\.", "[ab]", "[^a]", "[^.b]", r"\w", r"\W", r"\b", "^", "$"]
ASSERTIONS = ["(?=", "(?!"]
REPEATS = ["", "", "", "*", "+", "?", "*?", "??", "{2}", "{1,2}", "{,2}", "{1,}"]
random.seed(20)


def expression(depth):
    parts = []
    for _ in range(random.randrange(4)):
        if depth and random.random() < 0.5:
            opening = random.choice(["(", "(?:", "(?P<g%d>" % random.randrange(10**6)] + ASSERTIONS)
            inner = expression(depth - 1)
            if random.random() < 0.5:
                inner += "|" + expression(depth - 1)
            atom = opening + inner + ")"
        else:
            atom = random.choice(ATOMS)
        plain = atom not in (r"\b", "^", "$") and not atom.startswith(tuple(ASSERTIONS))
        parts.append(atom + (random.choice(REPEATS) if plain else ""))
    return "".join(parts)


with open("patterns.tsv", "w", newline="\n") as file:
    for _ in range(1500):
        regex = expression(3)
        text = "".join(random.choice("ab.") for _ in range(random.randrange(8)))
        whole, start = re.fullmatch(regex, text), re.match(regex, text)
        file.write(f"{regex}\t{text}\t{int(whole is not None)}\t{int(start is not None)}\n")
