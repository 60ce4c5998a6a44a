// Small networks in plain JavaScript, for the live figures: a network is a list of layers, and a
// layer takes numbers forward. Python writes down what there is to say of one (networks.py).

// The bytes of an address such as "data:;base64,…".
function bytesOf(address) {
  const text = atob(address.slice(address.indexOf(",") + 1));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

// `count` numbers in half precision, from the byte `start` on.
function halves(bytes, start, count) {
  const view = new DataView(bytes.buffer, start, 2 * count);
  return Float32Array.from({ length: count }, (_, i) => {
    const bits = view.getUint16(2 * i, true), sign = bits >> 15 ? -1 : 1;
    const exponent = (bits >> 10) & 31, fraction = (bits & 1023) / 1024;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
  });
}

// y = W x + b; the weights row by row, one row for each output.
function linear(weights, biases) {
  const outputs = biases.length, inputs = weights.length / outputs;
  return {
    forward(x) {
      const y = new Float32Array(outputs);
      for (let row = 0, at = 0; row < outputs; row += 1) {
        let sum = biases[row];
        for (let i = 0; i < inputs; i += 1, at += 1) sum += weights[at] * x[i];
        y[row] = sum;
      }
      return y;
    },
  };
}

function relu() {
  return { forward: (x) => x.map((number) => Math.max(0, number)) };
}

function sigmoid() {
  return { forward: (x) => x.map((number) => 1 / (1 + Math.exp(-number))) };
}

// The network of these layers, such as ["linear", 2, 64] and ["relu"]. Of each linear layer there
// are its weights in eight bits, row by row, then the scale of each row, then the biases, both in
// half precision.
function network(layers, bytes) {
  let at = 0;
  function take(bytesEach, count) {
    at += bytesEach * count;
    return at - bytesEach * count;
  }
  return layers.map(([kind, inputs, outputs]) => {
    if (kind === "relu") return relu();
    const whole = new Int8Array(bytes.buffer, take(1, inputs * outputs), inputs * outputs);
    const scales = halves(bytes, take(2, outputs), outputs);
    const weights = Float32Array.from(whole, (w, i) => w * scales[Math.floor(i / inputs)]);
    return linear(weights, halves(bytes, take(2, outputs), outputs));
  });
}

function forward(layers, x) {
  return layers.reduce((numbers, layer) => layer.forward(numbers), x);
}
