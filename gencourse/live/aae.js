// A small adversarial autoencoder (Makhzani and others, 2016), without anything to see. Images and
// codes lie row by row; a code is a point x, y of the plane.

const sigmoidOf = (logit) => 1 / (1 + Math.exp(-logit));
const FREQUENCY = 1.5; // as gencourse.networks.latent has it
const SOFT = 0.08; // across a drawn line, as gencourse.priors.drawn has it

// `sizes`: pixels of an image, hidden units of encoder and decoder, and of the critic, its waves,
// and images in a batch.
function newAutoencoder(images, { pixels, hidden, critical, waves, batch }, seed) {
  const { uniform, normal } = chance(seed), count = images.length / pixels;
  const encoder = perceptron([pixels, hidden, hidden, 2], 0, uniform);
  const decoder = perceptron([2, hidden, hidden, pixels], 0, uniform);
  const wide = 2 + 2 * waves, critic = perceptron([wide, critical, critical, 1], 0.2, uniform);
  const [moveEncoder, moveDecoder, moveCritic] = [encoder, decoder, critic].map(adam);
  const directions = Float32Array.from({ length: 2 * waves }, () => FREQUENCY * normal());
  const order = Uint16Array.from({ length: count }, (_, i) => i);
  const codes = encoder.forward(images).slice(); // of each image, as it was seen last
  let steps = 0, next = count;

  // What the critic reads: a code, and sines and cosines of it in random directions, for a small
  // network is slow to see what is thin (Tancik and others, 2020).
  function read(points) {
    const seen = new Float32Array(points.length / 2 * wide);
    for (let i = 0, at = 0; i < points.length; i += 2, at += wide) {
      seen[at] = points[i];
      seen[at + 1] = points[i + 1];
      for (let wave = 0; wave < waves; wave += 1) {
        const phase = points[i] * directions[2 * wave] + points[i + 1] * directions[2 * wave + 1];
        seen[at + 2 + wave] = Math.sin(phase);
        seen[at + 2 + waves + wave] = Math.cos(phase);
      }
    }
    return seen;
  }

  // From the gradient in what the critic has read back to that in the points.
  function inPoints(gradient, seen) {
    const back = new Float32Array(seen.length / wide * 2);
    for (let i = 0, at = 0; i < back.length; i += 2, at += wide) {
      back[i] = gradient[at];
      back[i + 1] = gradient[at + 1];
      for (let wave = 0; wave < waves; wave += 1) {
        const sine = at + 2 + wave, cosine = sine + waves;
        const inPhase = gradient[sine] * seen[cosine] - gradient[cosine] * seen[sine];
        back[i] += inPhase * directions[2 * wave];
        back[i + 1] += inPhase * directions[2 * wave + 1];
      }
    }
    return back;
  }

  // The numbers of the next images; all come once before one comes again.
  function drawn() {
    const numbers = [];
    while (numbers.length < batch) {
      if (next === count) {
        for (let i = count - 1; i > 0; i -= 1) {
          const j = Math.floor(uniform() * (i + 1));
          [order[i], order[j]] = [order[j], order[i]];
        }
        next = 0;
      }
      numbers.push(order[next]);
      next += 1;
    }
    return numbers;
  }

  const logits = (points) => critic.forward(read(points));

  // Gradients of the losses of gencourse.models.AAE, means over the images `x` and as many samples
  // of the prior; the critic sees both through noise of this standard deviation. It judges the
  // codes that have just been copied, which saves a pass.
  function gradients(x, samples, { weight, noise }) {
    const rows = samples.length / 2, here = encoder.forward(x);
    const noisy = (points) => points.map((number) => number + noise * normal());
    // The copy: binary cross-entropy, in nats, summed over pixels.
    const toCodes = decoder.learn(decoder.forward(here).map((logit, i) =>
      (sigmoidOf(logit) - x[i]) / rows));
    // weight · −log D of the codes.
    const seen = read(noisy(here)), wish = critic.backward(critic.forward(seen).map((logit) =>
      -weight * sigmoidOf(-logit) / rows));
    inPoints(wish, seen).forEach((number, i) => { toCodes[i] += number; });
    encoder.learn(toCodes);
    // The critic: −log D of the samples, −log(1 − D) of the codes.
    critic.learn(logits(noisy(samples)).map((logit) => -sigmoidOf(-logit) / rows));
    critic.learn(logits(noisy(here)).map((logit) => sigmoidOf(logit) / rows));
    return here;
  }

  // `sample(n)` gives n points of the prior.
  function step(sample, settings) {
    const numbers = drawn(), x = new Float32Array(batch * pixels);
    numbers.forEach((number, row) =>
      x.set(images.subarray(number * pixels, (number + 1) * pixels), row * pixels));
    const here = gradients(x, sample(batch), settings);
    numbers.forEach((number, row) => codes.set(here.subarray(2 * row, 2 * row + 2), 2 * number));
    moveEncoder(settings.rate, 0.9, 0.98);
    moveDecoder(settings.rate, 0.9, 0.98);
    moveCritic(settings.rateCritic, 0.5, 0.98);
    steps += 1;
  }

  // The codes of all images as they are now.
  function look() {
    codes.set(encoder.forward(images));
    return codes;
  }

  const decode = (points) => decoder.forward(points).map(sigmoidOf);
  const judge = (points) => logits(points).map(sigmoidOf);

  return { encoder, decoder, critic, directions, codes, gradients, step, look, decode, judge,
    get steps() { return steps; } };
}

// Much noise at first, so that the critic sees the outline, and large steps; less of both by the
// same factors at each step.
function settled(steps, { rate, rateCritic, fall, first, last, anneal }) {
  const done = Math.min(1, steps / anneal), part = fall ** done;
  return { rate: rate * part, rateCritic: rateCritic * part, noise: first * (last / first) ** done };
}

// n points along drawn lines, evenly by length, with a soft edge, as gencourse.priors.along has
// them. A line of one point is a dot: it weighs as much as a line as long as it is wide.
function along(lines, n, { uniform, normal }) {
  const DOT = 0.25, pieces = [];
  let length = 0;
  for (const line of lines) {
    const dot = line.length === 1;
    line.slice(dot ? 0 : 1).forEach(([x, y], i) => {
      const [fromX, fromY] = line[i], far = dot ? 2 * DOT : Math.hypot(x - fromX, y - fromY);
      length += far;
      pieces.push({ until: length, x, y, fromX, fromY, soft: dot ? DOT : SOFT });
    });
  }
  const points = new Float32Array(2 * n);
  for (let i = 0; i < n; i += 1) {
    const where = uniform() * length, share = uniform();
    const piece = pieces.find(({ until }) => where < until) || pieces.at(-1);
    points[2 * i] = piece.fromX + share * (piece.x - piece.fromX) + piece.soft * normal();
    points[2 * i + 1] = piece.fromY + share * (piece.y - piece.fromY) + piece.soft * normal();
  }
  return points;
}

// Of all these points, the share whose nearest neighbour among all is of their own kind: about .5
// if nobody can tell the two kinds apart, 1 if anybody can. For as many of one as of the other.
function alike(a, b) {
  const points = new Float32Array([...a, ...b]), count = points.length / 2, kinds = a.length / 2;
  let own = 0;
  for (let i = 0; i < count; i += 1) {
    const x = points[2 * i], y = points[2 * i + 1];
    let best = 0, least = Infinity;
    for (let j = 0; j < count; j += 1) {
      const far = (points[2 * j] - x) ** 2 + (points[2 * j + 1] - y) ** 2;
      if (far < least && j !== i) [best, least] = [j, far];
    }
    if ((i < kinds) === (best < kinds)) own += 1;
  }
  return own / count;
}
