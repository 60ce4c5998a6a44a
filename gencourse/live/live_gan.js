// The game, seen and played: `figure` is the element that Python wrote (live_gan.html).

function playInThePage(figure) {
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const find = (selector) => figure.querySelector(selector), { words, sd, reach } = data;
  const canvas = find(".plane canvas"), svg = find("svg"), pen = canvas.getContext("2d");
  const past = find(".past"), pastPen = past.getContext("2d"), SIDE = canvas.width, GRID = 40;
  const heat = Object.assign(document.createElement("canvas"), { width: GRID, height: GRID });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const places = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => (i % 2 ? -1 : 1) * reach
    * ((2 * (i % 2 ? Math.floor(i / 2 / GRID) : (i / 2) % GRID) + 1) / GRID - 1));
  let heaps = data.heaps.map((heap) => [...heap]), seed = data.seed, chosen = 0;
  let game, watched, realShown, settings, history;
  let running = false, spoken = 0, drawn = 0;
  let grip = null; // from what holds a heap to its middle

  const setting = (name) => +find(`[name=${name}]`).value;
  const written = (number) => number.toFixed(2).replace("-", "−");
  const say = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

  function readSettings() {
    const shared = { beta1: setting("beta1"), gamma: setting("gamma") };
    settings = { d: { rate: setting("rate_d"), ...shared },
      g: { rate: setting("rate_g"), ...shared } };
  }

  function begin() {
    game = newGame(heaps, { ...data, pack: setting("pack") }, seed);
    const spectator = chance(seed + 1); // who looks on changes nothing of the game
    watched = Float32Array.from({ length: 500 * data.latent }, spectator.normal);
    realShown = Float32Array.from({ length: 500 }, spectator.normal);
    history = [];
    show();
  }

  const at = (x) => SIDE * (1 + x / reach) / 2;

  function dots(points, colour, radius) {
    pen.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      pen.moveTo(at(points[i]) + radius, at(-points[i + 1]));
      pen.arc(at(points[i]), at(-points[i + 1]), radius, 0, 7);
    }
    pen.fillStyle = colour;
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.stroke();
    pen.fill();
  }

  // D's answer in the background: white where it says generated, deep where it says real.
  function drawAnswers(real, made) {
    const company = new Float32Array([...real.subarray(0, 8), ...made.subarray(0, 8)]);
    const image = new ImageData(GRID, GRID);
    answers(game.discriminator, places, setting("pack"), company).forEach((answer, i) => {
      [204, 121, 167].forEach((full, colour) => {
        image.data[4 * i + colour] = 255 - 0.7 * answer * (255 - full);
      });
      image.data[4 * i + 3] = 255;
    });
    heat.getContext("2d").putImageData(image, 0, 0);
  }

  function show() {
    const made = game.generator.forward(watched).slice();
    const real = realShown.map((n, i) => heaps[(i >> 1) % heaps.length][i % 2] + sd * n);
    drawAnswers(real, made);
    pen.drawImage(heat, 0, 0, SIDE, SIDE);
    dots(real, "#000", 3.2);
    dots(made, "#ee6677", 5);
    const { modes, good } = modesCovered(made, heaps, sd);
    history.push([modes / heaps.length, good]);
    if (history.length > 300) history = history.filter((_, i) => i % 2);
    drawPast();
    const values = { steps: game.steps.toLocaleString("en"), modes, heaps: heaps.length,
      good: Math.round(100 * good) };
    find(".state").innerHTML = say(words.gan_state, values);
    Object.assign(figure.dataset, { steps: game.steps, modes, good: good.toFixed(3) });
    return say(words.gan_says, values);
  }

  function drawPast() {
    const { width, height } = past;
    pastPen.clearRect(0, 0, width, height);
    [["#222", 0, []], ["#ee6677", 1, [14, 8]]].forEach(([colour, which, dashes]) => {
      pastPen.beginPath();
      history.forEach((point, i) => pastPen.lineTo(
        8 + (width - 16) * i / Math.max(60, history.length), height - 8 - (height - 16) * point[which]));
      Object.assign(pastPen, { strokeStyle: colour, lineWidth: 6, lineJoin: "round" });
      pastPen.setLineDash(dashes);
      pastPen.stroke();
    });
  }

  function tell(text) {
    find(".said").textContent = text;
    spoken = performance.now();
  }

  // Several steps a frame, as many as leave the page quick; with reduced motion two pictures a
  // second.
  function frame(now) {
    if (!running) return;
    const until = performance.now() + 10;
    do {
      game.stepDiscriminator(settings.d);
      game.stepGenerator(settings.g);
    } while (performance.now() < until);
    if (now - drawn > (calm ? 500 : 30)) {
      drawn = now;
      const text = show();
      if (now - spoken > 8000) tell(text);
    }
    requestAnimationFrame(frame);
  }

  function run(on) {
    if (running === on) return;
    running = on;
    find(".run").textContent = on ? words.gan_pause : words.gan_run;
    spoken = performance.now();
    if (on) requestAnimationFrame(frame);
    else tell(show());
  }

  function one(step) {
    run(false);
    step();
    tell(show());
  }

  // Each heap is an element that takes the focus, moves with the arrow keys, and can be dragged.
  function drawHeaps() {
    find(".heaps").innerHTML = heaps.map(([x, y], number) => {
      const label = say(words.gan_heap, { number: number + 1, x: written(x), y: written(y) });
      return `<g tabindex="0" role="button" aria-label="${label}" data-number="${number}" transform=`
        + `"translate(${500 + 500 * x / reach} ${500 - 500 * y / reach})"><circle class="hold" r="52"/>`
        + `<circle class="disc" r="${1500 * sd / reach}"/></g>`;
    }).join("");
    choose(Math.min(chosen, heaps.length - 1));
    find(".add").disabled = heaps.length >= data.most;
    find(".remove").disabled = heaps.length <= 1;
  }

  const handles = () => [...svg.querySelectorAll(".heaps g")];

  function choose(number) {
    chosen = number;
    handles().forEach((handle, i) => handle.classList.toggle("chosen", i === number));
  }

  function move(x, y) {
    const within = (number) => Math.min(0.95 * reach, Math.max(-0.95 * reach, number));
    heaps[chosen].splice(0, 2, within(x), within(y)); // the game has the same heaps
    const handle = handles()[chosen], [left, up] = heaps[chosen];
    handle.setAttribute("transform",
      `translate(${500 + 500 * left / reach} ${500 - 500 * up / reach})`);
    handle.setAttribute("aria-label",
      say(words.gan_heap, { number: chosen + 1, x: written(left), y: written(up) }));
    if (!running) show();
  }

  // A new heap comes where there is most room.
  function add() {
    const room = (x, y) => Math.min(...heaps.map((heap) => Math.hypot(heap[0] - x, heap[1] - y)));
    let best = [0, 0];
    for (let i = 0; i < 49; i += 1) {
      const here = [(i % 7) - 3, Math.floor(i / 7) - 3].map((step) => 0.25 * reach * step);
      if (room(...here) > room(...best) + 1e-6) best = here;
    }
    heaps.push(best);
    chosen = heaps.length - 1;
    changed();
  }

  function remove() {
    if (heaps.length > 1) heaps.splice(chosen, 1);
    changed();
  }

  function changed() {
    grip = null;
    drawHeaps();
    if (!running) tell(show());
  }

  function listen() {
    const under = (event) => {
      const box = svg.getBoundingClientRect(), scale = 2 * reach / box.width;
      return [scale * (event.clientX - box.left) - reach, reach - scale * (event.clientY - box.top)];
    };
    svg.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest("g[data-number]");
      if (!handle || !event.isPrimary || event.button !== 0) return;
      choose(+handle.dataset.number);
      handle.focus({ preventScroll: true });
      const [x, y] = under(event);
      grip = [heaps[chosen][0] - x, heaps[chosen][1] - y];
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (grip && event.isPrimary) move(...under(event).map((number, axis) => number + grip[axis]));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      svg.addEventListener(end, (event) => { if (event.isPrimary) grip = null; });
    }
    svg.addEventListener("touchstart", (event) => {
      if (event.target.closest("g[data-number]")) event.preventDefault(); // it would scroll the page
    }, { passive: false });
    svg.addEventListener("focusin", (event) => choose(+event.target.dataset.number));
    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = reach * (event.shiftKey ? 0.1 : 0.02), way = { ArrowLeft: [-step, 0],
        ArrowRight: [step, 0], ArrowDown: [0, -step], ArrowUp: [0, step] }[event.key];
      if (way) move(heaps[chosen][0] + way[0], heaps[chosen][1] + way[1]);
      else if (event.key === "Delete" || event.key === "Backspace") {
        remove();
        handles()[chosen].focus();
      } else return;
      event.preventDefault();
    });
    find(".add").onclick = add;
    find(".remove").onclick = remove;
    find(".run").onclick = () => run(!running);
    find(".step-d").onclick = () => one(() => game.stepDiscriminator(settings.d));
    find(".step-g").onclick = () => one(() => game.stepGenerator(settings.g));
    find(".again").onclick = () => { seed += 1; begin(); };
    find(".settings").onchange = (event) => {
      readSettings();
      if (event.target.name === "pack") begin(); // another discriminator
    };
  }

  // What is heavy waits until the figure comes into view, and rests when it leaves.
  let awake = false;
  new IntersectionObserver((entries) => {
    const seen = entries.at(-1).isIntersecting;
    if (!seen) run(false);
    if (!seen || awake) return;
    awake = true;
    figure.classList.add("live");
    readSettings();
    begin();
    drawHeaps();
    listen();
  }).observe(figure);
}
