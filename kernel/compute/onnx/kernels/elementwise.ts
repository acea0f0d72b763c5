import { backend_util } from '@tensorflow/tfjs';
import type { Elementwise, GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { equal, type Layout, plain, sizeOf } from '../layout.ts';
import { ELEMENT_TYPES } from '../model.ts';
import type { Info } from '../value.ts';

type Name = string;
type Unary = (graph: GraphBuilder, x: Name) => Name;
type Binary = (graph: GraphBuilder, a: Name, b: Name) => Name;

const same = ([x]: readonly Info[]): Info[] => [x as Info];
const allFloat = (infos: readonly Info[]): boolean => infos.every(({ dtype }) => dtype === 'float32');
const noBool = (infos: readonly Info[]): boolean => infos.every(({ dtype }) => dtype !== 'bool');

/** Of one float tensor. */
const float = (name: string, make: string | Unary): Kernel =>
	kernel({
		name,
		inputs: ['x'],
		accepts: allFloat,
		infer: same,
		lower: (graph, inputs, { results }) =>
			graph.elementwise(asElementwise(make), inputs, (results[0] as Info).shape),
	});

const asElementwise = (make: string | Unary): string | Elementwise =>
	typeof make === 'string' ? make : (graph, [x]) => make(graph, x as Name);

/** Of one float or int32 tensor. */
const number = (name: string, make: string | Unary): Kernel => ({ ...float(name, make), accepts: noBool });

const FLOAT_OPERATORS: Readonly<Record<string, string>> = {
	Relu: 'Relu',
	Exp: 'Exp',
	Log: 'Log',
	Sqrt: 'Sqrt',
	Tanh: 'Tanh',
	Sigmoid: 'Sigmoid',
	Erf: 'Erf',
	Reciprocal: 'Reciprocal',
	Floor: 'Floor',
	Ceil: 'Ceil',
	Round: 'Round',
	Softplus: 'Softplus',
	Sin: 'Sin',
	Cos: 'Cos',
	Tan: 'Tan',
	Sinh: 'Sinh',
	Cosh: 'Cosh',
	Asin: 'Asin',
	Acos: 'Acos',
	Atan: 'Atan',
	Asinh: 'Asinh',
	Acosh: 'Acosh',
	Atanh: 'Atanh',
	Elu: 'Elu',
};

const cast = (graph: GraphBuilder, x: Name, type: keyof typeof ELEMENT_TYPES): Name =>
	graph.op('Cast', [x], { to: ELEMENT_TYPES[type] });

/** Without the cancellation of exp(x) - 1 near 0: tanh(x/2) (exp(x) + 1). */
const expm1: Unary = (graph, x) => {
	const half = graph.op('Tanh', [graph.op('Mul', [x, graph.scalar(0.5)])]);
	const product = graph.op('Mul', [half, graph.op('Add', [graph.op('Exp', [x]), graph.scalar(1)])]);
	return product;
};

/** Without the cancellation of ln(1 + x) near 0 (Goldberg 1991, theorem 4): ln(u) x / (u - 1) with u = 1 + x. */
const log1p: Unary = (graph, x) => {
	const one = graph.scalar(1);
	const u = graph.op('Add', [x, one]);
	const log = graph.op('Log', [u]);
	const corrected = graph.op('Div', [graph.op('Mul', [log, x]), graph.op('Sub', [u, one])]);
	const small = graph.op('Where', [graph.op('Equal', [u, one]), x, corrected]);
	return graph.op('Where', [graph.op('Greater', [x, one]), log, small]);
};

/** max(x, 0), as ONNX Runtime has Clip but no Relu for it, and a NaN stays one. */
const relu6: Unary = (graph, x) => graph.op('Clip', [x, graph.scalar(0), graph.scalar(6)]);

const unary: Kernel[] = [
	...Object.entries(FLOAT_OPERATORS).map(([name, op]) => float(name, op)),
	number('Abs', 'Abs'),
	number('Neg', 'Neg'),
	float('Sign', (graph, x) =>
		graph.op('Where', [graph.op('IsNaN', [x]), graph.scalar(0), graph.op('Sign', [x])]),
	),
	number('Square', (graph, x) => graph.op('Mul', [x, x])),
	float('Rsqrt', (graph, x) => graph.op('Reciprocal', [graph.op('Sqrt', [x])])),
	float('Expm1', expm1),
	float('Log1p', log1p),
	float('Relu6', relu6),
	float('Selu', (graph, x) =>
		graph.op('Selu', [x], {
			alpha: { float: backend_util.SELU_SCALEALPHA / backend_util.SELU_SCALE },
			gamma: { float: backend_util.SELU_SCALE },
		}),
	),
];

const attributed: Kernel[] = [
	kernel<{ alpha: number }>({
		name: 'LeakyRelu',
		inputs: ['x'],
		accepts: allFloat,
		infer: same,
		lower: (graph, inputs, { attrs, results }) =>
			graph.elementwise(
				(g, [x]) => g.op('LeakyRelu', [x as Name], { alpha: { float: attrs.alpha } }),
				inputs,
				(results[0] as Info).shape,
			),
	}),
	kernel<{ clipValueMin: number; clipValueMax: number }>({
		name: 'ClipByValue',
		inputs: ['x'],
		accepts: noBool,
		infer: same,
		lower: (graph, inputs, { attrs, results }) => {
			const { shape, dtype } = results[0] as Info;
			const bounds = [attrs.clipValueMin, attrs.clipValueMax].map((bound) => graph.scalar(bound, dtype));
			return graph.elementwise((g, [x]) => g.op('Clip', [x as Name, ...bounds]), inputs, shape);
		},
	}),
	kernel<{ alpha: number }>({
		name: 'Step',
		inputs: ['x'],
		accepts: allFloat,
		infer: same,
		lower: (graph, inputs, { attrs, results }) =>
			graph.elementwise((g, [x]) => step(g, x as Name, attrs.alpha), inputs, (results[0] as Info).shape),
	}),
	kernel<{ dtype: 'float32' | 'int32' | 'bool' }>({
		name: 'Cast',
		inputs: ['x'],
		accepts: (_, { dtype }) => dtype === 'float32' || dtype === 'int32' || dtype === 'bool',
		infer: ([x], { dtype }) => [{ shape: (x as Info).shape, dtype }],
		lower: (graph, inputs, { attrs, infos, results }) => {
			const [x] = inputs as [(typeof inputs)[0]];
			if (infos[0]?.dtype === attrs.dtype) return x;
			const twin = attrs.dtype === 'float32' ? graph.floatTwin(x.name) : undefined;
			if (twin) return { ...x, name: twin };
			return graph.elementwise((g, [y]) => cast(g, y as Name, attrs.dtype), [x], (results[0] as Info).shape);
		},
	}),
];

/** What is not a number stays so. */
function step(graph: GraphBuilder, x: Name, alpha: number): Name {
	const positive = graph.op('Greater', [x, graph.scalar(0)]);
	const made = graph.op('Where', [positive, graph.scalar(1), graph.scalar(alpha)]);
	return graph.op('Where', [graph.op('IsNaN', [x]), x, made]);
}

const toBool = (name: string, make: string | Unary): Kernel => ({
	...float(name, make),
	infer: ([x]) => [{ shape: (x as Info).shape, dtype: 'bool' }],
});

const tests: Kernel[] = [
	toBool('IsNan', 'IsNaN'),
	toBool('IsInf', 'IsInf'),
	toBool('IsFinite', (graph, x) => {
		const infinite = graph.op('Or', [graph.op('IsNaN', [x]), graph.op('IsInf', [x])]);
		return graph.op('Not', [infinite]);
	}),
	{ ...toBool('LogicalNot', 'Not'), accepts: (infos) => infos.every(({ dtype }) => dtype === 'bool') },
];

type Accepts = (infos: readonly Info[]) => boolean;

function binary(name: string, make: string | Binary, accepts: Accepts = noBool, dtype?: 'bool'): Kernel {
	return kernel({
		name,
		inputs: ['a', 'b'],
		accepts: (infos) => accepts(infos) && infos[0]?.dtype === infos[1]?.dtype,
		infer: ([a, b]) => [
			{
				shape: backend_util.assertAndGetBroadcastShape([...(a as Info).shape], [...(b as Info).shape]),
				dtype: dtype ?? (a as Info).dtype,
			},
		],
		lower: (graph, inputs, { results }) => {
			const emit: string | Elementwise =
				typeof make === 'string' ? make : (g, [a, b]) => make(g, a as Name, b as Name);
			return graph.elementwise(emit, inputs, (results[0] as Info).shape);
		},
	});
}

/** Skips the operation where one operand is the number that changes nothing. */
function withNeutral(rule: Kernel, neutral: number, sides: readonly (0 | 1)[]): Kernel {
	const { lower } = rule;
	return {
		...rule,
		lower: (graph, inputs, call) => {
			const shape = (call.results[0] as Info).shape;
			for (const side of sides) {
				const [kept, other] = [inputs[1 - side], inputs[side]];
				if (!kept || !other || graph.fillOf(other) !== neutral) continue;
				if (equal((call.infos[1 - side] as Info).shape, shape)) return kept;
			}
			return lower(graph, inputs, call);
		},
	};
}

/** Adds a vector to the rows of a matrix product in the product's own pass. */
function withBias(rule: Kernel): Kernel {
	return {
		...rule,
		lower: (graph, inputs, call) => {
			const { shape } = call.results[0] as Info;
			const [a, b] = inputs as [Layout, Layout];
			return (
				productPlusVector(graph, a, b, shape) ??
				productPlusVector(graph, b, a, shape) ??
				rule.lower(graph, inputs, call)
			);
		},
	};
}

function productPlusVector(
	graph: GraphBuilder,
	product: Layout,
	bias: Layout,
	shape: readonly number[],
): Layout | null {
	const made = !product.perm && !product.broadcast && graph.productOf(product.name);
	const length = shape.at(-1) as number;
	if (!made || made.columns !== length || !equal(product.stored, shape) || !isVector(bias, length))
		return null;
	const vector = bias.stored.length === 1 ? bias.name : graph.reshape(bias.name, [length]);
	return plain(graph.reshape(graph.op('Gemm', [...made.factors, vector]), shape), shape);
}

/** product + bias, where the bias runs along the last axis. */
export const addBias = (
	graph: GraphBuilder,
	product: Layout,
	bias: Layout,
	shape: readonly number[],
): Layout =>
	productPlusVector(graph, product, bias, shape) ?? graph.elementwise('Add', [product, bias], shape);

const isVector = ({ stored, perm }: Layout, length: number): boolean =>
	!perm && length > 1 && stored.at(-1) === length && sizeOf(stored) === length;

const floorDiv: Binary = (graph, a, b) => cast(graph, graph.op('Floor', [graph.op('Div', [a, b])]), 'int32');

/** The sign of the result is the divisor's, as in TensorFlow; ONNX's remainder has the dividend's. */
const mod: Binary = (graph, a, b) => {
	const remainder = graph.op('Mod', [a, b], { fmod: 1 });
	const zero = graph.scalar(0);
	const signs = graph.op('Xor', [graph.op('Less', [a, zero]), graph.op('Less', [b, zero])]);
	const shifted = graph.op('Mod', [graph.op('Add', [remainder, b]), b], { fmod: 1 });
	return graph.op('Where', [signs, shifted, remainder]);
};

/** Integer division rounds towards 0 in ONNX and down in TensorFlow. */
const intFloorDiv: Binary = (graph, a, b) => {
	const zero = graph.scalar(0, 'int32');
	const quotient = graph.op('Div', [a, b]);
	const remainder = graph.op('Sub', [a, graph.op('Mul', [quotient, b])]);
	const inexact = graph.op('Not', [graph.op('Equal', [remainder, zero])]);
	const signs = graph.op('Xor', [graph.op('Less', [a, zero]), graph.op('Less', [b, zero])]);
	const down = cast(graph, graph.op('And', [inexact, signs]), 'int32');
	return graph.op('Sub', [quotient, down]);
};

const floorDivKernel: Kernel = {
	...binary('FloorDiv', floorDiv),
	// Whole numbers even of floats, as the other backends have it.
	infer: (infos) => [
		{ ...(binary('FloorDiv', floorDiv).infer(infos, {} as never)[0] as Info), dtype: 'int32' },
	],
	lower: (graph, inputs, { infos, results }) =>
		graph.elementwise(
			(g, [a, b]) => (infos[0]?.dtype === 'int32' ? intFloorDiv : floorDiv)(g, a as Name, b as Name),
			inputs,
			(results[0] as Info).shape,
		),
};

/** From the arc tangent of the quotient by quadrant; both zeros give 0. */
const atan2: Binary = (graph, y, x) => {
	const zero = graph.scalar(0);
	const positive = (of: Name): Name => graph.op('Greater', [of, zero]);
	const negative = (of: Name): Name => graph.op('Less', [of, zero]);
	const arc = graph.op('Atan', [graph.op('Div', [y, x])]);
	const half = graph.op('Where', [negative(y), graph.scalar(-Math.PI), graph.scalar(Math.PI)]);
	const left = graph.op('Where', [negative(x), graph.op('Add', [arc, half]), arc]);
	const up = graph.op('Where', [positive(y), graph.scalar(Math.PI / 2), zero]);
	const axis = graph.op('Where', [negative(y), graph.scalar(-Math.PI / 2), up]);
	return graph.op('Where', [graph.op('Equal', [x, zero]), axis, left]);
};

const anyType: Accepts = () => true;
const bothBool: Accepts = (infos) => infos.every(({ dtype }) => dtype === 'bool');

const binaries: Kernel[] = [
	withBias(withNeutral(binary('Add', 'Add'), 0, [0, 1])),
	withNeutral(binary('Sub', 'Sub'), 0, [1]),
	withNeutral(binary('Multiply', 'Mul'), 1, [0, 1]),
	withNeutral(binary('RealDiv', 'Div', allFloat), 1, [1]),
	binary('Maximum', 'Max'),
	binary('Minimum', 'Min'),
	binary('Pow', 'Pow', allFloat),
	binary('Mod', mod, allFloat),
	binary('Atan2', atan2, allFloat),
	floorDivKernel,
	binary('SquaredDifference', (graph, a, b) => {
		const difference = graph.op('Sub', [a, b]);
		return graph.op('Mul', [difference, difference]);
	}),
	binary('Prelu', (graph, x, alpha) => graph.op('PRelu', [x, alpha]), allFloat),
	binary(
		'EluGrad',
		(graph, dy, y) => {
			const slope = graph.op('Add', [y, graph.scalar(1)]);
			const positive = graph.op('GreaterOrEqual', [y, graph.scalar(0)]);
			return graph.op('Mul', [dy, graph.op('Where', [positive, graph.scalar(1), slope])]);
		},
		allFloat,
	),
	binary('Greater', 'Greater', noBool, 'bool'),
	binary('GreaterEqual', 'GreaterOrEqual', noBool, 'bool'),
	binary('Less', 'Less', noBool, 'bool'),
	binary('LessEqual', 'LessOrEqual', noBool, 'bool'),
	binary('Equal', 'Equal', anyType, 'bool'),
	binary('NotEqual', (graph, a, b) => graph.op('Not', [graph.op('Equal', [a, b])]), anyType, 'bool'),
	binary('LogicalAnd', 'And', bothBool, 'bool'),
	binary('LogicalOr', 'Or', bothBool, 'bool'),
].map((rule) => {
	if (rule.name === 'Prelu') return { ...rule, inputs: ['x', 'alpha'] };
	return rule.name === 'EluGrad' ? { ...rule, inputs: ['dy', 'y'] } : rule;
});

const several: Kernel[] = [
	kernel({
		name: 'AddN',
		inputs: 'list',
		accepts: noBool,
		infer: same,
		lower: (graph, inputs, { results }) => {
			const { shape, dtype } = results[0] as Info;
			if (dtype === 'float32') return graph.elementwise('Sum', inputs, shape);
			return inputs.reduce((sum, x) => graph.elementwise('Add', [sum, x], shape));
		},
	}),
	kernel({
		name: 'Select',
		inputs: ['condition', 't', 'e'],
		// With a condition of rank 1 TensorFlow.js selects whole rows.
		accepts: ([condition, t]) => equal((condition as Info).shape, (t as Info).shape),
		infer: ([, t]) => [t as Info],
		lower: (graph, inputs, { results }) => {
			const { shape, dtype } = results[0] as Info;
			return graph.elementwise(dtype === 'bool' ? selectBool : 'Where', inputs, shape);
		},
	}),
];

/** ONNX Runtime selects no booleans. */
const selectBool: Elementwise = (graph, [condition, t, e]) => {
	const chosen = graph.op('And', [condition as Name, t as Name]);
	const otherwise = graph.op('And', [graph.op('Not', [condition as Name]), e as Name]);
	return graph.op('Or', [chosen, otherwise]);
};

export const elementwise: readonly Kernel[] = [...unary, ...attributed, ...tests, ...binaries, ...several];
