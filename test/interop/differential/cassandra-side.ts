import { createRequire } from 'node:module';
import { Client, types } from 'cassandra-driver';
import { type Answer, rowText, type Side, type Statement } from './answer.ts';

const ERROR_KINDS: Readonly<Record<number, string>> = {
  0: 'ServerError',
  10: 'ProtocolException',
  4352: 'WriteTimeout',
  4608: 'ReadTimeout',
  4864: 'ReadFailure',
  5120: 'FunctionFailure',
  5376: 'WriteFailure',
  8192: 'SyntaxException',
  8448: 'Unauthorized',
  8704: 'InvalidRequest',
  8960: 'ConfigurationException',
  9216: 'AlreadyExists',
};

/** The driver's decoder, which hands out cells as they came while statements of the test run. */
const decoder: { decode(bytes: Buffer | null, type: unknown): unknown } = createRequire(import.meta.url)(
  'cassandra-driver/lib/encoder',
).prototype;
const decode = decoder.decode;
let cells: (Buffer | null)[] | null = null;
decoder.decode = function (bytes, type) {
  if (cells === null) return decode.call(this, bytes, type);
  // Rows of the driver have names once; cells are kept here in their order.
  cells.push(bytes === null || bytes === undefined ? null : Buffer.from(bytes));
  return null;
};

/** A live Cassandra at HOST:PORT. */
export async function cassandraSide(contactPoint: string): Promise<Side> {
  const client = new Client({
    contactPoints: [contactPoint],
    localDataCenter: 'datacenter1',
    isMetadataSyncEnabled: false,
    protocolOptions: { maxVersion: types.protocolVersion.v4 },
    socketOptions: { readTimeout: 60_000 },
    policies: { timestampGeneration: null as never },
    queryOptions: { fetchSize: 0, prepare: false },
  });
  await client.connect();
  return {
    async run({ cql, values, pageSize }: Statement): Promise<Answer> {
      const found: (Buffer | null)[] = [];
      cells = /^(CREATE|DROP|ALTER|TRUNCATE)/.test(cql) ? null : found;
      try {
        const parameters = values.map((value) =>
          value === undefined ? types.unset : value === null ? null : Buffer.from(value),
        );
        const options = { prepare: false, fetchSize: pageSize ?? 0 };
        const result = await client.execute(cql, parameters, options);
        const columns = result.columns ?? [];
        let rowCount = (result.rows ?? []).length;
        let { pageState } = result;
        while (pageState !== null && pageState !== undefined) {
          const page = await client.execute(cql, parameters, { ...options, pageState });
          rowCount += page.rows.length;
          ({ pageState } = page);
        }
        return {
          kind: 'rows',
          columns: columns.map((column) => `${column.name} ${typeText(column.type)}`),
          rows: Array.from({ length: rowCount }, (_, row) =>
            rowText(found.slice(row * columns.length, (row + 1) * columns.length)),
          ),
          warnings: result.info.warnings ?? [],
        };
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') throw error;
        return { kind: 'error', error: ERROR_KINDS[error.code] ?? String(error.code), message: error.message };
      } finally {
        cells = null;
      }
    },
    close: () => client.shutdown(),
  };
}

interface DriverType {
  readonly code: number;
  readonly info?: unknown;
}

const NATIVE_NAMES = new Map(Object.entries(types.dataTypes).map(([name, code]) => [Number(code), name]));

/** As the protocol has types: frozen is not told. */
function typeText(type: DriverType): string {
  const { code } = type;
  // What `info` holds follows from the code.
  const info = type.info as never;
  switch (code) {
    case types.dataTypes.list:
      return `list<${typeText(info)}>`;
    case types.dataTypes.set:
      return `set<${typeText(info)}>`;
    case types.dataTypes.map:
      return `map<${(info as DriverType[]).map(typeText).join(', ')}>`;
    case types.dataTypes.tuple:
      return `tuple<${(info as DriverType[]).map(typeText).join(', ')}>`;
    case types.dataTypes.udt:
      return (info as { name: string }).name;
    case types.dataTypes.custom:
      return customText(type);
    case types.dataTypes.varchar:
    case types.dataTypes.text:
      return 'text';
    default:
      return NATIVE_NAMES.get(code) ?? String(code);
  }
}

function customText({ info }: DriverType): string {
  if (Array.isArray(info)) return `vector<${typeText(info[0])}, ${info[1]}>`;
  const name = String(info).replaceAll('org.apache.cassandra.db.marshal.', '');
  if (name === 'DurationType') return 'duration';
  if (name === 'EmptyType' || name === 'empty') return 'empty';
  const vector = /^VectorType\(\s*FloatType\s*,\s*(\d+)\)$/.exec(name);
  return vector === null ? name : `vector<float, ${vector[1]}>`;
}
