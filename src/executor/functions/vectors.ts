import { CqlError } from '../../errors/index.ts';
import type { FunctionFactory } from '../../planner/index.ts';
import { scalar } from './define-function.ts';
import { writeNumber } from './numbers.ts';
import { factory, floatVector, sameAs } from './parameters.ts';
import { readFloats, type Similarity, similarity } from './vector-similarity.ts';

/** similarity_cosine, similarity_euclidean, similarity_dot_product (`VectorFcts`, 5.0.8). */
export function vectorFactories(): FunctionFactory[] {
  return [
    similarityFactory('similarity_cosine', 'cosine', false),
    similarityFactory('similarity_euclidean', 'euclidean', true),
    similarityFactory('similarity_dot_product', 'dot_product', true),
  ];
}

function similarityFactory(name: string, kind: Similarity, allowsZero: boolean): FunctionFactory {
  const parameters = [sameAs(1, false, floatVector), sameAs(0, false, floatVector)];
  return factory(name, parameters, ([left, right]) => {
    if (left.kind !== 'vector' || right.kind !== 'vector' || left.dimensions !== right.dimensions) {
      throw CqlError.invalidRequest('All arguments must have the same vector dimensions');
    }
    return scalar({
      name,
      argumentTypes: [left, right],
      returnType: 'float',
      evaluate: ([a, b]) => {
        if (a === null || b === null) return null;
        const x = readFloats(a);
        const y = readFloats(b);
        if (!allowsZero && (isZero(x) || isZero(y))) {
          throw CqlError.invalidRequest(`Function system.${name} doesn't support all-zero vectors.`);
        }
        return writeNumber('float', similarity(kind, x, y));
      },
    });
  });
}

function isZero(vector: Float32Array): boolean {
  return vector.every((element) => element === 0);
}
