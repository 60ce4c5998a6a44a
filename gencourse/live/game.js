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

  // As gencourse.evaluation.two_sample.modes_covered has it: good is a point within three standard
  // deviations of the nearest centre; a mode is covered by a tenth of its even share of points.
  function outcome(count = 800) {
    const points = made(count), counts = heaps.map(() => 0);
    for (let i = 0; i < count; i += 1) {
      const far = heaps.map(([x, y]) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y));
      const nearest = far.indexOf(Math.min(...far));
      if (far[nearest] < 3 * sd) counts[nearest] += 1;
    }
    const enough = Math.max(1, count / (10 * heaps.length));
    return { modes: counts.filter((good) => good >= enough).length,
      good: counts.reduce((sum, good) => sum + good, 0) / count };
  }
  return { real, made, discriminator, generator, stepDiscriminator, stepGenerator, outcome,
    get steps() { return steps; } };
}
