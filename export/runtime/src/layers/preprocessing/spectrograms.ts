/** Spectrograms of signals, as convolutions with cosines and sines. */

import type { Tensor, Tensor2D, serialization } from "@tensorflow/tfjs-core";
import {
  add,
  atan2,
  concat,
  expandDims,
  log,
  matMul,
  max,
  maximum,
  mul,
  onesLike,
  pow,
  reshape,
  reverse,
  slice,
  split,
  sqrt,
  square,
  sub,
  tensor,
  tensor1d,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import { convolve, convolvedSize } from "../../convolve";
import { floats, only, onlyShape, within } from "../../inputs";
import type { LayerConfig } from "../../options";
import { Options } from "../../options";
import type { SpatialConfig } from "../spatial";
import { Spatial } from "../spatial";
import { Twin } from "../twin";

const MODES = ["log", "magnitude", "psd", "real", "imag", "angle", "stft"] as const;
const LEAST = 1e-7;

/** What an `STFTSpectrogram` is made of. */
export interface STFTSpectrogramConfig extends SpatialConfig {
  /** What it gives of each frequency; "log" of its magnitude if left out. */
  readonly mode?: (typeof MODES)[number];
  /** How many samples a frame has; 256 if left out. */
  readonly frameLength?: number;
  /** From one frame to the next. */
  readonly frameStep: number;
  /** Twice the number of frequencies, but for the constant. */
  readonly fftLength: number;
  /** "valid" if left out. */
  readonly padding?: "valid" | "same";
  /** Whether frequencies and channels are axes of their own. */
  readonly expandDims?: boolean;
}

/** What a `MelSpectrogram` is made of; numbers left out are Keras's. */
export interface MelSpectrogramConfig extends LayerConfig {
  readonly fftLength?: number;
  /** From one frame to the next. */
  readonly sequenceStride?: number;
  /** How many samples of a frame the window leaves; `fftLength` of them if left out. */
  readonly sequenceLength?: number;
  /** By name, or all of it; none if left out. */
  readonly window?: "hann" | "hamming" | readonly number[] | null;
  /** In Hertz, as the frequencies are. */
  readonly samplingRate?: number;
  readonly numMelBins?: number;
  readonly minFreq?: number;
  readonly maxFreq?: number;
  /** Whether it gives decibels. */
  readonly powerToDb?: boolean;
  /** How far below the loudest of the batch everything is at least. */
  readonly topDb?: number;
  /** What magnitudes are raised to. */
  readonly magExp?: number;
  readonly minPower?: number;
  readonly refPower?: number;
}

/**
 * What frequencies the frames of a signal have: the twin of `keras.layers.STFTSpectrogram`.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape:
 * `(batch, frames, channels * frequencies)`, `(batch, frames, frequencies, channels)` with
 * `expandDims`, or channels first. Its two weights, cosines and sines in a window, train.
 */
export class STFTSpectrogram extends Spatial {
  static get className(): string {
    return "keras>STFTSpectrogram";
  }

  private readonly mode: (typeof MODES)[number];
  private readonly frameLength: number;
  private readonly frameStep: number;
  private readonly fftLength: number;
  private readonly padding: "valid" | "same";
  private readonly expand: boolean;
  readonly #kernels: LayerVariable[] = [];

  constructor(config: STFTSpectrogramConfig) {
    super(1, config, "stft_spectrogram");
    const { options } = this;
    this.mode = options.oneOf("mode", MODES);
    this.frameLength = options.positive("frameLength", 256);
    this.frameStep = options.positive("frameStep");
    this.fftLength = options.positive("fftLength");
    this.padding = options.oneOf("padding", ["valid", "same"]);
    this.expand = options.bool("expandDims", false);
  }

  get #frequencies(): number {
    return Math.floor(this.fftLength / 2) + 1;
  }

  override build(): void {
    const shape = [this.frameLength, 1, this.#frequencies];
    const parts = this.options.weight("kernel", "glorotUniform");
    for (const [name, other] of [
      ["real_kernel", "imag"],
      ["imag_kernel", "real"],
    ] as const) {
      if (this.mode !== other) {
        this.#kernels.push(this.weight(name, shape, parts));
      }
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, one = null, other = null] = onlyShape(inputShape);
    const [steps, channels] = this.channelsFirst ? [other, one] : [one, other];
    const frames = within(this.name, () =>
      convolvedSize(steps, this.frameLength, this.frameStep, this.padding, 1),
    );
    const frequencies = this.#frequencies * (this.mode === "stft" ? 2 : 1);
    if (this.expand) {
      return this.channelsFirst
        ? [batch, channels, frames, frequencies]
        : [batch, frames, frequencies, channels];
    }
    const both = channels === null ? null : channels * frequencies;
    return this.channelsFirst ? [batch, both, frames] : [batch, frames, both];
  }

  override getConfig(): serialization.ConfigDict {
    const { mode, frameLength, frameStep, fftLength, padding, expand } = this;
    const own = { mode, frameLength, frameStep, fftLength, padding, expandDims: expand };
    return { ...super.getConfig(), ...own };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const given = floats(only(inputs));
    const x = this.channelsFirst ? given : transpose(given, [0, 2, 1]);
    const [batch = 0, channels = 0, steps = 0] = x.shape;
    const moves = { strides: [this.frameStep], padding: this.padding };
    const parts = this.#kernels.map((kernel) =>
      convolve(reshape(x, [batch * channels, steps, 1]), kernel.read(), moves),
    );
    const made = this.#made(parts); // (batch * channels, frames, frequencies)
    const [, frames = 0, frequencies = 0] = made.shape;
    const y = reshape(made, [batch, channels, frames, frequencies]);
    if (this.expand) {
      return this.channelsFirst ? y : transpose(y, [0, 2, 3, 1]);
    }
    return this.channelsFirst
      ? reshape(transpose(y, [0, 1, 3, 2]), [batch, channels * frequencies, frames])
      : reshape(transpose(y, [0, 2, 1, 3]), [batch, frames, channels * frequencies]);
  }

  #made([one, other]: readonly Tensor[]): Tensor {
    if (!one) {
      throw new Error("has no weights. Build it on an input.");
    }
    if (!other) {
      return one; // "real" or "imag"
    }
    if (this.mode === "angle") {
      return atan2(other, one);
    }
    if (this.mode === "stft") {
      return concat([one, other], 2);
    }
    const power = add(square(one), square(other));
    if (this.mode === "psd") {
      const last = this.#frequencies - 1;
      const twice = Array.from({ length: last + 1 }, (_, at) => (at > 0 && at < last ? 2 : 1));
      return mul(power, tensor1d(twice));
    }
    const magnitude = sqrt(maximum(power, LEAST));
    return this.mode === "magnitude" ? magnitude : log(maximum(magnitude, LEAST));
  }
}

type Own = Required<Omit<MelSpectrogramConfig, keyof LayerConfig>>;

/**
 * How loud a signal is at the frequencies of the mel scale: the twin of
 * `keras.layers.MelSpectrogram`.
 *
 * Input shape: `(batch, steps)`. Output shape: `(batch, numMelBins, frames)`.
 */
export class MelSpectrogram extends Twin {
  static get className(): string {
    return "keras>MelSpectrogram";
  }

  readonly #own: Own;
  #kernel?: Float32Array;

  constructor(config: MelSpectrogramConfig = {}) {
    super(config, "mel_spectrogram");
    const options = new Options(this.name, config);
    this.#own = options.like<Own>({
      fftLength: 2048,
      sequenceStride: 512,
      sequenceLength: config.fftLength ?? 2048,
      window: null,
      samplingRate: 16000,
      numMelBins: 128,
      minFreq: 20,
      maxFreq: Math.trunc((config.samplingRate ?? 16000) / 2),
      powerToDb: true,
      topDb: 80,
      magExp: 2,
      minPower: 1e-10,
      refPower: 1,
    });
    this.inputSpec = [new InputSpec({ ndim: 2 })];
    this.supportsMasking = false;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const { fftLength, numMelBins, sequenceStride } = this.#own;
    const [batch = null, steps = null] = onlyShape(inputShape);
    const odd = fftLength % 2;
    const frames = steps === null ? null : Math.floor((steps - odd) / sequenceStride) + 1;
    return [batch, numMelBins, frames];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.#own as unknown as serialization.ConfigDict) };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const { fftLength, sequenceStride, magExp, numMelBins } = this.#own;
    const x = reflected(floats(only(inputs)) as Tensor2D, Math.floor(fftLength / 2));
    this.#kernel ??= this.#waves();
    const kernel = tensor(this.#kernel, [fftLength, 1, this.#kernel.length / fftLength]);
    const waves = convolve(expandDims(x, 2), kernel, { strides: [sequenceStride] });
    const [cosines, sines] = split(waves, 2, 2) as [Tensor, Tensor];
    const power = pow(add(square(cosines), square(sines)), magExp / 2);
    const [batch = 0, frames = 0, frequencies = 0] = power.shape;
    const mel = matMul(reshape(power, [-1, frequencies]), tensor2d(this.#scale(frequencies)));
    const y = reshape(mel, [batch, frames, numMelBins]);
    return transpose(this.#own.powerToDb ? this.#decibels(y) : y, [0, 2, 1]);
  }

  #decibels(power: Tensor): Tensor {
    const { minPower, refPower, topDb } = this.#own;
    const reference = 10 * Math.log10(Math.max(Math.abs(refPower), minPower));
    const all = sub(mul(log(maximum(power, minPower)), 10 / Math.LN10), reference);
    // tfjs's gradient of `maximum` knows no two shapes.
    return maximum(all, mul(onesLike(all), sub(max(all), topDb)));
  }

  /** Cosines, and sines behind them, in the window: `(fftLength, 2 * frequencies)`. */
  #waves(): Float32Array {
    const { fftLength, sequenceLength, window } = this.#own;
    const frequencies = Math.floor(fftLength / 2) + 1;
    const before = Math.floor((fftLength - sequenceLength) / 2);
    const mean = window === "hamming" ? 0.54 : 0.5;
    const turn = (part: number): number => 2 * Math.PI * part;
    const waves = new Float32Array(fftLength * 2 * frequencies);
    for (let step = 0; step < sequenceLength; step++) {
      const weight =
        typeof window === "string"
          ? mean - (1 - mean) * Math.cos(turn(step / sequenceLength))
          : (window?.[step] ?? 1);
      const at = before + step;
      for (let frequency = 0; frequency < frequencies; frequency++) {
        const angle = turn(((at * frequency) % fftLength) / fftLength);
        const place = at * 2 * frequencies + frequency;
        waves[place] = weight * Math.cos(angle);
        waves[place + frequencies] = weight * Math.sin(angle);
      }
    }
    return waves;
  }

  /** How much of each frequency is in each bin, none of the constant: `(frequencies, bins)`. */
  #scale(frequencies: number): number[][] {
    const { samplingRate, numMelBins, minFreq, maxFreq } = this.#own;
    const [lowest, highest] = [mel(minFreq), mel(maxFreq)];
    const width = (highest - lowest) / (numMelBins + 1);
    return Array.from({ length: frequencies }, (_, frequency) => {
      const place = mel(((samplingRate / 2) * frequency) / (frequencies - 1));
      return Array.from({ length: numMelBins }, (_, bin) => {
        const rise = (place - lowest) / width - bin;
        return frequency === 0 ? 0 : Math.max(0, Math.min(rise, 2 - rise));
      });
    });
  }
}

/** On the scale of Stevens, Volkmann and Newman, as HTK has it. */
function mel(hertz: number): number {
  return 1127 * Math.log(1 + hertz / 700);
}

/** Signals with so many samples more at both ends, turned round. */
function reflected(x: Tensor2D, more: number): Tensor {
  const [batch, steps] = x.shape;
  if (more >= steps) {
    throw new Error(
      `its input has ${steps} samples, and half a frame has ${more}. Use longer signals.`,
    );
  }
  if (more === 0) {
    return x;
  }
  const before = reverse(slice(x, [0, 1], [batch, more]), 1);
  const behind = reverse(slice(x, [0, steps - 1 - more], [batch, more]), 1);
  return concat([before, x, behind], 1);
}
