// What the figures share whose codes lie in a plane (plane.html), beside networks.js.

// A model as Python wrote it down (plane.py), its numbers unpacked. `svg` is its plane.
function unpacked(one, svg) {
  const codes = bytesOf(one.codes);
  return {
    ...one,
    svg,
    codes: halves(codes, 0, codes.length / 2),
    decoder: [...network(one.layers, bytesOf(one.weights)), sigmoid()],
  };
}

// From a code to a place in the drawing, whose square has this left, top and side; what lies
// outside is shown at the edge.
function placeOf(code, { middle, reach }, [left, top, side]) {
  const [x, y] = [0, 1].map((axis) =>
    Math.min(1, Math.max(-1, (code[axis] - middle[axis]) / reach)));
  return [left + side * (1 + x) / 2, top + side * (1 - y) / 2];
}

// The number of the one of these codes, two numbers each, that is nearest to the point.
function nearest(codes, [x, y]) {
  let best = 0, least = Infinity;
  for (let i = 0; 2 * i < codes.length; i += 1) {
    const distance = Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

const written = (number, digits) => number.toFixed(digits).replace("-", "−");

// Tells those who do not see it which digit a code is nearest to, in a sentence with {x}, {y} and
// {digit}; while something moves, nothing is said.
function teller(figure, sentence) {
  let timer = null;
  const hush = () => clearTimeout(timer);
  function tell([x, y], digit) {
    const words = { x: written(x, 1), y: written(y, 1), digit };
    hush();
    timer = setTimeout(() => {
      figure.querySelector(".said").textContent = sentence.replace(/{(\w+)}/g,
        (_, name) => words[name]);
    }, 600);
  }
  return { tell, hush };
}
