/** The parts that a recurrent layer is given as objects of a configuration: its cells, its layers. */

import { serialization } from "@tensorflow/tfjs-core";
import { spoken } from "../../python";

type Kind<T> = abstract new (...given: never[]) => T;

/**
 * The cell or layer that is given: itself, or by its class name and its configuration.
 *
 * @throws Error if tfjs knows no such class, or it is of another kind.
 */
export function made<T extends serialization.Serializable>(
  option: string,
  given: unknown,
  kind: Kind<T>,
): T {
  if (given instanceof kind) {
    return given;
  }
  const { className, config } = given as { className?: string; config?: object };
  const { classNameMap } = serialization.SerializationMap.getMap();
  if (className !== undefined && Object.hasOwn(classNameMap, className)) {
    const [cls, fromConfig] = classNameMap[className] ?? [];
    // Stock wrappers take theirs apart.
    const part = cls && fromConfig?.(cls, { ...config });
    if (part instanceof kind) {
      return part;
    }
  }
  throw new Error(
    `${option}=${spoken(className ?? given)} is none that this layer can run. ` +
      "Use one of keras-tfjs, and call register() before.",
  );
}
