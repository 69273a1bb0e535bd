/**
 * The classic script keras-tfjs.js: loaded after tf.min.js, it registers all twins.
 *
 * The build joins what is imported from tfjs to the global `tf`; nothing else here knows of it.
 */

import { register } from "./registry";

register();
