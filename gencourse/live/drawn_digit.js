// A digit is drawn, an encoder says where it belongs, and the decoder draws what lies there.
// `figure` is the element that Python wrote (drawn_digit.html), with all data inside it.

const WIDTH = 28, BOX = 20, PEN = 2.4, MIDDLE = 14; // in pixels of a digit
const LEAST = 0.15; // a drawing smaller than this share of the sheet is not enlarged further

// Lines of a pen, each a list of points in pixels, in ink from 0 to 1: full up to half a pixel
// within the edge of the line, none from half a pixel beyond.
function inked(lines) {
  const ink = new Float32Array(WIDTH * WIDTH);
  for (const line of lines) {
    line.forEach(([x, y], i) => {
      const [fromX, fromY] = line[Math.max(0, i - 1)], dx = x - fromX, dy = y - fromY;
      const reach = PEN / 2 + 0.5, from = (a, b) => Math.max(0, Math.ceil(Math.min(a, b) - reach));
      const to = (a, b) => Math.min(WIDTH - 1, Math.floor(Math.max(a, b) + reach));
      for (let row = from(y, fromY); row <= to(y, fromY); row += 1) {
        for (let column = from(x, fromX); column <= to(x, fromX); column += 1) {
          const share = ((column - fromX) * dx + (row - fromY) * dy) / (dx * dx + dy * dy || 1);
          const t = Math.min(1, Math.max(0, share));
          const far = Math.hypot(column - fromX - t * dx, row - fromY - t * dy);
          const at = WIDTH * row + column;
          ink[at] = Math.max(ink[at], Math.min(1, reach - far));
        }
      }
    });
  }
  return ink;
}

// As MNIST has its digits: the longer side fills a box of 20 pixels, the mass is in the middle.
function asDigit(lines) {
  const ends = [0, 1].map((axis) => lines.flat().map((point) => point[axis]))
    .map((numbers) => [Math.min(...numbers), Math.max(...numbers)]);
  const scale = (BOX - PEN) / Math.max(LEAST, ...ends.map(([low, high]) => high - low));
  const moved = (shifts) => lines.map((line) => line.map((point) => point.map(
    (number, axis) => MIDDLE + scale * (number - (ends[axis][0] + ends[axis][1]) / 2)
      + shifts[axis])));
  const ink = inked(moved([0, 0])), mass = [0, 0, 0];
  ink.forEach((shade, i) => {
    mass[0] += shade * (i % WIDTH);
    mass[1] += shade * Math.floor(i / WIDTH);
    mass[2] += shade;
  });
  return inked(moved([0, 1].map((axis) => MIDDLE - mass[axis] / mass[2])));
}

// The means of squares of `side` pixels.
function pooled(pixels, side) {
  const small = new Float32Array((WIDTH / side) ** 2);
  pixels.forEach((shade, i) => {
    const row = Math.floor(i / WIDTH / side), column = Math.floor((i % WIDTH) / side);
    small[row * WIDTH / side + column] += shade / side ** 2;
  });
  return small;
}

function drawADigit(figure) {
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const find = (selector) => figure.querySelector(selector);
  const planes = [...figure.querySelectorAll(".plane")];
  const choices = [...figure.querySelectorAll(".choice input")];
  const ready = [...figure.querySelectorAll(".ready button")];
  const pad = find(".pad"), pen = pad.getContext("2d"), [left, top, side] = data.area;
  const { tell, hush } = teller(figure, data.says);
  let models = [], model = null;
  let lines = [], line = null; // what is drawn, in shares of the sheet
  let pixels = null; // of a test digit, as long as one lies on the sheet

  function unpack(one, number) {
    return {
      ...unpacked(one, planes[number].querySelector("svg")),
      pool: one.encoder.pool,
      encoder: network(one.encoder.layers, bytesOf(one.encoder.weights)),
    };
  }

  function paint(canvas, ink) {
    const picture = new ImageData(WIDTH, WIDTH);
    for (let i = 0; i < ink.length; i += 1) {
      picture.data.fill(Math.round(255 * (1 - ink[i])), 4 * i, 4 * i + 3);
      picture.data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(picture, 0, 0);
  }

  function mark(code) {
    const [x, y] = placeOf(code, model, data.area), part = (name) => model.svg.querySelector(name);
    const [rx, ry] = [2, 3].map((i) => (code[i] === undefined ? 0
      : 2 * Math.exp(code[i]) * side / 2 / model.reach)); // two standard deviations
    part(".landing").setAttribute("transform", `translate(${x} ${y})`);
    part(".guides").setAttribute("d", `M${left} ${y}H${x}V${top + side}`);
    part(".lens .guides").setAttribute("d", `M${left + side - 112} ${top + 112}L${x} ${y}`);
    model.svg.querySelectorAll(".cloud").forEach((cloud, i) => {
      // Under the lens it stays within the glass.
      const enlarged = (radius) => (i ? Math.min(106, radius * data.lens) : radius);
      cloud.setAttribute("rx", enlarged(rx));
      cloud.setAttribute("ry", enlarged(ry));
    });
    model.svg.classList.toggle("clouded", code.length > 2);
  }

  function show() {
    const drawn = pixels || (lines.length ? asDigit(lines) : null);
    figure.classList.toggle("empty", !drawn);
    ready.forEach((button) => button.setAttribute("aria-pressed", pixels === button.pixels));
    paint(find(".seen"), drawn || new Float32Array(WIDTH * WIDTH));
    if (!drawn) paint(find(".copy"), new Float32Array(WIDTH * WIDTH));
    find(".label").textContent = "";
    if (!drawn) return;
    const code = forward(model.encoder, pooled(drawn, model.pool));
    const digit = data.labels[nearest(model.codes, code)];
    figure.dataset.code = [...code].join(" ");
    mark(code);
    paint(find(".copy"), forward(model.decoder, code.slice(0, 2)));
    find(".label").textContent = digit;
    tell(code, digit);
  }

  function clear() {
    [lines, line, pixels] = [[], null, null];
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, pad.width, pad.height);
  }

  function take(button) {
    clear();
    pixels = button.pixels;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(button.firstChild, 0, 0, pad.width, pad.height);
    show();
  }

  function read(button) {
    const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: WIDTH });
    canvas.getContext("2d").drawImage(button.firstChild, 0, 0);
    const shades = canvas.getContext("2d").getImageData(0, 0, WIDTH, WIDTH).data;
    button.pixels = Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => 1 - shades[4 * i] / 255);
    button.onclick = () => take(button);
  }

  function stroke(event) {
    const box = pad.getBoundingClientRect(), within = (share) => Math.min(1, Math.max(0, share));
    const here = [within((event.clientX - box.left) / box.width),
      within((event.clientY - box.top) / box.height)];
    const last = line.at(-1) || here;
    if (line.length && Math.hypot(here[0] - last[0], here[1] - last[1]) < 0.004) return;
    line.push(here);
    Object.assign(pen, { lineWidth: PEN * pad.width / WIDTH, lineCap: "round", strokeStyle: "#111" });
    pen.beginPath();
    pen.moveTo(pad.width * last[0], pad.height * last[1]);
    pen.lineTo(pad.width * here[0], pad.height * here[1]);
    pen.stroke();
  }

  function listen() {
    pad.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      if (pixels) clear();
      pad.setPointerCapture(event.pointerId);
      lines.push(line = []);
      stroke(event);
      show();
    });
    pad.addEventListener("pointermove", (event) => {
      if (!line || !event.isPrimary) return;
      const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      (all.length ? all : [event]).forEach(stroke);
      show();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      pad.addEventListener(end, (event) => { if (event.isPrimary) line = null; });
    }
    find(".clear").onclick = () => {
      clear();
      show();
    };
  }

  function choose(number) {
    model = models[number];
    planes.forEach((plane, i) => plane.classList.toggle("shown", i === number));
    show();
  }

  function begin() {
    models = data.models.map(unpack);
    model = models[Math.max(0, choices.findIndex((choice) => choice.checked))];
    choices.forEach((choice, number) => { choice.onchange = () => choose(number); });
    ready.forEach(read);
    listen();
    take(ready.find((button) => +button.value === data.labels[0]));
    hush(); // nobody has asked yet
  }

  const group = `digit-${Math.random().toString(36).slice(2)}`; // there may be several figures
  for (const choice of choices) choice.name = group;
  choices[0].checked = true;
  planes[0].classList.add("shown");
  figure.classList.add("live");
  // What is heavy waits until the figure comes into view.
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    Promise.all(ready.map((button) => button.firstChild.decode())).then(begin);
  }, { rootMargin: "300px" });
  watcher.observe(figure);
}
