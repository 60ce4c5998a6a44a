// Perceptrons that learn, in plain JavaScript, for the figures that train in the page. Numbers of
// a batch lie row by row in one Float32Array, as torch has them in (N, features).

// Numbers in [0, 1) and standard normal ones, the same for the same seed (mulberry32).
function chance(seed) {
  let state = seed >>> 0;
  function uniform() {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

// y = x Wᵀ + b for each row, into y; b may be missing. Two rows and four outputs at once: their sums
// do not wait for each other, and each number is read for several. The last of an odd number of
// rows is its own neighbour.
function rowsTimes(x, weights, biases, inputs, outputs, y) {
  for (let from = 0, to = 0; from < x.length; from += 2 * inputs, to += 2 * outputs) {
    const odd = from + inputs >= x.length, other = odd ? 0 : inputs, after = odd ? to : to + outputs;
    let out = 0;
    for (; out + 4 <= outputs; out += 4) {
      let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, at = out * inputs;
      for (let i = from; i < from + inputs; i += 1, at += 1) {
        const one = x[i], two = x[i + other], first = weights[at], second = weights[at + inputs];
        const third = weights[at + 2 * inputs], fourth = weights[at + 3 * inputs];
        a += one * first;
        b += one * second;
        c += one * third;
        d += one * fourth;
        e += two * first;
        f += two * second;
        g += two * third;
        h += two * fourth;
      }
      y[to + out] = a;
      y[to + out + 1] = b;
      y[to + out + 2] = c;
      y[to + out + 3] = d;
      y[after + out] = e;
      y[after + out + 1] = f;
      y[after + out + 2] = g;
      y[after + out + 3] = h;
    }
    for (; out < outputs; out += 1) {
      let a = 0, b = 0;
      for (let i = from, at = out * inputs; i < from + inputs; i += 1, at += 1) {
        a += x[i] * weights[at];
        b += x[i + other] * weights[at];
      }
      y[to + out] = a;
      y[after + out] = b;
    }
  }
  if (biases) for (let i = 0; i < y.length; i += 1) y[i] += biases[i % outputs];
  return y;
}

// Layers of these sizes, such as [2, 64, 64, 1], leaky rectifiers between them (slope `leak` below
// zero); weights and biases from ±1/√inputs, as torch.nn.Linear begins. What it gives is
// overwritten by its next pass over as many rows: arrays made anew would cost half of the time.
function perceptron(sizes, leak, uniform) {
  const layers = sizes.slice(1).map((outputs, at) => {
    const inputs = sizes[at], bound = 1 / Math.sqrt(inputs);
    const drawn = (count) => Float32Array.from({ length: count }, () => bound * (2 * uniform() - 1));
    const weights = drawn(inputs * outputs), biases = drawn(outputs);
    return { inputs, outputs, weights, biases, transposed: weights.slice(),
      ofWeights: new Float32Array(inputs * outputs), ofBiases: new Float32Array(outputs) };
  });
  const last = layers.length - 1, rooms = new Map();
  let known = []; // what went into each layer

  function room(use, at, length) {
    const key = `${use} ${at} ${length}`;
    if (!rooms.has(key)) rooms.set(key, new Float32Array(length));
    return rooms.get(key);
  }

  // Through the rectifier behind layer `at`, open where what came out of it was above zero.
  function bent(numbers, at, outcome) {
    if (at === last) return numbers;
    for (let i = 0; i < numbers.length; i += 1) if (!(outcome[i] > 0)) numbers[i] *= leak;
    return numbers;
  }

  function through(layer, at, x, use, biases) {
    const { weights, inputs, outputs } = layer;
    const y = room(use, at, x.length / inputs * outputs);
    return rowsTimes(x, weights, biases, inputs, outputs, y);
  }

  // Outputs (N, outputs) of x (N, inputs).
  function forward(x) {
    known = [x];
    return layers.reduce((input, layer, at) => {
      const y = through(layer, at, input, "forward", layer.biases);
      known.push(y);
      return bent(y, at, y);
    }, x);
  }

  // From the loss's gradient in the outputs back to that in x. `visit` is shown each layer's
  // gradient on the way.
  function backward(gradient, visit = () => {}) {
    for (let at = last; at >= 0; at -= 1) {
      const { weights, transposed, inputs, outputs } = layers[at];
      bent(gradient, at, known[at + 1]);
      visit(layers[at], gradient, at);
      for (let out = 0, from = 0; out < outputs; out += 1) {
        for (let i = 0; i < inputs; i += 1, from += 1) transposed[i * outputs + out] = weights[from];
      }
      const before = room("backward", at, gradient.length / outputs * inputs);
      gradient = rowsTimes(gradient, transposed, null, outputs, inputs, before);
    }
    return gradient;
  }

  // Adds gradientᵀ input to the gradient of a layer's weights: four rows at once, then what is left.
  function learnWeights({ ofWeights, inputs, outputs }, gradient, input) {
    const rows = gradient.length / outputs;
    for (let row = 0; row < rows;) {
      const many = row + 4 <= rows;
      for (let out = 0, at = 0; out < outputs; out += 1) {
        const here = row * outputs + out, number = gradient[here], end = (row + 1) * inputs;
        if (many) {
          const second = gradient[here + outputs], third = gradient[here + 2 * outputs];
          const fourth = gradient[here + 3 * outputs];
          for (let i = row * inputs; i < end; i += 1, at += 1) {
            ofWeights[at] += number * input[i] + second * input[i + inputs]
              + third * input[i + 2 * inputs] + fourth * input[i + 3 * inputs];
          }
        } else {
          for (let i = row * inputs; i < end; i += 1, at += 1) ofWeights[at] += number * input[i];
        }
      }
      row += many ? 4 : 1;
    }
  }

  // After forward(x): adds the gradients of weights and biases to the layers', gives that in x.
  function learn(gradient) {
    return backward(gradient, (layer, here, at) => {
      learnWeights(layer, here, known[at]);
      for (let i = 0; i < here.length; i += 1) layer.ofBiases[i % layer.outputs] += here[i];
    });
  }

  // After forward(x): adds the gradient of weight · Σ |∂output/∂x|², and gives the sum itself. The
  // network is linear wherever no rectifier turns, so ∂output/∂x is a product of its matrices, and
  // the slope of its square in one of them is: the slope from behind times what comes from
  // before when the slope in x itself is sent through, without biases.
  function learnSlope(weight) {
    const ones = new Float32Array(known[0].length / layers[0].inputs).fill(1), back = [];
    const slope = backward(ones, (layer, here, at) => { back[at] = here; });
    layers.reduce((input, layer, at) => {
      learnWeights(layer, back[at], input);
      return bent(through(layer, at, input, "slope", null), at, known[at + 1]);
    }, slope.map((number) => 2 * weight * number));
    return slope.reduce((sum, number) => sum + number * number, 0);
  }

  return { layers, forward, backward, learn, learnSlope };
}

// Adam (Kingma and Ba, 2015) of a perceptron; a step takes its gradients and clears them.
function adam(network) {
  const parts = network.layers.flatMap(({ weights, ofWeights, biases, ofBiases }) =>
    [[weights, ofWeights], [biases, ofBiases]]).map(([values, gradients]) =>
    ({ values, gradients, mean: new Float32Array(values.length), square: new Float32Array(values.length) }));
  let steps = 0, kept = 1; // kept: the product of all β₁ so far, which a reader may change

  return function step(rate, beta1, beta2 = 0.999) {
    steps += 1;
    kept *= beta1;
    const whole = 1 - beta2 ** steps, part = 1 - kept;
    for (const { values, gradients, mean, square } of parts) {
      for (let i = 0; i < values.length; i += 1) {
        mean[i] += (1 - beta1) * (gradients[i] - mean[i]);
        square[i] += (1 - beta2) * (gradients[i] ** 2 - square[i]);
        values[i] -= rate * (mean[i] / part) / (Math.sqrt(square[i] / whole) + 1e-8);
        gradients[i] = 0;
      }
    }
  };
}
