/** Images in another size or of another contrast, as Keras prepares them. */

import type { Tensor, Tensor4D, serialization } from "@tensorflow/tfjs-core";
import {
  add,
  clipByValue,
  div,
  equal,
  max,
  min,
  mul,
  pad,
  reshape,
  round,
  slice,
  sub,
  where,
} from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import { withGradient } from "../../gradient";
import { floats, only, onlyShape } from "../../inputs";
import type { LayerConfig } from "../../options";
import type { Interpolation } from "../../resize";
import { INTERPOLATIONS, inThree, replaced, resizedAlong } from "../../resize";
import type { SpatialConfig } from "../spatial";
import { Spatial } from "../spatial";
import { Twin } from "../twin";

/** What a `CenterCrop` is made of. */
export interface CenterCropConfig extends SpatialConfig {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
}

/** What a `Resizing` is made of. */
export interface ResizingConfig extends CenterCropConfig {
  /** "nearest" if left out here; Keras writes it. */
  readonly interpolation?: Interpolation;
  /** Whether to cut off, at opposite sides, what would be distorted. */
  readonly cropToAspectRatio?: boolean;
  /** Whether to put a margin there instead. */
  readonly padToAspectRatio?: boolean;
  /** Of that margin; 0 if left out. */
  readonly fillValue?: number;
  /** Whether all pixels take part when an image becomes smaller. */
  readonly antialias?: boolean;
  /** The smallest and the largest of the integers that images are of, none if those are of 32 bits. */
  readonly integers?: readonly number[] | null;
}

/** What an `AutoContrast` is made of. */
export interface AutoContrastConfig extends LayerConfig {
  /** Between what numbers lie; [0, 255] if left out. */
  readonly valueRange?: readonly number[];
}

/** A layer that gives images of one size. */
abstract class Sized extends Spatial {
  protected readonly target: readonly [number, number];

  protected constructor(config: CenterCropConfig, stem: string) {
    super(2, config, stem);
    this.target = [this.options.positive("height"), this.options.positive("width")];
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const input = onlyShape(inputShape);
    return input.map((size, axis) => this.target[axis - this.first] ?? size);
  }

  override getConfig(): serialization.ConfigDict {
    const [height, width] = this.target;
    return { ...super.getConfig(), height, width };
  }

  /** The first spatial axis; the other one is next to it. */
  protected get first(): number {
    return this.channelsFirst ? 2 : 1;
  }

  /** Height and width. */
  protected sizes(x: Tensor): [number, number] {
    return x.shape.slice(this.first, this.first + 2) as [number, number];
  }

  /** What height and width would be, were they in proportion to the target: each by the other. */
  protected proportional(x: Tensor): [number, number] {
    const [height, width] = this.sizes(x);
    const [toHeight, toWidth] = this.target;
    return [Math.trunc((width * toHeight) / toWidth), Math.trunc((height * toWidth) / toHeight)];
  }

  /** The middle of an image. */
  protected middle(x: Tensor, sizes: readonly [number, number]): Tensor {
    return sizes.reduce((image: Tensor, size, index) => {
      const axis = this.first + index;
      const start = Math.trunc(((x.shape[axis] ?? 0) - size) / 2);
      const three = inThree(image, axis);
      const cut = slice(three, [0, start, 0], [three.shape[0], size, three.shape[2]]);
      return reshape(cut, replaced(image.shape, axis, size));
    }, x);
  }

  /** The middle that is in proportion to the target. */
  protected inProportion(x: Tensor): Tensor {
    const [height, width] = this.sizes(x);
    const [byWidth, byHeight] = this.proportional(x);
    return this.middle(x, [
      Math.max(Math.min(height, byWidth), 1),
      Math.max(Math.min(width, byHeight), 1),
    ]);
  }

  protected resized(x: Tensor, interpolation: Interpolation, antialias: boolean): Tensor {
    return this.target.reduce(
      (image: Tensor, size, index) =>
        resizedAlong(image, this.first + index, size, interpolation, antialias),
      x,
    );
  }
}

/**
 * Images in another size: the twin of `keras.layers.Resizing`.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same in the
 * height and width that it was given.
 */
export class Resizing extends Sized {
  static get className(): string {
    return "keras>Resizing";
  }

  readonly #own: Required<Omit<ResizingConfig, keyof CenterCropConfig>>;

  constructor(config: ResizingConfig) {
    super(config, "resizing");
    const { options } = this;
    this.#own = {
      ...options.like({
        cropToAspectRatio: false,
        padToAspectRatio: false,
        fillValue: 0,
        antialias: false,
        integers: null,
      }),
      interpolation: options.oneOf("interpolation", INTERPOLATIONS),
    };
  }

  override getConfig(): serialization.ConfigDict {
    const own = this.#own as unknown as serialization.ConfigDict;
    return { ...super.getConfig(), ...own };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const { interpolation, antialias, integers } = this.#own;
    const fitted = this.#own.cropToAspectRatio
      ? this.inProportion(x)
      : this.#own.padToAspectRatio
        ? this.#padded(x)
        : x;
    const y = this.resized(fitted, interpolation, antialias);
    if (!integers) {
      return y;
    }
    const [least, largest] = integers;
    const whole = round(y);
    return least === undefined || largest === undefined
      ? whole
      : clipByValue(whole, least, largest);
  }

  /** With margins along one axis, both of the same width: an odd pixel is left out. */
  #padded(x: Tensor): Tensor {
    const sizes = this.sizes(x);
    const margins = this.proportional(x).map((size, index) =>
      Math.trunc(Math.max(size - (sizes[index] ?? 0), 0) / 2),
    );
    const index = margins.findIndex((margin) => margin > 0);
    if (index < 0) {
      return x;
    }
    const axis = this.first + index;
    const margin = margins[index] ?? 0;
    const wider = pad(
      inThree(x, axis),
      [
        [0, 0],
        [margin, margin],
        [0, 0],
      ],
      this.#own.fillValue,
    );
    return reshape(wider, replaced(x.shape, axis, (x.shape[axis] ?? 0) + 2 * margin));
  }
}

/**
 * The middle of images; of smaller ones as much as fits, enlarged: the twin of
 * `keras.layers.CenterCrop`. Stock tfjs samples elsewhere, and changes the shape of its input.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same in the
 * height and width that it was given.
 */
export class CenterCrop extends Sized {
  static get className(): string {
    return "keras>CenterCrop";
  }

  constructor(config: CenterCropConfig) {
    super(config, "center_crop");
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const sizes = this.sizes(x);
    return this.target.every((size, index) => size <= (sizes[index] ?? 0))
      ? this.middle(x, this.target)
      : this.resized(this.inProportion(x), "bilinear", false);
  }
}

/**
 * Images stretched over their range: the twin of `keras.layers.AutoContrast`.
 *
 * Input shape: `(batch, height, width, channels)`. Output shape: the same. As in Keras, the smallest
 * and the largest number are those along the second and third axis, also with channels first. It has
 * no gradient, and says so when one is asked for: in Keras, that of a plain image is not a number.
 */
export class AutoContrast extends Twin {
  static get className(): string {
    return "keras>AutoContrast";
  }

  readonly #range: readonly [number, number];

  constructor(config: AutoContrastConfig = {}) {
    super(config, "auto_contrast");
    const [from, to] = config.valueRange ?? [];
    this.#range = [from ?? 0, to ?? 255];
    this.inputSpec = [new InputSpec({ ndim: 4 })];
    this.supportsMasking = false;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), valueRange: [...this.#range] };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    return withGradient(
      floats(only(inputs)),
      (x) => this.#stretched(x as Tensor4D),
      () => {
        throw new Error(
          `Layer '${this.name}': an AutoContrast has no gradient. Put no layer that trains ` +
            "before it, or freeze those.",
        );
      },
    );
  }

  #stretched(images: Tensor4D): Tensor {
    const [from, to] = this.#range;
    const plain = from === 0 && to === 255;
    const x = plain ? images : mul(div(sub(images, from), to - from), 255);
    const low = min(x, [1, 2], true);
    const high = max(x, [1, 2], true);
    const scale = div(255, sub(high, low));
    const y = clipByValue(add(mul(x, scale), mul(mul(low, -1), scale)), 0, 255);
    return where(equal(low, high), images, plain ? y : add(mul(div(y, 255), to - from), from));
  }
}
