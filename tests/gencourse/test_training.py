"""The loop: its steps, its seeds, its interrupts."""

import _thread
import math
import signal
import sys
import threading
import time
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from gencourse import training
from gencourse.data import DataError, mnist
from gencourse.game import Step, Term
from gencourse.models import VAE, Autoencoder, LabelledAAE
from gencourse.training import History, TrainingError, choose_device, fit, reproducible
from gencourse.watching import somebody_watches


class Pair(nn.Module):
    """Two lines, a and b, with steps that can be told from outside."""

    def __init__(self, steps):
        super().__init__()
        self.a, self.b = nn.Linear(1, 1), nn.Linear(1, 1)
        self._steps = steps

    def steps(self):
        return self._steps(self)


def step(name, loss, moves, **options):
    """A step of one term."""
    return Step(moves, [Term(name, loss)], **options)


def snapshot(network):
    return [parameter.detach().clone() for parameter in network.parameters()]


def moved(before, network):
    return [not torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]


def test_a_model_without_steps_is_refused_as_it_is():
    model = Pair(lambda m: []).eval()
    with pytest.raises(ValueError, match=r"steps\(\) are \[\]; expected a list"):
        fit(model, torch.rand(8, 1))
    assert not model.training


def a_loss_that_raises(x):
    raise RuntimeError("refused")


REFUSED = {
    "nothing to move": (lambda m: [step("p", m.b, [])], {}),
    "rate": (lambda m: [step("p", m.b, [m.b], learning_rate=-1.0)], {}),
    "betas": (lambda m: [step("p", m.b, [m.b], betas=(0.5, 2.0))], {}),
    "the second of two": (
        lambda m: [
            step("p", lambda x: m.b(x).mean(), [m.b]),
            step("q", m.b, [m.b], warm_up="half"),
        ],
        {},
    ),
    "loss": (lambda m: [step("p", a_loss_that_raises, [m.b])], {}),
    "not finite": (lambda m: [step("p", lambda x: m.b(x).mean() / 0, [m.b])], {}),
    "after": (
        lambda m: [step("p", lambda x: m.b(x).mean(), [m.b], after=a_loss_that_raises)],
        {},
    ),
    "watch": (lambda m: [step("p", m.b, [m.b])], {"watch": a_loss_that_raises}),
    "steps": (a_loss_that_raises, {}),
    "device": (lambda m: [step("p", m.b, [m.b])], {"device": "gpu"}),
    "seed": (lambda m: [step("p", m.b, [m.b])], {"seed": -1}),
    "arithmetic": (lambda m: [step("p", lambda x: m.b(x).mean(), [m.b])], {}),
}


@pytest.mark.parametrize("training_before", [True, False])
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_the_model_as_it_was(what, training_before, monkeypatch):
    steps, options = REFUSED[what]
    if what == "arithmetic":
        monkeypatch.setenv("GENCOURSE_ARITHMETIC", "float64")
    model = Pair(steps).train(training_before)
    model.b.eval()
    model.a.weight.requires_grad_(False)

    def found():
        parameters = [(each.requires_grad, each.device) for each in model.parameters()]
        return [part.training for part in model.modules()], parameters

    before = found()
    with pytest.raises((ValueError, RuntimeError, TypeError, TrainingError)):
        fit(model, torch.rand(8, 1), **options)
    assert found() == before


def test_a_network_that_is_refused_is_left_in_its_modes(few):
    model = Autoencoder(2, decoder=nn.Sequential(nn.Linear(2, 5), nn.Dropout(0.5)))
    model.encoder.eval()
    before = [part.training for part in model.modules()]
    with pytest.raises(ValueError, match="the decoder gives"):
        fit(model, few.train.images)
    assert [part.training for part in model.modules()] == before


@pytest.mark.parametrize("moves", ["a", "b"])
def test_a_step_moves_its_own_networks_and_nothing_else(moves):
    """Also though the loss depends on both: the filter that is always true is a known bug."""
    model = Pair(
        lambda m: [step("only", lambda x: m.b(m.a(x)).square().mean(), [getattr(m, moves)])]
    )
    before = {name: snapshot(getattr(model, name)) for name in "ab"}
    fit(model, torch.randn(64, 1), epochs=2, batch_size=16)
    for name in "ab":
        assert moved(before[name], getattr(model, name)) == [name == moves] * 2


def test_each_step_sees_what_the_one_before_it_did_and_gradients_flow_through_frozen_networks():
    seen = []

    def first(model, x):
        seen.append(("first", model.a.weight.requires_grad, model.b.weight.requires_grad))
        return model.a(x).square().mean()

    def second(model, x):
        seen.append(("second", model.a.weight.requires_grad, model.b.weight.requires_grad))
        return model.a(model.b(x)).square().mean()

    model = Pair(
        lambda m: [
            step("first", lambda x: first(m, x), [m.a]),
            step("second", lambda x: second(m, x), [m.b]),
        ]
    )
    history = fit(model, torch.randn(32, 1), epochs=1, batch_size=16)
    assert seen == [("first", True, False), ("second", False, True)] * 2
    assert list(history.losses) == ["first", "second"]
    assert all(parameter.requires_grad for parameter in model.parameters())
    assert not model.training


def test_the_terms_of_a_step_are_one_loss():
    """Two terms are one loss, the weighted sum; the history has them apart and unweighted."""
    x = torch.randn(64, 1)

    def first(m):
        return lambda x: m.b(m.a(x)).square().mean()

    def second(m):
        return lambda x: (m.a(x) - 1).square().mean()

    def trained(steps):
        with reproducible(0):
            model = Pair(steps)
        return model, fit(model, x, epochs=4, batch_size=16, seed=0)

    apart, history = trained(
        lambda m: [Step([m.a, m.b], [Term("first", first(m)), Term("second", second(m), 3.0)])]
    )
    summed, total = trained(
        lambda m: [step("both", lambda x: first(m)(x) + 3 * second(m)(x), [m.a, m.b])]
    )
    for mine, theirs in zip(apart.parameters(), summed.parameters(), strict=True):
        assert torch.allclose(mine, theirs, atol=1e-3)
    assert list(history.losses) == ["first", "second"]
    parts = [a + 3 * b for a, b in zip(*history.losses.values(), strict=True)]
    assert parts == pytest.approx(total.losses["both"], rel=0.02)


def test_a_step_moves_only_its_own_whatever_its_terms_see():
    model = Pair(
        lambda m: [
            Step(
                [m.a],
                [
                    Term("first", lambda x: m.a(x).square().mean()),
                    Term("second", lambda x: m.b(m.a(x)).square().mean()),
                ],
            )
        ]
    )
    before = snapshot(model.b)
    fit(model, torch.randn(64, 1), epochs=1, batch_size=16)
    assert moved(before, model.b) == [False, False]


def test_fit_learns_a_line_and_records_each_epoch():
    x = torch.linspace(-1, 1, 256)[:, None]
    model = Pair(
        lambda m: [
            step("fit", lambda x, y: (m.a(x).float() - y).square().mean(), [m.a], learning_rate=0.1)
        ]
    )
    history = fit(model, x, 3 * x + 1, epochs=30, batch_size=32)
    assert model.a.weight.item() == pytest.approx(3, abs=0.1)
    assert model.a.bias.item() == pytest.approx(1, abs=0.1)
    assert len(history.losses["fit"]) == 30
    assert history.losses["fit"][-1] < 0.01 < history.losses["fit"][0]
    assert history.seconds > 0 and not history.interrupted


def test_tensors_are_shuffled_together():
    x = torch.arange(100.0)[:, None]
    orders = []

    def loss(model, a, b):
        assert torch.equal(a, b)
        orders.append(a[:, 0].tolist())
        return model.a(a / 100).square().mean()

    model = Pair(lambda m: [step("p", lambda a, b: loss(m, a, b), [m.a])])
    fit(model, x, x.clone(), epochs=2, batch_size=50)
    first, second = sum(orders[:2], []), sum(orders[2:], [])
    assert sorted(first) == sorted(second) == list(range(100))
    assert first != second != sorted(second)


def test_the_same_seed_trains_the_same_model_and_leaves_the_readers_numbers_alone(few):
    def run(seed):
        with reproducible(1):
            model = Autoencoder(latent_dim=2)
        torch.manual_seed(123)
        fit(model, few.train.images, epochs=1, seed=seed)
        return model.encode(few.test.images), torch.rand(1)

    (a, after_a), (b, _), (c, _) = run(5), run(5), run(6)
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    torch.manual_seed(123)
    assert torch.equal(after_a, torch.rand(1))


def test_the_environments_seed_reaches_the_loop(few, monkeypatch):
    def run():
        with reproducible(1):
            model = Autoencoder(latent_dim=2)
        fit(model, few.train.images, epochs=1)
        return model.encode(few.test.images)

    default = run()
    monkeypatch.setenv("GENCOURSE_SEED", "7")
    assert not torch.equal(default, run())


def test_a_loss_that_is_not_finite_names_its_term_and_epoch():
    model = Pair(lambda m: [step("doomed", lambda x: m.a(x).sum() / 0, [m.a])])
    with pytest.raises(TrainingError, match="'doomed' stopped being a finite number in epoch 1"):
        fit(model, torch.ones(8, 1))


@pytest.fixture
def interrupts():
    """Ctrl-C as in a terminal, also where the tests run in the background, deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_keeps_what_was_learned(interrupts):
    steps = []

    def loss(model, x):
        steps.append(1)
        if len(steps) == 6:
            _thread.interrupt_main()
        return (model.a(x).float() - 1).square().mean()

    model = Pair(lambda m: [step("p", lambda x: loss(m, x), [m.a])])
    before = snapshot(model.a)
    assert threading.current_thread() is threading.main_thread()
    history = fit(model, torch.ones(16, 1), epochs=1000, batch_size=4)
    assert history.interrupted
    assert len(history.losses["p"]) < 1000
    assert all(moved(before, model.a))
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_a_small_set_is_one_batch_and_one_step_learns(few):
    model, images = Autoencoder(2), few.train.images[:3]
    before = model.reconstruction_loss(images)
    history = fit(model, images, epochs=1, batch_size=256)
    assert len(history.losses["reconstruction"]) == 1
    assert model.reconstruction_loss(images) < before - 1


def test_the_term_that_failed_first_is_named():
    """A nan reaches the other terms a step later; they are not to blame."""
    model = Pair(
        lambda m: [
            step("innocent", lambda x: (m.a(x) + m.b(x)).square().mean(), [m.a]),
            step("guilty", lambda x: m.b(x).sum() / 0, [m.b]),
        ]
    )
    with pytest.raises(TrainingError, match="'guilty'"):
        fit(model, torch.ones(64, 1), batch_size=8)


def test_what_was_frozen_stays_frozen():
    model = Pair(lambda m: [step("p", lambda x: m.b(m.a(x)).square().mean(), [m.a, m.b])])
    model.a.requires_grad_(False)
    before = snapshot(model.a), snapshot(model.b)
    fit(model, torch.randn(64, 1), epochs=1)
    assert moved(before[0], model.a) == [False, False]
    assert all(moved(before[1], model.b))
    assert not model.a.weight.requires_grad and model.b.weight.requires_grad


def test_images_that_carry_a_gradient_are_only_read(few):
    images = few.train.images.clone().requires_grad_(True)
    fit(Autoencoder(2), images * 1.0, epochs=2, batch_size=64)
    assert images.grad is None


def test_a_watcher_sees_each_epoch_and_changes_nothing(few):
    def run(watch):
        with reproducible(1):
            model = Autoencoder(latent_dim=2)
        seen = []

        def looking(epoch):
            assert not model.training
            seen.append((epoch, model.generate(1).mean().item(), torch.rand(1).item()))

        fit(model, few.train.images, epochs=2, seed=0, watch=looking if watch else None)
        return model.encode(few.test.images), seen

    (watched, seen), (alone, _) = run(True), run(False)
    assert torch.equal(watched, alone)
    assert [epoch for epoch, *_ in seen] == [0, 1, 2]
    assert len({mean for _, mean, _ in seen}) == 3


def test_what_follows_a_step_is_called_after_each():
    values, done = [], []
    model = Pair(
        lambda m: [
            step(
                "p",
                lambda x: m.a(x).square().mean(),
                [m.a],
                after=lambda share: (values.append(m.a.weight.item()), done.append(share)),
            )
        ]
    )
    fit(model, torch.randn(64, 1), epochs=2, batch_size=16)
    assert len(values) == 8 and len(set(values)) > 4
    assert done == [step / 8 for step in range(1, 9)]


@pytest.mark.parametrize(
    ("data", "options", "error", "complaint"),
    [
        ([], {}, ValueError, "fit needs data"),
        ([torch.rand(4, 1, 28, 28) * 255], {}, DataError, "divide 8-bit images by 255"),
        ([torch.zeros(4, 1, 28, 28)], {"epochs": 0}, ValueError, "epochs is 0"),
        ([torch.zeros(4, 1, 28, 28)], {"batch_size": 2.5}, ValueError, "batch_size is 2.5"),
        ([torch.zeros(4, 1, 28, 28)], {"batch_size": True}, ValueError, "batch_size is True"),
    ],
)
def test_bad_input_is_named(data, options, error, complaint):
    with pytest.raises(error, match=complaint):
        fit(Autoencoder(2), *data, **options)


@pytest.mark.parametrize(
    ("data", "error", "complaint"),
    [
        ([torch.zeros(3, 2), torch.zeros(4)], ValueError, "lengths \\[3, 4\\]"),
        ([torch.zeros(0, 2)], ValueError, "empty"),
        ([torch.zeros(3, 2), [1, 2, 3]], DataError, "got a list to train on; expected tensors"),
        ([torch.zeros(3, 2), torch.tensor(1.0)], DataError, "a single number to train on"),
        ([torch.rand(4, 1, 28, 28) * 255], DataError, "divide 8-bit images by 255"),
        ([mnist], DataError, "images are .*; expected a tensor of torch's"),
    ],
)
def test_bad_input_is_named_though_the_model_knows_no_better(data, error, complaint):
    model = Pair(lambda m: [step("p", lambda *x: m.a(x[0]).mean(), [m.a])])
    with pytest.raises(error, match=complaint):
        fit(model, *data)


def test_the_whole_data_set_is_not_what_a_model_is_trained_on(few):
    with pytest.raises(DataError, match=r"Dataset; .*Give the images .*data\.train\.images"):
        fit(VAE(), few)
    with pytest.raises(DataError, match=r"Split; .*Give its images: split\.images"):
        fit(VAE(), few.train)


def test_labels_that_a_model_does_not_take_and_those_that_it_misses_are_named(few):
    images, labels = few.train.images, few.train.labels
    with pytest.raises(ValueError, match="a VAE is trained on images; got 2 things"):
        fit(VAE(), images, labels)
    with pytest.raises(
        ValueError, match="LabelledAAE is trained on images and labels; got 1 thing"
    ):
        fit(LabelledAAE(), images)


def test_what_is_no_model_is_named(few):
    with pytest.raises(ValueError, match="model is the class VAE; expected an object with steps"):
        fit(VAE, few.train.images)
    for thing, name in (
        (few.train.images, "torch.Tensor"),
        (nn.Linear(1, 1), ".*Linear"),
        (None, "None"),
    ):
        with pytest.raises(ValueError, match=f"model is a {name}.*; expected an object with steps"):
            fit(thing, few.train.images)


def test_bfloat16_only_where_the_processor_is_good_at_it(monkeypatch):
    cpu = torch.device("cpu")
    for able, expected in (({"avx512_bf16": True}, True), ({"avx2": True}, False)):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda able=able: able, raising=False)
        assert training.bfloat16_pays(cpu) is expected
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert training.bfloat16_pays(cpu) is False
    assert training.bfloat16_pays(torch.device("mps")) is False


@pytest.mark.parametrize("watching", [True, False])
def test_a_progress_bar_only_where_a_person_watches(watching, monkeypatch, capsys, few):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watching)
    fit(Autoencoder(2), few.train.images, epochs=1)
    assert ("%" in capsys.readouterr().err) is watching


@pytest.mark.parametrize("allowed", [True, False])
def test_in_a_notebook_the_front_end_says_whether_a_person_is_there(allowed, monkeypatch):
    request = {"content": {"allow_stdin": allowed}}
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda _: request))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert somebody_watches() is allowed


def test_a_history_is_comparable():
    assert History({"a": [1.0]}, 1.0) == History({"a": [1.0]}, 1.0)


def test_a_thread_does_not_disturb_the_random_numbers_of_another():
    """A process has one source of them: who comes meanwhile waits its turn."""
    drawn = {}

    def draw(seed):
        with reproducible(seed):
            drawn[seed] = []
            for _ in range(20):
                drawn[seed].append(torch.rand(1).item())
                time.sleep(1e-3)  # time enough for another to come between

    threads = [threading.Thread(target=draw, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    side_by_side, drawn = drawn, {}
    for seed in range(4):
        draw(seed)
    assert side_by_side == drawn


class Odd(nn.Module):
    """A model of one network, with what a reader may get wrong in its step."""

    def __init__(self, steps):
        super().__init__()
        self.net, self.made = nn.Linear(4, 1), steps

    def loss(self, x):
        return self.net(x).mean()

    def steps(self):
        return self.made(self)


def one(name="cost", loss=None, weight=1.0, every=1, **step):
    """A list of one step that is right but for what is said."""
    return lambda m: [Step([m.net], [Term(name, loss or m.loss, weight, every)], **step)]


STEPS = {
    "a network": (lambda m: [Step(m.net, [Term("cost", m.loss)])], "networks of .*'cost'.*Linear"),
    "parameters": (
        lambda m: [Step(m.net.parameters(), [Term("cost", m.loss)])],
        r"are \[a torch.*Parameter, .*; .*\[self.encoder\]",
    ),
    "no network": (lambda m: [Step([], [Term("cost", m.loss)])], r"are \[\]; expected a list"),
    "a term": (lambda m: [Step([m.net], Term("cost", m.loss))], r"terms .*Term; .*\[Term\("),
    "functions": (lambda m: [Step([m.net], [m.loss])], r"terms of a step are \[a method\]"),
    "a step": (lambda m: one()(m)[0], r"steps\(\) are a gencourse.game.Step; expected a list"),
    "nothing": (lambda m: None, "are a NoneType"),
    "swapped": (lambda m: [Step([m.net], [Term(m.loss, "cost")])], "a method and a str"),
    "called": (lambda m: one(loss=m.loss(torch.rand(2, 4)))(m), "torch.Tensor; .*without a call"),
    "name": (one(name=3), "has an int and"),
    "weight nan": (one(weight=math.nan), "weight of the term 'cost' is nan"),
    "weight inf": (one(weight=-math.inf), "weight of the term 'cost' is -inf"),
    "weight text": (one(weight="2"), "weight of the term 'cost' is '2'"),
    "never": (one(every=0), "`every` of the term 'cost' is 0"),
    "sometimes nothing": (one(every=3), "step of 'cost' has none for every batch"),
    "many": (lambda m: one(loss=m.net)(m), r"term 'cost' gives .*\[4, 1\].*\.mean\(\)"),
    "item": (lambda m: one(loss=lambda x: m.loss(x).item())(m), "'cost' gives a float"),
    "no return": (one(loss=lambda x: None), "'cost' gives a NoneType"),
    "detached": (lambda m: one(loss=lambda x: m.loss(x).detach())(m), r"depends .*detach\(\)"),
    "another": (lambda m: [Step([nn.Linear(4, 1)], [Term("cost", m.loss)])], "depends on what"),
    "frozen": (
        lambda m: [Step([m.net.requires_grad_(False)], [Term("cost", m.loss)])],
        "the step of 'cost' has nothing to move",
    ),
    "no parameters": (lambda m: [Step([nn.ReLU()], [Term("cost", m.loss)])], "nothing to move"),
    "one name": (lambda m: [Step([m.net], [Term("cost", m.loss)] * 2)], "two terms of one name"),
}


@pytest.mark.parametrize("sort", STEPS)
def test_a_step_or_a_term_that_is_none_is_named(sort):
    steps, complaint = STEPS[sort]
    with pytest.raises(ValueError, match=complaint):
        fit(Odd(steps), torch.rand(8, 4), epochs=1, batch_size=4)


class Listed(Odd):
    def __init__(self):
        nn.Module.__init__(self)
        self.layers = [nn.Linear(4, 1)]

    def steps(self):
        return [Step(self.layers, [Term("cost", lambda x: self.layers[0](x).mean())])]


def test_layers_in_a_list_are_named():
    with pytest.raises(ValueError, match="Listed has no parameters; .*nn.ModuleList"):
        fit(Listed(), torch.rand(8, 4), epochs=1)


FINE = {
    "iterators": lambda m: (Step(iter([m.net]), iter(one()(m)[0].terms)) for _ in range(1)),
    "a Sequential": lambda m: [Step(nn.Sequential(m.net), one()(m)[0].terms)],
    "one name in two steps": lambda m: one()(m) + one()(m),
    "numbers of NumPy's": one(weight=torch.tensor(0.5).numpy(), warm_up=torch.ones(()).numpy() / 2),
    "warm-up of none": one(warm_up=0, learning_rate=0),
    "one row, one column": lambda m: one(loss=lambda x: m.loss(x).view(1, 1))(m),
    "a weight that is learned": one(weight=torch.tensor(0.5)),
    "a hidden teacher": lambda m: setattr(m, "teacher", [nn.Linear(4, 1)]) or one()(m),
}


@pytest.mark.parametrize("sort", FINE)
def test_a_step_that_can_be_taken_is(sort):
    history = fit(Odd(FINE[sort]), torch.rand(8, 4), epochs=2, batch_size=4)
    assert [len(losses) for losses in history.losses.values()] == [2]


@pytest.mark.parametrize("name", ["gpu", "Auto", "tpu", "cpu:", "cuda:99", 99, None])
def test_a_device_that_is_not_there_is_named(name):
    with pytest.raises(ValueError, match=f"no device {name!r} here"):
        choose_device(name)
    assert choose_device("cpu") == choose_device(torch.device("cpu"))
