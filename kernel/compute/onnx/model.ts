import { ProtobufWriter } from './protobuf.ts';

/** ONNX's numbers for element types. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
	readonly op: string;
	readonly domain: string;
	inputs: string[];
	outputs: string[];
	readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface TensorType {
	readonly name: string;
	readonly type: ElementType;
	readonly shape: readonly number[];
}

export interface Initializer extends TensorType {
	readonly data: ArrayBufferView;
}

export interface OnnxGraph {
	readonly nodes: readonly OnnxNode[];
	readonly initializers: readonly Initializer[];
	readonly inputs: readonly TensorType[];
	readonly outputs: readonly TensorType[];
}

const IR_VERSION = 9;
/** ONNX's own operators, and ONNX Runtime's (fused matrix products and the like). */
const OPERATOR_SETS = [
	{ domain: '', version: 20 },
	{ domain: 'com.microsoft', version: 1 },
];

/** The graph as a serialised ONNX ModelProto (onnx/onnx.proto names the field numbers). */
export function encodeModel(graph: OnnxGraph): Uint8Array {
	const model = new ProtobufWriter().int(1, IR_VERSION);
	for (const { domain, version } of OPERATOR_SETS)
		model.message(8, (set) => set.text(1, domain).int(2, version));
	return model.message(7, (inner) => writeGraph(inner, graph)).finish();
}

function writeGraph(out: ProtobufWriter, graph: OnnxGraph): void {
	for (const node of graph.nodes) out.message(1, (inner) => writeNode(inner, node));
	out.text(2, 'assay');
	for (const constant of graph.initializers) out.message(5, (inner) => writeTensor(inner, constant));
	for (const input of graph.inputs) out.message(11, (inner) => writeType(inner, input));
	for (const output of graph.outputs) out.message(12, (inner) => writeType(inner, output));
}

function writeNode(out: ProtobufWriter, node: OnnxNode): void {
	for (const input of node.inputs) out.text(1, input);
	for (const output of node.outputs) out.text(2, output);
	out.text(3, node.outputs[0] ?? '').text(4, node.op);
	for (const [name, value] of Object.entries(node.attributes))
		out.message(5, (inner) => writeAttribute(inner, name, value));
	if (node.domain) out.text(7, node.domain);
}

function writeAttribute(out: ProtobufWriter, name: string, value: Attribute): void {
	out.text(1, name);
	if (typeof value === 'number') out.int(3, value).int(20, 2);
	else if (typeof value === 'string') out.text(4, value).int(20, 3);
	else if ('float' in value) out.float(2, value.float).int(20, 1);
	else out.packedInts(8, value).int(20, 7);
}

function writeTensor(out: ProtobufWriter, { name, type, shape, data }: Initializer): void {
	out.packedInts(1, shape).int(2, ELEMENT_TYPES[type]).text(8, name);
	out.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeType(out: ProtobufWriter, { name, type, shape }: TensorType): void {
	out.text(1, name).message(2, (outer) =>
		outer.message(1, (tensor) => {
			tensor.int(1, ELEMENT_TYPES[type]);
			tensor.message(2, (dims) => {
				for (const dim of shape) dims.message(1, (inner) => inner.int(1, dim));
			});
		}),
	);
}
