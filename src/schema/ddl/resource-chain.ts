/** A resource by name, with all that contain it: permissions granted on those hold for it too (`auth/Resources.chain`). */
export interface ResourceChain {
  /** The resource's own name: `data/ks/table`, `functions/ks/f[int]`. */
  readonly name: string;
  /** As messages print it: `<table ks.t>`. */
  readonly text: string;
  /** Names, nearest first, the resource's own at the head. */
  readonly chain: readonly string[];
  /** Of data: the keyspace. */
  readonly keyspace: string | undefined;
}

export const ALL_KEYSPACES: ResourceChain = resource('<all keyspaces>', ['data']);
export const ALL_ROLES: ResourceChain = resource('<all roles>', ['roles']);
export const ALL_FUNCTIONS: ResourceChain = resource('<all functions>', ['functions']);

export function keyspaceData(keyspace: string): ResourceChain {
  return resource(`<keyspace ${keyspace}>`, [`data/${keyspace}`, 'data'], keyspace);
}

export function allTables(keyspace: string): ResourceChain {
  const chain = [`data/${keyspace}/*`, `data/${keyspace}`, 'data'];
  return resource(`<all tables in ${keyspace}>`, chain, keyspace);
}

export function tableData(keyspace: string, table: string): ResourceChain {
  const chain = [`data/${keyspace}/${table}`, `data/${keyspace}/*`, `data/${keyspace}`, 'data'];
  return resource(`<table ${keyspace}.${table}>`, chain, keyspace);
}

export function roleNamed(role: string): ResourceChain {
  return resource(`<role ${role}>`, [`roles/${role}`, 'roles']);
}

export function functionsOf(keyspace: string): ResourceChain {
  return resource(`<all functions in ${keyspace}>`, [`functions/${keyspace}`, 'functions']);
}

/** `argumentTypes` as text: `int, text`. */
export function functionNamed(keyspace: string, name: string, argumentTypes: string): ResourceChain {
  const chain = [`functions/${keyspace}/${name}[${argumentTypes}]`, `functions/${keyspace}`, 'functions'];
  return resource(`<function ${keyspace}.${name}(${argumentTypes})>`, chain);
}

function resource(text: string, chain: readonly string[], keyspace?: string): ResourceChain {
  return { name: chain[0], text, chain, keyspace };
}
