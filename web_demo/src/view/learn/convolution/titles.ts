/** The kinds of a convolution's bias, in words. */

import type { ConvBias } from "../../../learn/convolution";

export const CONV_TITLES: Readonly<Record<ConvBias, string>> = {
  none: "none",
  scalar: "scalar",
  tied: "tied",
  location: "location",
  untied: "untied",
};

export const CONV_WORDS: Readonly<Record<ConvBias, string>> = {
  none: "nothing is added",
  scalar: "one for the whole layer",
  tied: "one for each filter",
  location: "one for each place",
  untied: "one for each place and filter",
};
