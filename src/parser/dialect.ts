/**
 * What a parsed statement uses that Cassandra 5.0.8's grammar does not have. One grammar parses both dialects; in strict
 * mode the first extension is a syntax error, in explore mode each is told. What Cassandra parses and then refuses (ALLOW
 * FILTERING, `!=`, LIKE without an index…) is the planner's business.
 */
import { CqlError, type SourcePosition } from '../errors/index.ts';
import type {
  Assignment,
  ColumnMask,
  CreateViewStatement,
  DeleteTarget,
  Expression,
  ModificationStatement,
  Selection,
  SelectStatement,
  Statement,
} from './ast/index.ts';
import { conjuncts } from './ast/index.ts';

export interface Extension {
  /** In words that follow "Cassandra has no …": `OR`, `HAVING`, `count(DISTINCT …)`. */
  readonly feature: string;
  readonly position: SourcePosition;
  /** What was probably meant, where that is not the extension. */
  readonly suggestion?: string;
}

export function dialectExtensions(statement: Statement): Extension[] {
  const finder = new ExtensionFinder();
  finder.statement(statement);
  return finder.found;
}

/** Strict mode's answer to an extension. */
export function strictRefusal({ feature, position, suggestion }: Extension): CqlError {
  const message = `line ${position.line}:${position.column} Cassandra has no ${feature}`;
  return new CqlError('SyntaxException', message, {
    position,
    suggestion: suggestion ?? 'explore mode (--explore) answers it',
  });
}

/** For a quoted name where a value belongs: strings have single quotes. Undefined for other names. */
export function asString({ text, quoted }: { readonly text: string; readonly quoted?: boolean }): string | undefined {
  return quoted ? `as a string it stands in single quotes: '${text.replaceAll("'", "''")}'` : undefined;
}

class ExtensionFinder {
  readonly found: Extension[] = [];

  statement(statement: Statement): void {
    switch (statement.kind) {
      case 'select':
        this.select(statement);
        return;
      case 'insert':
      case 'update':
      case 'delete':
        this.modification(statement);
        return;
      case 'batch':
        for (const child of statement.statements) this.modification(child);
        return;
      case 'explain':
        this.add('EXPLAIN', statement);
        this.statement(statement.statement);
        return;
      case 'showTables':
        this.add('SHOW TABLES', statement);
        return;
      case 'createView':
        this.view(statement);
        return;
      case 'createTable':
        this.masks(statement.columns);
        return;
      case 'alterTable':
        if (statement.action.kind === 'addColumns') this.masks(statement.action.columns);
        if (statement.action.kind === 'maskColumn') this.masks([statement.action]);
        return;
      case 'createAggregate':
        this.optionalTerm(statement.initialCondition);
        return;
      default:
    }
  }

  private add(feature: string, node: { readonly position: SourcePosition }, suggestion?: string): void {
    this.found.push({ feature, position: node.position, suggestion });
  }

  // ---- Statements ----

  private select(statement: SelectStatement): void {
    this.selection(statement.selection);
    if (statement.from === undefined) this.add('SELECT without FROM', statement);
    this.where(statement.where);
    for (const expression of statement.groupBy) this.selector(expression);
    if (statement.having !== undefined) this.add('HAVING', statement.having);
    for (const { expression, annOf } of statement.orderBy) {
      if (expression.kind !== 'column') this.add('ORDER BY of an expression', expression);
      this.optionalTerm(annOf);
    }
    if (statement.offset !== undefined) this.add('OFFSET', statement.offset);
  }

  private view(statement: CreateViewStatement): void {
    this.selection(statement.selection);
    this.where(statement.where);
  }

  private masks(columns: readonly { readonly mask: ColumnMask | undefined }[]): void {
    for (const { mask } of columns) this.terms(mask?.arguments ?? []);
  }

  private modification(statement: ModificationStatement): void {
    switch (statement.kind) {
      case 'insert':
        if (statement.body.kind === 'insertJson') return;
        if (statement.body.columns === undefined) this.add('INSERT without column names', statement.body);
        this.terms(statement.body.values);
        return;
      case 'update':
        for (const assignment of statement.assignments) this.assignment(assignment);
        this.where(statement.where);
        this.conditions(statement.conditions);
        return;
      case 'delete':
        for (const target of statement.targets) this.deleteTarget(target);
        this.where(statement.where);
        this.conditions(statement.conditions);
    }
  }

  private assignment(assignment: Assignment): void {
    if (assignment.kind === 'assignElement') this.term(assignment.key);
    this.term(assignment.value);
  }

  private deleteTarget(target: DeleteTarget): void {
    if (target.kind === 'deleteElement') this.term(target.key);
  }

  private selection(selection: Selection): void {
    if (selection.kind === 'allColumns') return;
    for (const { expression } of selection.selectors) this.selector(expression);
  }

  // ---- Conditions ----

  private where(where: Expression | undefined): void {
    for (const relation of conjuncts(where)) this.relation(relation);
  }

  private relation(relation: Expression): void {
    switch (relation.kind) {
      case 'comparison':
        if (relation.left.kind === 'tuple') {
          const { right } = relation;
          if (right.kind !== 'tuple' && right.kind !== 'bindMarker') {
            this.add('comparison of a tuple with anything but a tuple', right);
          }
        }
        this.relationLeft(relation.left);
        this.term(relation.right);
        return;
      case 'in':
        if (relation.negated) this.add('NOT IN', relation);
        if (relation.left.kind === 'element' || relation.left.kind === 'token')
          this.add('IN on map entries and tokens', relation);
        this.relationLeft(relation.left);
        if ('kind' in relation.values) return;
        this.terms(relation.values);
        if (relation.left.kind === 'tuple' && !areTuplesOrMarkers(relation.values)) {
          this.add('IN of tuples with anything but tuples', relation);
        }
        return;
      case 'contains':
        if (relation.negated) this.add('NOT CONTAINS', relation);
        this.column(relation.left);
        this.term(relation.right);
        return;
      case 'like':
        if (relation.negated) this.add('NOT LIKE', relation);
        this.column(relation.left);
        this.term(relation.right);
        return;
      case 'isNull':
        if (!relation.negated) this.add('IS NULL', relation);
        this.column(relation.operand);
        return;
      case 'indexExpression':
        this.term(relation.value);
        return;
      default:
        this.refusePredicate(relation);
    }
  }

  private relationLeft(left: Expression): void {
    switch (left.kind) {
      case 'column':
        return;
      case 'element':
        this.column(left.operand);
        this.term(left.key);
        return;
      case 'token':
        if (left.arguments.length === 0) this.add('token() of nothing', left);
        for (const argument of left.arguments) this.column(argument);
        return;
      case 'tuple':
        for (const element of left.elements) this.column(element);
        return;
      default:
        this.add('condition on an expression', left);
    }
  }

  private column(node: Expression): void {
    if (node.kind !== 'column') this.add('condition on an expression', node);
  }

  /** IF: comparisons, IN and CONTAINS on a column, an element or a field. */
  private conditions(conditions: readonly Expression[]): void {
    for (const condition of conditions) {
      switch (condition.kind) {
        case 'comparison':
          this.conditionLeft(condition.left);
          this.term(condition.right);
          break;
        case 'in':
          if (condition.negated) this.add('NOT IN', condition);
          this.conditionLeft(condition.left);
          if (!('kind' in condition.values)) this.terms(condition.values);
          break;
        case 'contains':
          if (condition.negated) this.add('NOT CONTAINS', condition);
          this.column(condition.left);
          this.term(condition.right);
          break;
        case 'like':
          this.add('LIKE in IF', condition);
          break;
        case 'isNull':
          this.add('IS [NOT] NULL in IF', condition);
          break;
        default:
          this.refusePredicate(condition);
      }
    }
  }

  private conditionLeft(left: Expression): void {
    if (left.kind === 'element') {
      this.column(left.operand);
      this.term(left.key);
    } else if (left.kind === 'field') {
      this.column(left.operand);
    } else {
      this.column(left);
    }
  }

  /** A condition that no place of Cassandra's grammar takes. */
  private refusePredicate(node: Expression): void {
    switch (node.kind) {
      case 'between':
        this.add(node.negated ? 'NOT BETWEEN' : 'BETWEEN', node);
        return;
      case 'or':
        this.add('OR', node);
        return;
      case 'not':
        this.add('NOT', node);
        return;
      case 'and':
        this.add('conditions grouped by parentheses', node);
        return;
      case 'comparison':
      case 'in':
      case 'contains':
      case 'like':
      case 'isNull':
      case 'indexExpression':
        this.add('condition as a value', node);
        return;
      default:
        this.add('value as a condition', node);
    }
  }

  // ---- Values ----

  private terms(nodes: readonly Expression[]): void {
    for (const node of nodes) this.term(node);
  }

  private optionalTerm(node: Expression | undefined): void {
    if (node !== undefined) this.term(node);
  }

  /** What stands where Cassandra's grammar has `term`: no columns, and nothing taken out of one. */
  private term(node: Expression): void {
    switch (node.kind) {
      case 'column':
        this.add(`column as a value (here ${node.name.text})`, node, asString(node.name));
        return;
      case 'field':
      case 'element':
      case 'slice':
      case 'cellAttribute':
      case 'countRows':
        this.add('part of a column as a value', node);
        return;
      case 'cast':
        if (node.operand.kind === 'arithmetic' || node.operand.kind === 'negation') {
          this.add('arithmetic in the CAST of a value', node.operand);
        }
        this.term(node.operand);
        return;
      default:
        this.inside(node, (child) => this.term(child));
    }
  }

  /** What stands where Cassandra's grammar has `unaliasedSelector`. */
  private selector(node: Expression): void {
    switch (node.kind) {
      case 'column':
        if (node.name.text === '') this.add('selection of the column with the empty name', node);
        return;
      case 'countRows':
        return;
      case 'cellAttribute':
        if (rootOf(node.operand).kind !== 'column') this.add(`${node.attribute}() of anything but a column`, node);
        this.selector(node.operand);
        return;
      case 'field':
        this.selector(node.operand);
        return;
      case 'element':
        this.selector(node.operand);
        this.term(node.key);
        return;
      case 'slice':
        this.selector(node.operand);
        this.optionalTerm(node.from);
        this.optionalTerm(node.to);
        return;
      default:
        this.inside(node, (child) => this.selector(child));
    }
  }

  /** The parts of a node that terms and selectors share. */
  private inside(node: Expression, visit: (child: Expression) => void): void {
    switch (node.kind) {
      case 'literal':
      case 'bindMarker':
        return;
      case 'list':
      case 'set':
      case 'tuple':
        for (const element of node.elements) visit(element);
        return;
      case 'map':
        for (const { key, value } of node.entries) {
          visit(key);
          visit(value);
        }
        return;
      case 'udt':
        for (const { value } of node.fields) visit(value);
        return;
      case 'call':
        if (node.distinct) this.add('DISTINCT in a function', node);
        for (const argument of node.arguments) visit(argument);
        return;
      case 'token':
        for (const argument of node.arguments) visit(argument);
        return;
      case 'cast':
      case 'typeHint':
      case 'negation':
        visit(node.operand);
        return;
      case 'arithmetic':
        if (node.fromSign) this.add('subtraction written without a space after the sign', node);
        visit(node.left);
        visit(node.right);
        return;
      default:
        this.refusePredicate(node);
    }
  }
}

/** What fields, elements and slices are taken of. */
function rootOf(node: Expression): Expression {
  return node.kind === 'field' || node.kind === 'element' || node.kind === 'slice' ? rootOf(node.operand) : node;
}

function areTuplesOrMarkers(values: readonly Expression[]): boolean {
  return values.every(({ kind }) => kind === 'tuple') || values.every(({ kind }) => kind === 'bindMarker');
}
