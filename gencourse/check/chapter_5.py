"""Self-checks of chapter 5."""

import torch

from gencourse.check.mistakes import AnythingBut, name_mistakes
from gencourse.check.properties import one_number, shaped
from gencourse.check.report import Answer, require_none, self_check


@self_check
def request(answer: Answer) -> None:
    """Check `answer(digit, styles)`: codes of ten heads, one-hot, before the styles (N, 5)."""
    styles = torch.tensor([[0.5, -1.0, 2.0, 0.0, 1.5], [1.0, 1.0, 1.0, 1.0, 1.0]])
    why = ": ten heads and five numbers of style"
    found = shaped(answer(3, styles), (2, 15), why, of="For two styles the codes have")
    heads, last = found[:, :10], found[:, 10:]
    one_hot = torch.equal(heads.sum(1), torch.ones(2)) and heads.max() == 1
    index = int(heads[0].argmax())
    first = torch.equal(found[:, :5], styles)
    mistakes = {
        "The styles stand first; the decoder expects the heads before them.": first,
        "The last five numbers are not the given styles.": not torch.equal(last, styles),
        "A head is one-hot: a single 1 and nine 0, for each style.": not one_hot,
        f"For digit 3 the head that is 1 has index {index}; count from 0.": not heads[:, 3].all(),
    }
    require_none(mistakes)


@self_check
def purity(answer: Answer) -> None:
    """Check `answer(heads, labels, number)`: the share of images with their head's commonest
    label."""
    heads = torch.tensor([0, 0, 0, 1, 1, 3, 3, 3, 3, 3])
    labels = torch.tensor([7, 7, 2, 5, 5, 7, 7, 7, 1, 2])
    found = one_number(answer(heads, labels, 4))
    mistakes = {
        "You counted the images; divide by how many there are.": 7.0,
        "You averaged over heads: a head with many images then counts no more than a small one. "
        "Count images.": (2 / 3 + 1 + 3 / 5) / 3,
        f"In the example 7 of 10 images have their head's commonest label; got {found:.3g}. "
        "Two heads may have the same name.": AnythingBut(0.7),
    }
    name_mistakes(found, mistakes)
