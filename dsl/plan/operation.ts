import type { EvalNode, FieldNode, RowsNode, TableNode, TrainNode, ValueNode } from './plan.ts';

type Operation =
	| Pick<ValueNode, 'kind' | 'body'>
	| Pick<RowsNode, 'kind' | 'clauses'>
	| Pick<FieldNode, 'kind' | 'body'>
	| Pick<EvalNode, 'kind' | 'fields'>
	| Pick<TableNode, 'kind' | 'by' | 'columns'>
	| Pick<TrainNode, 'kind' | 'settings'>;

/** The part of a node that says what it computes: not its name, not its place. */
export function operationOf(node: Operation): unknown {
	switch (node.kind) {
		case 'value':
			return ['value', node.body];
		case 'rows':
			return ['rows', node.clauses];
		case 'field':
			return ['field', node.body];
		case 'eval':
			return [
				'eval',
				node.fields.map((id) => [id.slice(id.lastIndexOf('.') + 1), { op: 'input', name: id }]),
			];
		case 'table':
			return ['table', node.by, node.columns.map(({ name, body }) => ({ name, body }))];
		case 'train':
			return ['train', node.settings];
	}
}
