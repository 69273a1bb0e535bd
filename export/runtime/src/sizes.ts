/** The product of sizes: how many numbers they hold. Of no sizes, 1. */
export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
