// The adversarial autoencoder, seen and operated: `figure` is the element that Python wrote
// (live_aae.html), with all data inside it.

function trainInThePage(figure) {
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const find = (selector) => figure.querySelector(selector);
  const { words, labels, reach, game: rules } = data, WIDE = 14, CELL = 16, GRID = 24, DOT = 16;
  const choices = [...figure.querySelectorAll(".choice input")], own = choices.length - 1;
  const field = find(".field"), canvas = find(".seen"), pen = canvas.getContext("2d");
  const SIDE = canvas.width, calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const sheet = (side) =>
    Object.assign(document.createElement("canvas"), { width: side, height: side });
  const ground = sheet(SIDE), doubt = sheet(GRID); // the prior's dots, and what the critic says
  const middles = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => (i % 2 ? -1 : 1) * reach
    * ((2 * (i % 2 ? Math.floor(i / 2 / GRID) : (i / 2) % GRID) + 1) / GRID - 1));
  const dots = data.colours.map(dotOf); // stamped quicker than drawn
  const tens = [...new Set(labels)].sort().map((digit) => labels.indexOf(digit));
  let images, shapes, seed = data.seed;
  let prior = new Float32Array(0), since = 0; // samples of the shape, and when it was chosen
  let lines = [], line = null, tip = [0, 0]; // what is drawn, the line at the pen, and the pen
  let game, dice, seen; // `seen`: where the codes are on the screen
  let running = false, shown = 0, weighed = 0, spoken = 0;

  const say = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const at = (x) => SIDE * (1 + x / reach) / 2;
  const within = (x) => Math.min(SIDE, Math.max(0, at(x))); // what lies outside is at the edge
  const chosen = () => choices.findIndex((choice) => choice.checked);

  function dotOf(colour) {
    const dot = sheet(DOT), brush = dot.getContext("2d");
    Object.assign(brush, { fillStyle: colour, strokeStyle: "#fff", lineWidth: 2 });
    brush.arc(DOT / 2, DOT / 2, DOT / 2 - 1.5, 0, 7);
    brush.stroke();
    brush.fill();
    return dot;
  }

  function readImages(picture) {
    const { width, height } = picture, canvas = Object.assign(sheet(0), { width, height });
    const brush = canvas.getContext("2d");
    brush.drawImage(picture, 0, 0);
    const shades = brush.getImageData(0, 0, width, height).data;
    images = Float32Array.from({ length: labels.length * WIDE * WIDE }, (_, i) => {
      const number = Math.floor(i / WIDE / WIDE), row = Math.floor(i / WIDE) % WIDE;
      const x = number % data.columns * WIDE + i % WIDE;
      const y = Math.floor(number / data.columns) * WIDE + row;
      return 1 - shades[4 * (y * width + x)] / 255;
    });
  }

  function begin() {
    game = newAutoencoder(images, data.sizes, seed);
    dice = chance(seed + 1);
    since = 0;
    still();
  }

  function sample(n) {
    const points = new Float32Array(2 * n), many = prior.length / 2;
    for (let i = 0; i < n; i += 1) {
      const from = 2 * Math.floor(dice.uniform() * many);
      points.set(prior.subarray(from, from + 2), 2 * i);
    }
    return points;
  }

  function step() {
    const settings = settled(game.steps - since, rules);
    game.step(sample, { ...settings, weight: +find("select").value });
  }

  // Another shape: the codes stay where they are, and the critic looks at the outline again.
  function take(points) {
    prior = points;
    since = game.steps;
    figure.classList.toggle("own", chosen() === own);
    figure.classList.toggle("empty", !points.length);
    find(".run").disabled = !points.length;
    find(".clear").disabled = !lines.length || chosen() !== own;
    if (!points.length) run(false);
    const brush = ground.getContext("2d");
    brush.clearRect(0, 0, SIDE, SIDE);
    brush.fillStyle = "#009e73";
    brush.globalAlpha = 0.5;
    for (let i = 0; i < points.length; i += 2) {
      brush.fillRect(at(points[i]) - 2.5, at(-points[i + 1]) - 2.5, 5, 5);
    }
    if (running) drawPlane();
    else still();
  }

  // The critic's answer in the background: brown where it is sure to see a code.
  function askCritic() {
    const image = new ImageData(GRID, GRID);
    game.judge(middles).forEach((answer, i) => {
      image.data.set([191, 129, 45, 110 * Math.max(0, 1 - 2 * answer)], 4 * i);
    });
    doubt.getContext("2d").putImageData(image, 0, 0);
  }

  function drawPlane() {
    pen.clearRect(0, 0, SIDE, SIDE);
    if (game.steps && prior.length) pen.drawImage(doubt, 0, 0, SIDE, SIDE);
    pen.drawImage(ground, 0, 0);
    labels.forEach((label, i) => {
      pen.drawImage(dots[label], within(seen[2 * i]) - DOT / 2, within(-seen[2 * i + 1]) - DOT / 2);
    });
    if (!figure.classList.contains("own") || document.activeElement !== field) return;
    const [x, y] = [at(tip[0]), at(-tip[1])];
    pen.beginPath();
    [[-1, 0], [1, 0], [0, -1], [0, 1]].forEach(([dx, dy]) => {
      pen.moveTo(x + 8 * dx, y + 8 * dy);
      pen.lineTo(x + 26 * dx, y + 26 * dy);
    });
    Object.assign(pen, { strokeStyle: line ? "#d00000" : "#111", lineWidth: 5 });
    pen.stroke();
  }

  // Images in rows of ten.
  function paint(canvas, inks) {
    const brush = canvas.getContext("2d");
    brush.clearRect(0, 0, canvas.width, canvas.height);
    for (let number = 0; number * WIDE * WIDE < inks.length; number += 1) {
      const image = new ImageData(WIDE, WIDE);
      for (let i = 0; i < WIDE * WIDE; i += 1) {
        image.data.fill(255 * (1 - inks[number * WIDE * WIDE + i]), 4 * i, 4 * i + 3);
        image.data[4 * i + 3] = 255;
      }
      brush.putImageData(image, 1 + CELL * (number % 10), 1 + CELL * Math.floor(number / 10));
    }
  }

  const parts = (numbers, from, size) => from.flatMap((number) =>
    [...numbers.subarray(number * size, (number + 1) * size)]);

  // How well the shape is met, how good the copies are, and what is drawn from the shape.
  function weigh() {
    const { codes } = game, copies = game.decode(codes);
    const error = copies.reduce((sum, ink, i) => sum + (ink - images[i]) ** 2, 0) / copies.length;
    const digits = new Float32Array(20 * WIDE * WIDE);
    digits.set(parts(images, tens, WIDE * WIDE));
    digits.set(parts(copies, tens, WIDE * WIDE), 10 * WIDE * WIDE);
    paint(find(".copies"), digits);
    const values = { met: "–", error: error.toFixed(3), steps: game.steps.toLocaleString("en") };
    if (prior.length) {
      values.met = Math.round(100 * alike(codes, prior.subarray(0, codes.length)));
      askCritic();
      paint(find(".made"), game.decode(prior.slice(0, 80)));
    } else paint(find(".made"), []);
    find(".state").innerHTML = say(words.aae_state, values);
    Object.assign(figure.dataset, { steps: game.steps, met: values.met, error: values.error });
    return say(words.aae_says, values);
  }

  // The picture as it is when nothing moves.
  function still() {
    seen = game.look().slice();
    const text = weigh();
    drawPlane();
    figure.dataset.codes = Array.from(seen, (number) => number.toFixed(3)).join(" ");
    return text;
  }

  function tell(text) {
    find(".said").textContent = text;
    spoken = performance.now();
  }

  // As many steps a frame as leave the page quick. The codes glide to where training saw them last;
  // with reduced motion there are two pictures a second.
  function frame(now) {
    if (!running) return;
    const until = performance.now() + 13;
    do step(); while (performance.now() < until);
    if (now - shown > (calm ? 500 : 25)) {
      const share = calm ? 1 : 1 - Math.exp(-(now - shown) / 60);
      shown = now;
      seen.forEach((number, i) => { seen[i] += share * (game.codes[i] - number); });
      if (now - weighed > 400) {
        weighed = now;
        const text = weigh();
        if (now - spoken > 8000) tell(text);
      }
      drawPlane();
    }
    requestAnimationFrame(frame);
  }

  function run(on) {
    if (running === on) return;
    running = on;
    find(".run").textContent = on ? words.gan_pause : words.gan_run;
    spoken = shown = performance.now();
    if (on) requestAnimationFrame(frame);
    else tell(still());
  }

  function takeOwn() {
    const many = lines.length ? data.samples : 0;
    take(along(lines, many, chance(seed + 2)));
  }

  function choose() {
    line = null;
    if (chosen() === own) takeOwn();
    else take(shapes[chosen()]);
    const drawing = chosen() === own;
    field.setAttribute("role", drawing ? "application" : "img");
    field.setAttribute("aria-label", drawing ? words.aae_draw : words.aae_plane);
    if (drawing) field.tabIndex = 0;
    else field.removeAttribute("tabindex");
  }

  function draw(point) {
    tip = point.map((number) => Math.min(reach, Math.max(-reach, number)));
    const last = line && line.at(-1);
    if (!line || (last && Math.hypot(tip[0] - last[0], tip[1] - last[1]) < 0.03)) return;
    line.push(tip);
    takeOwn();
  }

  function listen() {
    let pressed = false;
    const under = (event) => {
      const box = canvas.getBoundingClientRect(), scale = 2 * reach / box.width;
      return [scale * (event.clientX - box.left) - reach, reach - scale * (event.clientY - box.top)];
    };
    field.addEventListener("pointerdown", (event) => {
      if (chosen() !== own || !event.isPrimary || event.button !== 0) return;
      field.setPointerCapture(event.pointerId);
      pressed = true;
      lines.push(line = []);
      draw(under(event));
    });
    field.addEventListener("pointermove", (event) => {
      if (pressed && event.isPrimary) draw(under(event));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      field.addEventListener(end, (event) => {
        if (!pressed || !event.isPrimary) return; // a second finger
        pressed = false;
        line = null;
      });
    }
    field.addEventListener("keydown", (event) => {
      if (chosen() !== own || event.ctrlKey || event.metaKey || event.altKey) return;
      const far = event.shiftKey ? 0.05 : 0.2, way = { ArrowLeft: [-far, 0], ArrowRight: [far, 0],
        ArrowDown: [0, -far], ArrowUp: [0, far] }[event.key];
      if (way) draw([tip[0] + way[0], tip[1] + way[1]]);
      else if (event.key !== "Enter" && event.key !== " ") return;
      else if (line) line = null;
      else {
        lines.push(line = []);
        draw(tip);
      }
      event.preventDefault();
      drawPlane();
    });
    field.addEventListener("focus", drawPlane);
    field.addEventListener("blur", drawPlane);
    choices.forEach((choice) => { choice.onchange = choose; });
    find(".run").onclick = () => run(!running);
    find(".again").onclick = () => { seed += 1; begin(); };
    find(".clear").onclick = () => {
      lines = [];
      choose();
      field.focus({ preventScroll: true }); // the button is no more
    };
  }

  function wake() {
    shapes = data.shapes.map((shape) => {
      const bytes = bytesOf(shape);
      return halves(bytes, 0, bytes.length / 2);
    });
    begin();
    choose();
    listen();
  }

  const group = `aae-${Math.random().toString(36).slice(2)}`; // there may be several figures
  for (const choice of choices) choice.name = group;
  choices[0].checked = true;
  figure.classList.add("live");
  // What is heavy waits until the figure comes into view, and rests when it leaves.
  let awake = false;
  const picture = new Image();
  new IntersectionObserver((entries) => {
    const inView = entries.at(-1).isIntersecting;
    if (!inView) run(false);
    if (!inView || awake) return;
    awake = true;
    picture.src = data.images;
    picture.decode().then(() => {
      readImages(picture);
      wake();
    });
  }).observe(figure);
}
