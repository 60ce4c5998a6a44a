// The latent explorer: a reader moves a point among the codes, and the decoder draws what is there.
// `figure` is the element that Python wrote (explorer.html), with all data inside it.

function explore(figure) {
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const find = (selector) => figure.querySelector(selector);
  const planes = [...figure.querySelectorAll(".plane")];
  const choices = [...figure.querySelectorAll(".choice input")];
  const sliders = [...figure.querySelectorAll(".sliders input")];
  const drawn = find(".drawn"), real = find(".real"), images = new Image();
  const [left, top, side] = data.area, [channels, height, width] = data.shape;
  const { tell, hush } = teller(figure, data.says);
  let models = [], model = null; // all of them, and the chosen one
  let wish = null, code = null; // where the point should be, and where the plane lets it be

  const place = (z) => placeOf(z, model, data.area);

  // And back, from a pointer.
  function codeUnder(event) {
    const box = model.svg.getBoundingClientRect(), scale = 1000 / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    return [2 * (x - left) / side - 1, 1 - 2 * (y - top) / side].map(
      (number, axis) => model.middle[axis] + model.reach * number);
  }

  // One channel is ink on paper, three are colours.
  function draw(pixels) {
    const picture = new ImageData(width, height), size = width * height;
    for (let i = 0; i < size; i += 1) {
      for (let colour = 0; colour < 3; colour += 1) {
        const shade = channels === 1 ? 1 - pixels[i] : pixels[colour * size + i];
        picture.data[4 * i + colour] = Math.round(255 * shade);
      }
      picture.data[4 * i + 3] = 255;
    }
    drawn.getContext("2d").putImageData(picture, 0, 0);
  }

  function copy(number) {
    const x = width * (number % data.columns), y = height * Math.floor(number / data.columns);
    real.getContext("2d").drawImage(images, x, y, width, height, 0, 0, width, height);
  }

  function show() {
    code = wish.map((z, axis) => Math.min(model.middle[axis] + model.reach,
      Math.max(model.middle[axis] - model.reach, z)));
    const number = nearest(model.codes, code), label = data.labels[number], part = (name) =>
      model.svg.querySelector(name);
    const [x, y] = place(code), near = place([...model.codes.slice(2 * number, 2 * number + 2)]);
    part(".handle").setAttribute("transform", `translate(${x} ${y})`);
    part(".nearest").setAttribute("transform", `translate(${near.join(" ")})`);
    part(".guides").setAttribute("d", `M${left} ${y}H${x}V${top + side}`);
    draw(forward(model.decoder, code));
    copy(number);
    find(".label").textContent = label;
    sliders.forEach((slider, axis) => {
      slider.value = code[axis];
      slider.nextElementSibling.textContent = written(code[axis], 2);
      slider.setAttribute("aria-valuetext", written(code[axis], 2));
    });
    tell(code, label);
  }

  function move(z) {
    wish = z;
    show();
  }

  function choose(number) {
    model = models[number];
    planes.forEach((plane, i) => plane.classList.toggle("shown", i === number));
    sliders.forEach((slider, axis) => {
      slider.min = model.middle[axis] - model.reach;
      slider.max = model.middle[axis] + model.reach;
      slider.step = model.reach / 200;
    });
    show();
  }

  // A mouse moves the point from wherever it is pressed. A finger holds the point, taps a place, or
  // sets out sideways: up and down it scrolls the page.
  function listen(svg) {
    let pressed = null, grip = null; // where a finger came down; from the point to what holds it

    function hold(event) {
      const onPoint = event.target.closest(".handle"), under = codeUnder(event);
      grip = onPoint ? code.map((z, axis) => z - under[axis]) : [0, 0];
      svg.setPointerCapture(event.pointerId);
      follow(event);
    }

    function follow(event) {
      move(codeUnder(event).map((z, axis) => z + grip[axis]));
    }

    svg.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      pressed = [event.clientX, event.clientY];
      if (event.pointerType !== "touch" || event.target.closest(".handle")) hold(event);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!pressed || !event.isPrimary) return;
      const [x, y] = [event.clientX - pressed[0], event.clientY - pressed[1]].map(Math.abs);
      if (grip) follow(event);
      else if (x > 8 && x > y) hold(event);
    });
    svg.addEventListener("pointerup", (event) => {
      if (!event.isPrimary) return; // a second finger
      if (pressed && !grip) move(codeUnder(event));
      pressed = grip = null;
    });
    svg.addEventListener("pointercancel", (event) => {
      if (event.isPrimary) pressed = grip = null;
    });
    svg.addEventListener("touchstart", (event) => {
      if (event.target.closest(".handle")) event.preventDefault(); // it would scroll the page
    }, { passive: false });
    svg.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
      if (!(event.key in way) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const step = model.reach * (event.shiftKey ? 0.125 : 0.025);
      move(code.map((z, axis) => z + step * way[event.key][axis]));
    });
  }

  function begin() {
    models = data.models.map((one, i) => unpacked(one, planes[i].querySelector("svg")));
    model = models[0];
    wish = [...model.codes.slice(0, 2)]; // the first image's: a copy beside its original
    choose(Math.max(0, choices.findIndex((choice) => choice.checked)));
    hush(); // nobody has asked yet
    for (const { svg } of models) {
      svg.setAttribute("role", "application");
      svg.setAttribute("aria-label", data.plane);
      svg.tabIndex = 0;
      listen(svg);
    }
    choices.forEach((choice, number) => { choice.onchange = () => choose(number); });
    sliders.forEach((slider, axis) => {
      slider.oninput = () => move(code.map((z, i) => (i === axis ? +slider.value : z)));
    });
  }

  const group = `explorer-${Math.random().toString(36).slice(2)}`; // there may be several figures
  for (const choice of choices) choice.name = group;
  choices[0].checked = true;
  planes[0].classList.add("shown");
  figure.classList.add("live");
  // What is heavy waits until the figure comes into view.
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    images.onload = begin;
    images.src = data.images;
  }, { rootMargin: "300px" });
  watcher.observe(figure);
}
