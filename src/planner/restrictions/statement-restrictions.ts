import { CqlError } from '../../errors/index.ts';
import { conjuncts, type Expression } from '../../parser/ast/index.ts';
import {
  type ColumnMetadata,
  isCompactTable,
  isStaticCompactTable,
  type TableMetadata,
} from '../../schema/model/index.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { predicateText } from '../expressions/expression-text.ts';
import { checkAnnRestrictions } from './ann-restrictions.ts';
import { addClusteringRestriction, clusteringNeedsFiltering } from './clustering-restrictions.ts';
import { type IndexGroup, indexesOf, indexGroups, isSupported, type TableIndex } from './indexes.ts';
import { type Relation, relationOf } from './relation.ts';
import { restrictionOf } from './restrict-relation.ts';
import type { AnnRestriction, Restriction, TokenRestriction } from './restriction.ts';
import { RestrictionSet } from './restriction-set.ts';
import type { StatementType } from './statement-type.ts';
import { mergeTokenRestrictions } from './token-relation.ts';

const NEEDS_FILTERING =
  'Cannot execute this query as it might involve data filtering and thus may have unpredictable performance. ' +
  'If you want to execute this query despite the performance unpredictability, use ALLOW FILTERING';

/** The refusal of a SELECT without ALLOW FILTERING, and what it lacks to do without. */
export function needsFiltering(table: TableMetadata, partitionKey: RestrictionSet): CqlError {
  const missing = table.partitionKey.filter((column) => partitionKey.of(column) === undefined);
  if (missing.length === 0) return CqlError.invalidRequest(NEEDS_FILTERING);
  const suggestion = `within one partition it is not needed: restrict ${names(missing)} as well`;
  return CqlError.invalidRequest(NEEDS_FILTERING, { suggestion });
}

/** A WHERE clause, checked: what it restricts and how its rows are found (`restrictions/StatementRestrictions`, 5.0.8). */
export interface StatementRestrictions {
  readonly table: TableMetadata;
  readonly partitionKey: RestrictionSet;
  readonly token: TokenRestriction | null;
  readonly clustering: RestrictionSet;
  /** Of static and regular columns. */
  readonly other: RestrictionSet;
  /** A range of partitions is read, not partitions by key. */
  readonly isKeyRange: boolean;
  readonly usesIndex: boolean;
  /** The key's restrictions are tested on rows. */
  readonly filtersPartitionKey: boolean;
  /** Clustering restrictions are tested on rows where an index answers, or where slices cannot stand for them. */
  readonly filtersClustering: boolean;
  readonly needsFiltering: boolean;
  /** explore: what Cassandra does not filter by is filtered by. */
  readonly tolerant: boolean;
  /** explore: conjuncts that Cassandra has no relation for. */
  readonly conditions: readonly Expression[];
  /** Partitions that have only static values count as a row. */
  readonly staticOnlyRows: boolean;
}

export interface RestrictionOptions {
  readonly type: StatementType;
  readonly table: TableMetadata;
  readonly where: Expression | undefined;
  readonly ann: AnnRestriction | null;
  readonly selectsOnlyStatics: boolean;
  readonly allowFiltering: boolean;
  /** explore: what does not fit Cassandra's relations becomes a condition on rows. */
  readonly tolerant: boolean;
}

/** Checks a WHERE clause, in the order in which Cassandra does. */
export function checkRestrictions(options: RestrictionOptions, scope: BindScope): StatementRestrictions {
  const check = new RestrictionCheck(options, scope);
  for (const conjunct of conjuncts(options.where)) placed(conjunct, () => check.add(conjunct));
  return options.where === undefined ? check.finish() : placed(options.where, () => check.finish());
}

/** What is wrong with a condition, or with all of them together, is shown where they stand. */
function placed<T>({ position }: Expression, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof CqlError ? error.at(position) : error;
  }
}

class RestrictionCheck {
  private readonly options: RestrictionOptions;
  private readonly scope: BindScope;
  private readonly indexes: readonly TableIndex[];
  private partitionKey = RestrictionSet.empty;
  private token: TokenRestriction | null = null;
  private clustering = RestrictionSet.empty;
  private other = RestrictionSet.empty;
  private isKeyRange = false;
  private usesIndex = false;
  private readonly conditions: Expression[] = [];

  constructor(options: RestrictionOptions, scope: BindScope) {
    this.options = options;
    this.scope = scope;
    this.indexes = options.type.allowsIndexes ? indexesOf(options.table) : [];
  }

  add(conjunct: Expression): void {
    const relation = relationOf(conjunct);
    if (relation === null) {
      if (!this.options.tolerant) refuseConjunct(conjunct);
      this.conditions.push(conjunct);
      return;
    }
    if (!this.options.tolerant) {
      this.addRelation(relation);
      return;
    }
    try {
      this.addRelation(relation);
    } catch (error) {
      if (!(error instanceof CqlError)) throw error;
      this.conditions.push(conjunct);
    }
  }

  private addRelation(relation: Relation): void {
    const { type, table } = this.options;
    const { operator } = relation;
    if (
      (operator === 'CONTAINS' || operator === 'CONTAINS KEY') &&
      (type.name === 'UPDATE' || type.name === 'DELETE')
    ) {
      throw CqlError.invalidRequest(`Cannot use ${type.name} with ${operator}`);
    }
    const restriction = restrictionOf(relation, table, this.scope);
    if (restriction.on === 'token') {
      this.token =
        this.token === null
          ? restriction.restriction
          : mergeTokenRestrictions(this.token, restriction.restriction, table);
      return;
    }
    if (operator === 'LIKE' && !(type.allowsIndexes && isSupported(restriction.restriction, this.indexes))) {
      throw CqlError.invalidRequest(
        `LIKE restriction is only supported on properly indexed columns. ${relation.text} is not valid.`,
      );
    }
    this.addRestriction(restriction.restriction);
  }

  private addRestriction(restriction: Restriction): void {
    switch (restriction.columns[0].kind) {
      case 'partition_key':
        this.partitionKey = this.partitionKey.with(restriction);
        return;
      case 'clustering': {
        const { allowFiltering } = this.options;
        this.clustering = addClusteringRestriction(this.clustering, restriction, allowFiltering, this.indexes);
        return;
      }
      case 'static':
      case 'regular':
        this.other = this.other.with(restriction);
    }
  }

  finish(): StatementRestrictions {
    const { options } = this;
    if (options.ann !== null) this.other = this.other.with(options.ann);
    const restrictsRegular = this.other.columns.some((column) => column.kind === 'regular');
    const clusteringIndexed = this.hasIndex(this.clustering);
    const hasIndex = clusteringIndexed || this.hasIndex(this.partitionKey) || this.hasIndex(this.other);
    this.checkPartitionKey(hasIndex);
    const filtersPartitionKey = this.usesIndex || this.keyNeedsFiltering();
    this.checkStaticSelection();
    this.checkClustering(hasIndex);
    if (this.isKeyRange && clusteringIndexed) this.usesIndex = true;
    const filtersClustering = this.usesIndex || clusteringNeedsFiltering(this.clustering);
    if (!this.other.isEmpty) this.checkOthers(hasIndex);
    if (this.usesIndex && this.partitionKey.hasIn()) {
      throw CqlError.invalidRequest(
        'Select on indexed columns and with IN clause for the PRIMARY KEY are not supported',
      );
    }
    return {
      table: options.table,
      partitionKey: this.partitionKey,
      token: this.token,
      clustering: this.clustering,
      other: this.other,
      isKeyRange: this.isKeyRange,
      usesIndex: this.usesIndex,
      filtersPartitionKey,
      filtersClustering,
      needsFiltering: this.needsFiltering(filtersPartitionKey, filtersClustering),
      tolerant: options.tolerant,
      conditions: this.conditions,
      staticOnlyRows:
        // Conditions of explore mode test such a row like any other: its clustering and regular columns are null.
        isStaticCompactTable(options.table) || (this.clustering.isEmpty && !restrictsRegular),
    };
  }

  private hasIndex(restrictions: RestrictionSet): boolean {
    return restrictions.some((restriction) => isSupported(restriction, this.indexes));
  }

  private missesKeyColumns(): boolean {
    return this.partitionKey.size < this.options.table.partitionKey.length;
  }

  private keyNeedsFiltering(): boolean {
    if (this.partitionKey.isEmpty) return false;
    return this.missesKeyColumns() || this.partitionKey.hasSlice() || this.partitionKey.hasContains();
  }

  private checkPartitionKey(hasIndex: boolean): void {
    const { type, table, allowFiltering } = this.options;
    if (!type.allowsPartitionKeyRanges) {
      if (this.token !== null) {
        throw CqlError.invalidRequest(`The token function cannot be used in WHERE clauses for ${type.name} statements`);
      }
      if (this.missesKeyColumns()) {
        const missing = table.partitionKey.filter((column) => this.partitionKey.of(column) === undefined);
        throw CqlError.invalidRequest(`Some partition key parts are missing: ${names(missing)}`);
      }
      if (this.partitionKey.hasSlice()) {
        throw CqlError.invalidRequest(
          `Only EQ and IN relation are supported on the partition key (unless you use the token() function) for ${type.name} statements`,
        );
      }
      return;
    }
    const onToken = this.token !== null && (this.keyNeedsFiltering() || this.missesKeyColumns());
    if (onToken || (this.partitionKey.isEmpty && this.token === null)) {
      this.isKeyRange = true;
      if (!onToken) this.usesIndex = hasIndex;
    }
    if (this.keyNeedsFiltering()) {
      if (!allowFiltering && !hasIndex) throw this.filteringRefused();
      this.isKeyRange = true;
      this.usesIndex = hasIndex;
    }
  }

  private checkStaticSelection(): void {
    const { type, selectsOnlyStatics } = this.options;
    if (!selectsOnlyStatics || this.clustering.isEmpty) return;
    if (type.name === 'DELETE' || type.name === 'UPDATE') {
      throw CqlError.invalidRequest(
        `Invalid restrictions on clustering columns since the ${type.name} statement modifies only static columns`,
      );
    }
    if (type.name === 'SELECT' && !this.options.tolerant) {
      throw CqlError.invalidRequest('Cannot restrict clustering columns when selecting only static columns');
    }
  }

  private checkClustering(hasIndex: boolean): void {
    const { type, table, allowFiltering, selectsOnlyStatics } = this.options;
    if (!type.allowsClusteringSlices && this.clustering.hasSlice()) {
      throw CqlError.invalidRequest(
        `Slice restrictions are not supported on the clustering columns in ${type.name} statements`,
      );
    }
    if (!type.allowsClusteringSlices && (!isCompactTable(table) || this.clustering.isEmpty)) {
      if (!selectsOnlyStatics && this.clustering.size !== table.clustering.length) {
        const missing = table.clustering.filter((column) => this.clustering.of(column) === undefined);
        throw CqlError.invalidRequest(`Some clustering keys are missing: ${names(missing)}`);
      }
      return;
    }
    if (this.clustering.hasContains() && !hasIndex && !allowFiltering) {
      throw CqlError.invalidRequest(
        'Clustering columns can only be restricted with CONTAINS with a secondary index or filtering',
      );
    }
    if (!clusteringNeedsFiltering(this.clustering)) return;
    if (hasIndex) this.usesIndex = true;
    else if (!allowFiltering) this.checkPrecedingColumns();
  }

  private checkPrecedingColumns(): void {
    this.clustering.columns.forEach((restricted, i) => {
      const preceding = this.options.table.clustering[i];
      if (preceding === restricted) return;
      throw CqlError.invalidRequest(
        `PRIMARY KEY column "${restricted.name}" cannot be restricted as preceding column "${preceding.name}" is not restricted`,
      );
    });
  }

  private checkOthers(hasIndex: boolean): void {
    const { type, allowFiltering } = this.options;
    if (!type.allowsOtherColumns) {
      throw CqlError.invalidRequest(`Non PRIMARY KEY columns found in where clause: ${names(this.other.columns)} `);
    }
    if (!this.options.tolerant) {
      checkAnnRestrictions(this.other, this.clustering, this.indexes, {
        keyNeedsFiltering: this.keyNeedsFiltering(),
        missesKeyColumns: this.missesKeyColumns(),
        clusteringNeedsFiltering: clusteringNeedsFiltering(this.clustering),
      });
    }
    if (hasIndex) this.usesIndex = true;
    else if (!allowFiltering) throw this.filteringRefused();
  }

  private filteringRefused(): CqlError {
    return needsFiltering(this.options.table, this.partitionKey);
  }

  /** No group of indexes answers all that is tested on rows (`StatementRestrictions.needFiltering`). */
  private needsFiltering(filtersPartitionKey: boolean, filtersClustering: boolean): boolean {
    const sets = [this.other];
    if (filtersPartitionKey) sets.push(this.partitionKey);
    if (filtersClustering) sets.push(this.clustering);
    const filtered = sets.flatMap((set) => [...set]);
    if (filtered.length === 0) return !this.clustering.isEmpty;
    const answers = (group: IndexGroup): boolean => filtered.every((restriction) => isSupported(restriction, group));
    return !indexGroups(this.indexes).some(answers);
  }
}

function refuseConjunct(conjunct: Expression): never {
  if (conjunct.kind === 'isNull') {
    throw CqlError.invalidRequest(`Unsupported restriction: ${predicateText(conjunct)}`, conjunct);
  }
  if (conjunct.kind === 'indexExpression') {
    throw CqlError.invalidRequest(`Custom index expressions are not run yet: ${predicateText(conjunct)}`, conjunct);
  }
  throw CqlError.invalidRequest('Cassandra has no such condition in WHERE', conjunct);
}

function names(columns: readonly ColumnMetadata[]): string {
  return columns.map((column) => column.name).join(', ');
}
