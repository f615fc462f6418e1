import { hashMapOrder } from '../java-order.ts';
import type { DdlContext } from './context.ts';
import { parseJavaInt } from './properties.ts';
import { invalid, misconfigured } from './refusal.ts';

const PACKAGE = 'org.apache.cassandra.locator.';
const FACTOR = 'replication_factor';
const STRATEGIES = ['SimpleStrategy', 'NetworkTopologyStrategy', 'LocalStrategy'].map((name) => PACKAGE + name);
const [SIMPLE, NETWORK_TOPOLOGY, LOCAL] = STRATEGIES;

/** What a factor for every data center means when any may be named. */
const DEFAULT_DATACENTERS: ReadonlyMap<string, number> = new Map([['datacenter1', 1]]);

/**
 * The replication that CREATE or ALTER KEYSPACE asks for (`ReplicationParams.fromMapWithDefaults`, 5.0.8): the class by
 * its whole name, factors spread over the data centers; `previous` are the options before ALTER.
 */
export function readReplication(
  given: ReadonlyMap<string, string>,
  previous: ReadonlyMap<string, string>,
  context: DdlContext,
): ReadonlyMap<string, string> {
  const className = given.get('class') ?? '';
  const strategy = className.includes('.') ? className : PACKAGE + className;
  if (context.trusted) return new Map(given).set('class', strategy);
  checkStrategy(strategy);
  const options = new Map(given);
  options.delete('class');
  if (strategy === SIMPLE && !options.has(FACTOR)) options.set(FACTOR, previous.get(FACTOR) ?? '1');
  if (strategy === NETWORK_TOPOLOGY) spreadFactor(options, previous, context);
  return new Map([['class', strategy], ...options]);
}

/** `AbstractReplicationStrategy.validateReplicationStrategy`. Returns client warnings. */
export function checkReplication(
  keyspace: string,
  replication: ReadonlyMap<string, string>,
  context: DdlContext,
): string[] {
  if (context.trusted) return [];
  const strategy = replication.get('class') ?? '';
  if (strategy === LOCAL) {
    throw invalid('Unable to use given strategy class: LocalStrategy is reserved for internal use.');
  }
  const names = hashMapOrder([...replication.keys()].filter((name) => name !== 'class'));
  if (strategy === SIMPLE) return checkSimple(keyspace, replication, names, context);
  return checkNetworkTopology(keyspace, replication, names, context);
}

/** Copies of the data over all data centers. */
export function totalReplicas(replication: ReadonlyMap<string, string>): number {
  return [...replication].reduce((sum, [name, value]) => (name === 'class' ? sum : sum + Number(value)), 0);
}

function checkStrategy(strategy: string): void {
  if (STRATEGIES.includes(strategy)) return;
  if (strategy === `${PACKAGE}OldNetworkTopologyStrategy`) {
    throw misconfigured(
      'The support for the OldNetworkTopologyStrategy has been removed in C* version 4.0. ' +
        'The keyspace strategy should be switch to NetworkTopologyStrategy',
    );
  }
  if (strategy.startsWith('java.lang.')) {
    throw misconfigured(
      `Specified replication strategy class (${strategy}) is not derived from AbstractReplicationStrategy`,
    );
  }
  throw misconfigured(`Unable to find replication strategy class '${strategy}'`);
}

/** `NetworkTopologyStrategy.prepareOptions`: one factor stands for every data center that has none of its own. */
function spreadFactor(options: Map<string, string>, previous: ReadonlyMap<string, string>, context: DdlContext): void {
  if (options.size === 0) options.set(FACTOR, previous.get(FACTOR) ?? '1');
  let factor = options.get(FACTOR);
  options.delete(FACTOR);
  if (factor === undefined && options.size === 0) factor = previous.get(FACTOR);
  else if (factor !== undefined) {
    for (const [name, value] of previous) {
      if (name !== FACTOR && name !== 'class' && !options.has(name)) options.set(name, value);
    }
  }
  // A factor that is no number is dropped here without a word; the lack of data centers is then what is refused.
  if (factor !== undefined && parseJavaInt(factor) !== undefined && Number(factor) >= 0) {
    for (const datacenter of (context.settings.datacenters ?? DEFAULT_DATACENTERS).keys()) {
      if (!options.has(datacenter)) options.set(datacenter, String(Number(factor)));
    }
  }
  for (const [name, value] of options) if (value === '0') options.delete(name);
}

function checkSimple(
  keyspace: string,
  replication: ReadonlyMap<string, string>,
  names: readonly string[],
  context: DdlContext,
): string[] {
  const factor = checkFactor(replication.get(FACTOR) ?? '');
  const stranger = names.find((name) => name !== FACTOR);
  if (stranger !== undefined) throw unrecognized(stranger, 'SimpleStrategy', keyspace);
  const { datacenters } = context.settings;
  if (datacenters === null) return [];
  const nodes = [...datacenters.values()].reduce((sum, count) => sum + count, 0);
  return factor > nodes ? [higherThanNodes(factor, keyspace, nodes)] : [];
}

function checkNetworkTopology(
  keyspace: string,
  replication: ReadonlyMap<string, string>,
  names: readonly string[],
  context: DdlContext,
): string[] {
  const factors = new Map(names.map((name) => [name, checkFactor(replication.get(name) ?? '')]));
  if (names.length === 0) throw misconfigured('Configuration for at least one datacenter must be present');
  const { datacenters } = context.settings;
  if (datacenters === null) return [];
  const stranger = names.find((name) => !datacenters.has(name));
  if (stranger !== undefined) throw unrecognized(stranger, 'NetworkTopologyStrategy', keyspace);
  const warnings: string[] = [];
  for (const [datacenter, factor] of factors) {
    const nodes = datacenters.get(datacenter) ?? 0;
    if (factor > nodes) warnings.push(`${higherThanNodes(factor, keyspace, nodes)} for datacenter ${datacenter}`);
  }
  return warnings;
}

/** `ReplicationFactor.fromString` */
function checkFactor(text: string): number {
  const [replicas, transient] = text.split('/');
  for (const part of transient === undefined ? [replicas] : [replicas, transient]) {
    if (parseJavaInt(part) === undefined) throw misconfigured(`For input string: "${part}"`);
  }
  if (transient !== undefined && Number(transient) !== 0) {
    throw misconfigured('Transient replication is not enabled on this node');
  }
  const factor = Number(replicas);
  if (factor < 0) throw misconfigured(`Replication factor must be non-negative, found ${factor}`);
  return factor;
}

function unrecognized(option: string, strategy: string, keyspace: string): Error {
  return misconfigured(`Unrecognized strategy option {${option}} passed to ${strategy} for keyspace ${keyspace}`);
}

function higherThanNodes(factor: number, keyspace: string, nodes: number): string {
  return `Your replication factor ${factor} for keyspace ${keyspace} is higher than the number of nodes ${nodes}`;
}
