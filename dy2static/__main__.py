"""`python -m dy2static` is the command `dy2static`."""

import sys

from dy2static.cli import main

if __name__ == "__main__":
    sys.exit(main())
