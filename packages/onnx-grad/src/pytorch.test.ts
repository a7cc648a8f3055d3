import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  type Optimizer,
  type Tensor,
  abs,
  adam,
  adamW,
  add,
  attention,
  avgPool2d,
  batchNormalizeTraining,
  buildModel,
  conv2d,
  convTranspose2d,
  createRandom,
  createSession,
  createTrainer,
  crossEntropy,
  dense,
  gelu,
  gradient,
  gridSample,
  groupNormalize,
  huberLoss,
  input,
  l2Normalize,
  layerNormalize,
  matmul,
  maxPool2d,
  meanSquaredError,
  mul,
  reduceMean,
  relu,
  reshape,
  resize,
  sgd,
  sizeOf,
  softmax,
  tanh,
  transpose,
  tripletMarginLoss,
} from './index.js';

const python = '/usr/bin/python3';
const installed = spawnSync(python, ['-c', 'import torch']).status === 0;
if (!installed)
  process.stderr.write('PyTorch is not installed (apt-get install python3-torch): its comparisons are skipped\n');

type Arrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;

const preamble = `
import json, sys, torch
import torch.nn.functional as F
t = {n: torch.tensor(v["data"], dtype=torch.float32).reshape(v["shape"]).requires_grad_() for n, v in json.load(sys.stdin).items()}
def answer(values): print(json.dumps({n: v.detach().flatten().tolist() for n, v in values.items()}))
def gradients(loss):
    loss.backward()
    answer({"loss": loss, **{n: v.grad for n, v in t.items()}})
`;

/** Runs PyTorch on named arrays. */
function pytorch(program: string, arrays: Arrays): Record<string, number[]> {
  const values = Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]);
  const run = spawnSync(python, ['-c', preamble + program], {
    input: JSON.stringify(Object.fromEntries(values)),
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Record<string, number[]>;
}

function noiseArrays(shapes: Readonly<Record<string, readonly number[]>>, seed = 1): Arrays {
  const random = createRandom(seed);
  const draw = (shape: readonly number[]) => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  });
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, draw(shape)]));
}

/** Largest difference over the largest value. */
function relativeError(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return theirs.reduce((worst, value, i) => Math.max(worst, Math.abs(ours[i]! - value)), 0) / largest;
}

/** Loss and gradients of the same network here and there agree to 1e-4. */
async function agree(
  shapes: Readonly<Record<string, readonly number[]>>,
  build: (t: Record<string, Tensor>) => Tensor,
  program: string,
): Promise<void> {
  const arrays = noiseArrays(shapes);
  const tensors = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
  const loss = build(tensors);
  const names = Object.keys(shapes);
  const found = gradient(loss, Object.values(tensors));
  const outputs = { loss, ...Object.fromEntries(found.map((g, i) => [`gradient of ${names[i]}`, g])) };
  await using session = await createSession(buildModel({ outputs }), { backend: 'node' });
  const feeds = Object.entries(arrays).map(([name, { data }]) => [name, data]);
  const ours = (await session.run(Object.fromEntries(feeds))) as Record<string, Float32Array>;
  const theirs = pytorch(`${program}\ngradients(loss)`, arrays);
  expect(relativeError(ours['loss']!, theirs['loss']!)).toBeLessThan(1e-5);
  for (const name of names) {
    expect(relativeError(ours[`gradient of ${name}`]!, theirs[name]!), name).toBeLessThan(1e-4);
  }
}

describe.skipIf(!installed)('PyTorch agrees with', () => {
  it('a convolutional network with all kinds of convolution, pooling and normalisation', () =>
    agree(
      {
        x: [4, 4, 17, 19],
        y: [4, 6],
        w1: [8, 2, 3, 3],
        b1: [8],
        scale: [8],
        shift: [8],
        w2: [8, 1, 3, 3],
        w3: [12, 8, 3, 3],
        w4: [12, 6, 4, 4],
        b4: [6],
        groupScale: [6],
        groupShift: [6],
        w5: [6 * 4 * 5, 6],
        b5: [6],
      },
      (t) => {
        let x = conv2d(t['x']!, t['w1']!, { padding: 1, groups: 2 });
        x = relu(batchNormalizeTraining(x, t['scale']!, t['shift']!).output);
        x = conv2d(x, t['w2']!, { bias: t['b1']!, groups: 8, padding: 1 });
        x = maxPool2d(x, 3, { strides: 2, padding: 1 });
        x = maxPool2d(relu(conv2d(x, t['w3']!, { padding: 2, dilations: 2 })), 2);
        x = convTranspose2d(x, t['w4']!, { bias: t['b4']!, strides: 2, padding: 1 });
        x = gelu(groupNormalize(x, 3, t['groupScale']!, t['groupShift']!));
        x = avgPool2d(x, 2);
        return crossEntropy(add(matmul(reshape(x, [4, -1]), t['w5']!), t['b5']!), softmax(t['y']!));
      },
      `
x = F.conv2d(t["x"], t["w1"], padding=1, groups=2)
x = F.relu(F.batch_norm(x, None, None, t["scale"], t["shift"], training=True))
x = F.conv2d(x, t["w2"], t["b1"], padding=1, groups=8)
x = F.max_pool2d(x, 3, 2, 1)
x = F.max_pool2d(F.relu(F.conv2d(x, t["w3"], padding=2, dilation=2)), 2)
x = F.conv_transpose2d(x, t["w4"], t["b4"], stride=2, padding=1)
x = F.gelu(F.group_norm(x, 3, t["groupScale"], t["groupShift"]))
x = F.avg_pool2d(x, 2)
loss = F.cross_entropy(x.flatten(1) @ t["w5"] + t["b5"], t["y"].softmax(1))`,
    ));

  it('a transformer layer', () =>
    agree(
      {
        x: [2, 7, 16],
        y: [2, 7, 16],
        q: [16, 16],
        k: [16, 16],
        v: [16, 16],
        scale: [16],
        shift: [16],
        up: [16, 48],
        down: [48, 16],
        upBias: [48],
      },
      (t) => {
        const heads = (x: Tensor): Tensor => transpose(reshape(x, [2, 7, 4, 4]), [0, 2, 1, 3]);
        const normal = layerNormalize(t['x']!, t['scale']!, t['shift']!);
        const [q, k, v] = ['q', 'k', 'v'].map((name) => heads(matmul(normal, mul(t[name]!, 0.3))));
        const attended = reshape(transpose(attention(q!, k!, v!), [0, 2, 1, 3]), [2, 7, 16]);
        const x = add(t['x']!, attended);
        const hidden = gelu(add(matmul(x, mul(t['up']!, 0.3)), t['upBias']!));
        return meanSquaredError(add(x, matmul(hidden, t['down']!)), t['y']!);
      },
      `
normal = F.layer_norm(t["x"], [16], t["scale"], t["shift"])
q, k, v = [(normal @ (t[n] * 0.3)).reshape(2, 7, 4, 4).transpose(1, 2) for n in "qkv"]
x = t["x"] + ((q @ k.transpose(2, 3) / 2).softmax(3) @ v).transpose(1, 2).reshape(2, 7, 16)
loss = F.mse_loss(x + F.gelu(x @ (t["up"] * 0.3) + t["upBias"]) @ t["down"], t["y"])`,
    ));

  it('sampling, resizing and metric losses', () =>
    agree(
      { x: [2, 3, 8, 9], w: [5, 3, 3, 3], grid: [2, 6, 7, 2], positive: [2, 5], negative: [2, 5] },
      (t) => {
        const features = conv2d(t['x']!, t['w']!);
        const grid = mul(tanh(t['grid']!), 1.2);
        const zeros = gridSample(features, grid);
        const border = gridSample(features, grid, { padding: 'border', alignCorners: true });
        const larger = resize(add(zeros, border), [11, 5]);
        const smaller = resize(larger, [22, 10], { mode: 'nearest' });
        const vector = reduceMean(l2Normalize(smaller), { axes: [2, 3] });
        const target = reshape(mul(t['positive']!, 0.5), [2, 5]);
        const metric = tripletMarginLoss(vector, t['positive']!, t['negative']!, { margin: 5 });
        return add(metric, huberLoss(vector, abs(target), { delta: 0.3 }));
      },
      `
features = F.conv2d(t["x"], t["w"])
grid = torch.tanh(t["grid"]) * 1.2
zeros = F.grid_sample(features, grid, align_corners=False)
border = F.grid_sample(features, grid, padding_mode="border", align_corners=True)
larger = F.interpolate(zeros + border, size=(11, 5), mode="bilinear", align_corners=False)
smaller = F.interpolate(larger, scale_factor=2, mode="nearest")
vector = F.normalize(smaller, dim=1).mean((2, 3))
metric = F.triplet_margin_loss(vector, t["positive"], t["negative"], margin=5, eps=0)
loss = metric + F.huber_loss(vector, (t["positive"] * 0.5).abs(), delta=0.3)`,
    ));

  it('six clipped steps of SGD, Adam and AdamW', async () => {
    const optimizers: Record<string, Optimizer> = {
      SGD: sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
      Adam: adam({ weightDecay: 0.01 }),
      AdamW: adamW({ beta1: 0.8 }),
    };
    const arrays = noiseArrays({ weight: [3, 2], bias: [2], x: [8, 3], y: [8, 2] }, 3);
    const expected = pytorch(
      `
makers = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.05, weight_decay=0.01),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.8, 0.999)),
}
results = {}
for name, make in makers.items():
    weight, bias = p = [t[n].detach().clone().requires_grad_() for n in ("weight", "bias")]
    optimizer = make(p)
    for _ in range(6):
        optimizer.zero_grad()
        F.mse_loss(torch.tanh(t["x"] @ weight + bias), t["y"]).backward()
        torch.nn.utils.clip_grad_norm_(p, 0.5)
        optimizer.step()
    results |= {f"{name} weight": weight, f"{name} bias": bias}
answer(results)`,
      arrays,
    );
    for (const [name, optimizer] of Object.entries(optimizers)) {
      const leaf = (key: string) => ({ ...arrays[key]!, trainable: true });
      await using trainer = await createTrainer({
        parameters: { weight: leaf('weight'), bias: leaf('bias') },
        batch: { x: input('x', [8, 3]), y: input('y', [8, 2]) },
        loss: (p, b) => meanSquaredError(tanh(dense(p, b.x)), b.y),
        optimizer,
        clipNorm: 0.5,
      });
      for (let i = 0; i < 6; i++) await trainer.step({ x: arrays['x']!.data, y: arrays['y']!.data }, 0.05);
      const { weight, bias } = trainer.parameters();
      expect(relativeError(weight.data, expected[`${name} weight`]!), name).toBeLessThan(1e-5);
      expect(relativeError(bias.data, expected[`${name} bias`]!), name).toBeLessThan(1e-5);
    }
  });
});
