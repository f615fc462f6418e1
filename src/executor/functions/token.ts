import { murmur3Token } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { FunctionFactory } from '../../planner/index.ts';
import { packPartitionKey } from '../access/partition-keys.ts';
import { scalar } from './define-function.ts';

/** `token(key…)` of the statement's table (`TokenFct`, 5.0.8). */
export const tokenFactory: FunctionFactory = {
  keyspace: 'system',
  name: 'token',
  create: (_args, _receiver, table) => {
    if (table === null) {
      throw CqlError.invalidRequest('No receiver table has been specified for function token');
    }
    return scalar({
      name: 'token',
      argumentTypes: table.partitionKeyTypes,
      returnType: 'bigint',
      evaluate: (args) => {
        const values: Uint8Array[] = [];
        for (const value of args) {
          if (value === null) return null;
          values.push(value);
        }
        const { hi, lo } = murmur3Token(packPartitionKey(values));
        const bytes = Buffer.alloc(8);
        bytes.writeInt32BE(hi, 0);
        bytes.writeInt32BE(lo, 4);
        return bytes;
      },
    });
  },
};
