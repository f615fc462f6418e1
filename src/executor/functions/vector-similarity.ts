import { float32At } from '../../bytes/index.ts';

export type Similarity = 'cosine' | 'euclidean' | 'dot_product';

/** The elements of a serialized vector<float, n>. */
export function readFloats(bytes: Uint8Array): Float32Array {
  const floats = new Float32Array(bytes.length / 4);
  for (let i = 0; i < floats.length; i++) floats[i] = float32At(bytes, 4 * i);
  return floats;
}

/** As jvector's `VectorSimilarityFunction` scores, in floats: the nearer the larger. */
export function similarity(kind: Similarity, a: Float32Array, b: Float32Array): number {
  switch (kind) {
    case 'cosine': {
      let product = 0;
      let aSquares = 0;
      let bSquares = 0;
      for (let i = 0; i < a.length; i++) {
        product = Math.fround(product + Math.fround(a[i] * b[i]));
        aSquares = Math.fround(aSquares + Math.fround(a[i] * a[i]));
        bSquares = Math.fround(bSquares + Math.fround(b[i] * b[i]));
      }
      const cosine = Math.fround(product / Math.sqrt(aSquares * bSquares));
      return Math.fround((1 + cosine) / 2);
    }
    case 'euclidean': {
      let squares = 0;
      for (let i = 0; i < a.length; i++) {
        const difference = Math.fround(a[i] - b[i]);
        squares = Math.fround(squares + Math.fround(difference * difference));
      }
      return Math.fround(1 / Math.fround(1 + squares));
    }
    case 'dot_product': {
      let product = 0;
      for (let i = 0; i < a.length; i++) product = Math.fround(product + Math.fround(a[i] * b[i]));
      return Math.fround((1 + product) / 2);
    }
  }
}
