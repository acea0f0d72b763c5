/**
 * A dimension of a tensor: a whole number known at check time, or an expression over dimension variables. Expressions
 * are kept as polynomials over atoms (a variable, or a rounded quotient), so that `h + 1` and `1 + h` are one dimension.
 */
export interface Dim {
	/** Product of atoms (sorted, joined by `TIMES`; '' for the constant term) → coefficient. */
	readonly terms: ReadonlyMap<string, number>;
	/** Atoms that are quotients, so that they can be substituted into. */
	readonly quotients: ReadonlyMap<string, Quotient>;
}

/** Between the atoms of a product; no atom contains it, though a quotient's may contain `*`. */
const TIMES = '·';

interface Quotient {
	readonly rounding: 'ceil' | 'floor';
	readonly over: Dim;
	readonly by: Dim;
}

const none: ReadonlyMap<string, Quotient> = new Map();

export const constant = (n: number): Dim => ({
	terms: n === 0 ? new Map() : new Map([['', n]]),
	quotients: none,
});
export const variable = (name: string): Dim => ({ terms: new Map([[name, 1]]), quotients: none });

/** The dimension's value, or null while it has variables in it. */
export function valueOfDim(dim: Dim): number | null {
	if (dim.terms.size === 0) return 0;
	if (dim.terms.size === 1 && dim.terms.has('')) return dim.terms.get('') as number;
	return null;
}

/** The variable that this dimension is, or null. */
export function variableOf(dim: Dim): string | null {
	if (dim.terms.size !== 1) return null;
	const [term, coefficient] = [...dim.terms][0] as [string, number];
	return coefficient === 1 && term !== '' && !term.includes(TIMES) && !dim.quotients.has(term) ? term : null;
}

export function add(a: Dim, b: Dim, sign = 1): Dim {
	const terms = new Map(a.terms);
	for (const [term, coefficient] of b.terms) {
		const sum = (terms.get(term) ?? 0) + sign * coefficient;
		if (sum === 0) terms.delete(term);
		else terms.set(term, sum);
	}
	return { terms, quotients: merge(a, b) };
}

export function multiply(a: Dim, b: Dim): Dim {
	let product = constant(0);
	for (const [left, x] of a.terms) {
		for (const [right, y] of b.terms) {
			const atoms = [...left.split(TIMES), ...right.split(TIMES)].filter((atom) => atom !== '').sort();
			product = add(product, { terms: new Map([[atoms.join(TIMES), x * y]]), quotients: none });
		}
	}
	return { terms: product.terms, quotients: merge(a, b) };
}

/** `over / by`, rounded up or down when it does not come out even. */
export function divide(over: Dim, by: Dim, rounding: 'ceil' | 'floor'): Dim {
	const [n, d] = [valueOfDim(over), valueOfDim(by)];
	if (d === 1) return over;
	if (n !== null && d !== null && d !== 0)
		return constant(rounding === 'ceil' ? Math.ceil(n / d) : Math.floor(n / d));
	const atom = `${rounding}(${operand(over)} / ${operand(by)})`;
	return {
		terms: new Map([[atom, 1]]),
		quotients: new Map([...merge(over, by), [atom, { rounding, over, by }]]),
	};
}

const operand = (dim: Dim): string => (dim.terms.size > 1 ? `(${spellDim(dim)})` : spellDim(dim));

export const sameDim = (a: Dim, b: Dim): boolean => valueOfDim(add(a, b, -1)) === 0;

/** Replaces variables by what they stand for. */
export function substituteDim(dim: Dim, bindings: ReadonlyMap<string, Dim>): Dim {
	let result = constant(0);
	for (const [term, coefficient] of dim.terms) {
		let product = constant(coefficient);
		for (const atom of term.split(TIMES).filter((part) => part !== '')) {
			product = multiply(product, substituteAtom(atom, dim, bindings));
		}
		result = add(result, product);
	}
	return result;
}

function substituteAtom(atom: string, dim: Dim, bindings: ReadonlyMap<string, Dim>): Dim {
	const quotient = dim.quotients.get(atom);
	if (!quotient) return bindings.get(atom) ?? variable(atom);
	return divide(
		substituteDim(quotient.over, bindings),
		substituteDim(quotient.by, bindings),
		quotient.rounding,
	);
}

/** Whether a variable in it may still become anything: those of signatures and of networks in use. */
export const isFlexible = (dim: Dim): boolean => [...dim.terms.keys()].some((term) => term.includes('?'));

/** Fresh variables for those of a network's own text, so that each use of the network can have a size of its own. */
export function freshDim(dim: Dim, use: number): Dim {
	const names = new Set<string>();
	collectVariables(dim, names);
	return substituteDim(dim, new Map([...names].map((name) => [name, variable(`?${name}#${use}`)])));
}

function collectVariables(dim: Dim, names: Set<string>): void {
	for (const term of dim.terms.keys()) {
		for (const atom of term.split(TIMES)) {
			const quotient = dim.quotients.get(atom);
			if (quotient) for (const part of [quotient.over, quotient.by]) collectVariables(part, names);
			else if (atom !== '' && !atom.startsWith('?')) names.add(atom);
		}
	}
}

/** As a user would write it. */
export const showDim = (dim: Dim): string => spellDim(dim).replace(/\?(\w+)#-?\d+/g, '$1');

function spellDim(dim: Dim): string {
	if (dim.terms.size === 0) return '0';
	const parts = [...dim.terms].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1));
	return parts.map(([term, coefficient], i) => showTerm(term, coefficient, i === 0)).join('');
}

function showTerm(term: string, coefficient: number, first: boolean): string {
	const sign = coefficient < 0 ? (first ? '-' : ' - ') : first ? '' : ' + ';
	const size = Math.abs(coefficient);
	if (term === '') return `${sign}${size}`;
	const product = term.split(TIMES).join(' * ');
	return size === 1 ? `${sign}${product}` : `${sign}${size} * ${product}`;
}

const merge = (a: Dim, b: Dim): ReadonlyMap<string, Quotient> =>
	a.quotients.size + b.quotients.size === 0 ? none : new Map([...a.quotients, ...b.quotients]);
