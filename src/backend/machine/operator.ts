import type { Assembler } from './assembler.ts';
import { type ColumnSumsSpecification, emitColumnSums } from './column-sums.ts';
import { type ElementwiseSpecification, emitElementwise } from './elementwise.ts';
import { emitProduct } from './product.ts';
import type { ProductSpecification } from './product-parts.ts';
import { emitRowSums, type RowSumsSpecification } from './row-sums.ts';
import { emitSparseProduct } from './sparse-product.ts';
import { emitThinProduct } from './thin-product.ts';
import { emitTransposition, type TranspositionSpecification } from './transposition.ts';

/** An operator on float32 whose code is written for its shapes. */
export type MachineOperator =
  | ({ readonly kind: 'product' } & ProductSpecification)
  | ({ readonly kind: 'transposition' } & TranspositionSpecification)
  | ({ readonly kind: 'row sums' } & RowSumsSpecification)
  | ({ readonly kind: 'column sums' } & ColumnSumsSpecification)
  | ({ readonly kind: 'elementwise' } & ElementwiseSpecification);

/** A name that no other operator has. */
export function operatorName(operator: MachineOperator): string {
  switch (operator.kind) {
    case 'product': {
      const { rows, columns, depth, secondDepth, transposed, bias, sum, rectified, gated, sparse, rightTransposed } =
        operator;
      const depths = secondDepth > 0 ? `${depth}+${secondDepth}` : depth;
      const biases = { rowBias: bias === 'rows', columnBias: bias === 'columns' };
      const flags = Object.entries({ sparse, transposed, rightTransposed, ...biases, sum, rectified, gated }).filter(
        ([, set]) => set,
      );
      return ['Product', `${rows}x${depths}x${columns}`, ...flags.map(([name]) => name)].join('_');
    }
    case 'transposition':
      return `Transpose_${operator.rows}x${operator.columns}`;
    case 'row sums':
      return `Row${operator.mean ? 'Means' : 'Sums'}_${operator.rows}x${operator.columns}`;
    case 'column sums':
      return `Column${operator.mean ? 'Means' : 'Sums'}_${operator.rows}x${operator.columns}`;
    case 'elementwise':
      return `Elementwise_${operator.operation}_${operator.length}_${operator.single}`;
  }
}

/** Numbers that come out. */
export function resultLength(operator: MachineOperator): number {
  switch (operator.kind) {
    case 'product':
    case 'transposition':
      return operator.rows * operator.columns;
    case 'row sums':
      return operator.rows;
    case 'column sums':
      return operator.columns;
    case 'elementwise':
      return operator.length;
  }
}

/**
 * The parameters of an operator's code: where each of its inputs goes, by number of the parameter. Parameter 0 is the
 * result.
 */
export function inputParameters(operator: MachineOperator): readonly number[] {
  switch (operator.kind) {
    case 'product':
      return [
        ...[1, 2],
        ...(operator.secondDepth > 0 ? [5, 6] : []),
        ...(operator.bias === undefined ? [] : [3]),
        ...(operator.sum || operator.gated ? [4] : []),
      ];
    case 'transposition':
    case 'row sums':
    case 'column sums':
      return [1];
    case 'elementwise':
      return [1, 2];
  }
}

export function emitOperator(assembler: Assembler, operator: MachineOperator): void {
  switch (operator.kind) {
    case 'product':
      if (operator.sparse) emitSparseProduct(assembler, operator);
      else if (operator.rightTransposed) emitThinProduct(assembler, operator);
      else emitProduct(assembler, operator);
      break;
    case 'transposition':
      emitTransposition(assembler, operator);
      break;
    case 'row sums':
      emitRowSums(assembler, operator);
      break;
    case 'column sums':
      emitColumnSums(assembler, operator);
      break;
    case 'elementwise':
      emitElementwise(assembler, operator);
      break;
  }
}
