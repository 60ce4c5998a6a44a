"""Whether a person is looking: progress bars are for people, not for stored notebooks."""

import sys


def somebody_watches() -> bool:
    """True at a terminal and in a notebook that a person has open.

    A notebook front end says with every request whether it could ask its user a question. Those
    that run notebooks unattended (nbclient, nbval, nbgrader) say no.
    """
    kernel = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    kernel = getattr(kernel, "kernel", None)
    if kernel is None:
        return sys.stderr.isatty()
    return bool(kernel.get_parent("shell").get("content", {}).get("allow_stdin", False))
