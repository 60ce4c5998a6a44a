// The game on points of the plane (Goodfellow and others, 2014), without anything to see.
// `heaps` are centres [x, y] of round Gaussians, all of the spread `sd`, and may change at any time.

const sigmoidOf = (logit) => 1 / (1 + Math.exp(-logit));

function newGame(heaps, settings, seed) {
  const { uniform, normal } = chance(seed), { batch, hidden, latent, sd, pack } = settings;
  const generator = perceptron([latent, hidden, hidden, 2], 0, uniform);
  // With packing it judges `pack` points at once (Lin and others, 2018): row by row, so many
  // points in one row are the same numbers.
  const discriminator = perceptron([2 * pack, hidden, hidden, 1], 0.2, uniform);
  const moveGenerator = adam(generator), moveDiscriminator = adam(discriminator);
  let steps = 0;

  const codes = (count) => Float32Array.from({ length: count * latent }, normal);
  const made = (count) => generator.forward(codes(count));

  function real(count) {
    const points = new Float32Array(2 * count);
    for (let i = 0; i < count; i += 1) {
      const [x, y] = heaps[Math.floor(uniform() * heaps.length)];
      points[2 * i] = x + sd * normal();
      points[2 * i + 1] = y + sd * normal();
    }
    return points;
  }

  // −log D on real points, −log(1 − D) on made ones, and γ/2 |slope|² on the real (R1: Mescheder
  // and others, 2018); means over the groups.
  function stepDiscriminator({ rate, beta1, gamma }) {
    const groups = batch / pack;
    const onReal = discriminator.forward(real(batch));
    discriminator.learn(onReal.map((logit) => -sigmoidOf(-logit) / groups));
    if (gamma) discriminator.learnSlope(gamma / 2 / groups);
    const onMade = discriminator.forward(made(batch));
    discriminator.learn(onMade.map((logit) => sigmoidOf(logit) / groups));
    moveDiscriminator(rate, beta1);
  }

  // −log D on what it makes.
  function stepGenerator({ rate, beta1 }) {
    const onMade = discriminator.forward(made(batch));
    const inPoints = discriminator.backward(
      onMade.map((logit) => -sigmoidOf(-logit) * pack / batch));
    generator.learn(inPoints);
    moveGenerator(rate, beta1);
    steps += 1;
  }

  return { codes, real, generator, discriminator, stepDiscriminator, stepGenerator,
    get steps() { return steps; } };
}

// As gencourse.evaluation.two_sample.modes_covered has it: a point is good within three standard
// deviations of the nearest centre; a mode is covered by a tenth of its even share of the points.
function modesCovered(points, heaps, sd) {
  const count = points.length / 2, counts = heaps.map(() => 0);
  for (let i = 0; i < count; i += 1) {
    const far = heaps.map(([x, y]) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y));
    const least = Math.min(...far);
    if (least < 3 * sd) counts[far.indexOf(least)] += 1;
  }
  const enough = Math.max(1, count / (10 * heaps.length));
  return { modes: counts.filter((good) => good >= enough).length,
    good: counts.reduce((sum, good) => sum + good, 0) / count };
}

// What the discriminator answers, D in [0, 1], at each place. If it judges several points at once,
// the others are `company`, one company after another, and the answer is the mean.
function answers(discriminator, places, pack, company) {
  if (pack === 1) return discriminator.forward(places).map(sigmoidOf);
  const others = 2 * (pack - 1), companies = company.length / others, many = places.length / 2;
  const groups = new Float32Array(many * companies * 2 * pack);
  for (let i = 0; i < many * companies; i += 1) {
    const place = 2 * Math.floor(i / companies), other = others * (i % companies);
    groups.set(places.subarray(place, place + 2), 2 * pack * i);
    groups.set(company.subarray(other, other + others), 2 * pack * i + 2);
  }
  const logits = discriminator.forward(groups);
  return Float32Array.from({ length: many }, (_, i) => logits.subarray(i * companies,
    (i + 1) * companies).reduce((sum, logit) => sum + sigmoidOf(logit) / companies, 0));
}
