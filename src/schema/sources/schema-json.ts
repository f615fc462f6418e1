import { murmur3, toHex } from '../../bytes/index.ts';
import type { CqlType, UserType } from '../../types/index.ts';
import {
  type AggregateMetadata,
  type ColumnMask,
  type ColumnMetadata,
  type DroppedColumn,
  defaultTableOptions,
  defineTable,
  type FunctionMetadata,
  type IndexMetadata,
  type KeyspaceMetadata,
  type RoleMetadata,
  type Schema,
  type TableFlag,
  type TableMetadata,
  type TableOptions,
  type TriggerMetadata,
  type ViewDefinition,
} from '../model/index.ts';

/** Changes whenever what follows would be read differently. */
const FORMAT = 2;

type Entries<V> = readonly (readonly [string, V])[];

interface SchemaJson {
  readonly format: number;
  /** `schemaSourceHash` of the schema.cql that this is the parsed form of. */
  readonly source: string;
  readonly version: string;
  readonly keyspaces: readonly KeyspaceJson[];
  readonly roles: readonly RoleJson[];
}

interface KeyspaceJson {
  readonly name: string;
  readonly replication: Entries<string>;
  readonly durableWrites: boolean;
  readonly types: readonly UserType[];
  readonly tables: readonly TableJson[];
  readonly views: readonly TableJson[];
  readonly functions: readonly FunctionMetadata[];
  readonly aggregates: readonly AggregateMetadata[];
}

interface TableJson {
  readonly name: string;
  readonly id: string;
  readonly columns: readonly ColumnJson[];
  readonly dropped: readonly (Omit<DroppedColumn, 'droppedTimeMicros'> & { readonly droppedTimeMicros: string })[];
  readonly flags: readonly TableFlag[];
  readonly options: OptionsJson;
  readonly indexes: readonly (Omit<IndexMetadata, 'options'> & { readonly options: Entries<string> })[];
  readonly triggers: readonly TriggerMetadata[];
  readonly view?: ViewDefinition;
}

interface ColumnJson {
  readonly name: string;
  readonly kind: ColumnMetadata['kind'];
  readonly type: CqlType;
  readonly reversed?: true;
  readonly mask?: MaskJson;
}

interface MaskJson {
  readonly functionKeyspace: string;
  readonly functionName: string;
  /** Argument bytes in hex. */
  readonly arguments: readonly { readonly type: CqlType; readonly bytes: string | null }[];
}

/** Only what differs from the defaults: most tables say little of their own. */
type OptionsJson = Readonly<Record<string, string | number | boolean | null | Entries<string>>>;

interface RoleJson {
  readonly name: string;
  readonly superuser: boolean;
  readonly login: boolean;
  readonly saltedHash: string | null;
  readonly memberOf: readonly string[];
  readonly options: Entries<string>;
  readonly permissions: Entries<readonly string[]>;
}

/** The key under which a schema's JSON form is valid: the hash of the CQL text that it was made from. */
export function schemaSourceHash(cql: string): string {
  const bytes = Buffer.from(cql);
  const hash = new Int32Array(4);
  murmur3(bytes, 0, bytes.length, hash);
  return `${bytes.length.toString(16)}-${toHex(new Uint8Array(hash.buffer))}`;
}

/** The schema as JSON text, to stand beside the schema.cql of that hash: opening then builds no parser. */
export function schemaToJson(schema: Schema, source: string): string {
  const json: SchemaJson = {
    format: FORMAT,
    source,
    version: schema.version,
    keyspaces: [...schema.keyspaces.values()].filter((keyspace) => !keyspace.virtual).map(keyspaceToJson),
    roles: [...schema.roles.values()].map(roleToJson),
  };
  return JSON.stringify(json);
}

/** The schema, or null when the text is of another format or another source: then schema.cql is to be parsed. */
export function schemaFromJson(text: string, source: string): Schema | null {
  let json: SchemaJson;
  try {
    // What is not of this shape has not the format's number or the source's hash.
    json = JSON.parse(text) as SchemaJson;
  } catch {
    return null;
  }
  if (json?.format !== FORMAT || json.source !== source) return null;
  return {
    version: json.version,
    keyspaces: new Map(json.keyspaces.map((keyspace) => [keyspace.name, keyspaceFromJson(keyspace)])),
    roles: new Map(json.roles.map((role) => [role.name, roleFromJson(role)])),
  };
}

function keyspaceToJson(keyspace: KeyspaceMetadata): KeyspaceJson {
  return {
    name: keyspace.name,
    replication: [...keyspace.replication],
    durableWrites: keyspace.durableWrites,
    types: [...keyspace.types.values()],
    tables: [...keyspace.tables.values()].map(tableToJson),
    views: [...keyspace.views.values()].map(tableToJson),
    functions: keyspace.functions,
    aggregates: keyspace.aggregates,
  };
}

function keyspaceFromJson(json: KeyspaceJson): KeyspaceMetadata {
  const tables = (all: readonly TableJson[]): Map<string, TableMetadata> =>
    new Map(all.map((table) => [table.name, tableFromJson(table, json.name)]));
  return {
    name: json.name,
    replication: new Map(json.replication),
    durableWrites: json.durableWrites,
    types: new Map(json.types.map((type) => [type.name, type])),
    tables: tables(json.tables),
    views: tables(json.views),
    functions: json.functions,
    aggregates: json.aggregates,
  };
}

function tableToJson(table: TableMetadata): TableJson {
  return {
    name: table.name,
    id: table.id,
    columns: [...table.partitionKey, ...table.clustering, ...table.statics, ...table.regulars].map(columnToJson),
    dropped: [...table.dropped.values()].map((column) => ({
      ...column,
      droppedTimeMicros: String(column.droppedTimeMicros),
    })),
    flags: [...table.flags],
    options: optionsToJson(table.options),
    indexes: [...table.indexes.values()].map((index) => ({ ...index, options: [...index.options] })),
    triggers: [...table.triggers.values()],
    view: table.view,
  };
}

function tableFromJson(json: TableJson, keyspace: string): TableMetadata {
  return defineTable({
    keyspace,
    name: json.name,
    id: json.id,
    columns: json.columns.map((column) => ({ ...column, mask: column.mask && maskFromJson(column.mask) })),
    dropped: json.dropped.map((column) => ({ ...column, droppedTimeMicros: BigInt(column.droppedTimeMicros) })),
    flags: json.flags,
    options: optionsFromJson(json.options),
    indexes: json.indexes.map((index) => ({ ...index, options: new Map(index.options) })),
    triggers: json.triggers,
    view: json.view,
  });
}

function optionsToJson(options: TableOptions): OptionsJson {
  const json: Record<string, OptionsJson[string]> = {};
  for (const [name, value] of Object.entries(options)) {
    const usual = defaults.get(name);
    if (value instanceof Map) {
      const entries: Entries<string> = [...value];
      if (JSON.stringify(entries) !== JSON.stringify(usual)) json[name] = entries;
    } else if (value !== usual) json[name] = value;
  }
  return json;
}

function optionsFromJson(json: OptionsJson): Partial<TableOptions> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    // What JSON has no number for, a NaN, it writes as null.
    options[name] = Array.isArray(value) ? new Map(value) : (value ?? Number.NaN);
  }
  // Written by optionsToJson from options of this type.
  return options as Partial<TableOptions>;
}

/** Defaults as the JSON has them. */
const defaults: ReadonlyMap<string, unknown> = new Map(
  Object.entries(defaultTableOptions).map(([name, value]) => [name, value instanceof Map ? [...value] : value]),
);

function columnToJson({ name, kind, type, reversed, mask }: ColumnMetadata): ColumnJson {
  return { name, kind, type, reversed: reversed || undefined, mask: mask && maskToJson(mask) };
}

function maskToJson(mask: ColumnMask): MaskJson {
  return {
    ...mask,
    arguments: mask.arguments.map(({ type, bytes }) => ({
      type,
      bytes: bytes === null ? null : Buffer.from(bytes).toString('hex'),
    })),
  };
}

function maskFromJson(mask: MaskJson): ColumnMask {
  return {
    ...mask,
    arguments: mask.arguments.map(({ type, bytes }) => ({
      type,
      bytes: bytes === null ? null : Buffer.from(bytes, 'hex'),
    })),
  };
}

function roleToJson(role: RoleMetadata): RoleJson {
  return {
    ...role,
    memberOf: [...role.memberOf],
    options: [...role.options],
    permissions: [...role.permissions].map(([resource, permissions]) => [resource, [...permissions]]),
  };
}

function roleFromJson(json: RoleJson): RoleMetadata {
  return {
    ...json,
    memberOf: new Set(json.memberOf),
    options: new Map(json.options),
    permissions: new Map(json.permissions.map(([resource, permissions]) => [resource, new Set(permissions)])),
  };
}
