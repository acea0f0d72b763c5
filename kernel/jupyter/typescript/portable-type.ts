/** Words of types that mean the same everywhere: keywords, and generic types of the language's own library. */
const EVERYWHERE = new Set(
	`string number boolean bigint symbol undefined null void never unknown any object true false readonly
	Array ReadonlyArray Promise PromiseLike Map Set WeakMap WeakSet ReadonlyMap ReadonlySet Date RegExp Error Function
	Record Partial Required Readonly Pick Omit Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
	Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array ArrayBuffer ArrayBufferLike SharedArrayBuffer
	DataView Iterable Iterator AsyncIterable AsyncIterator IterableIterator Generator AsyncGenerator String Number
	Boolean TypeError RangeError SyntaxError URL URLSearchParams Buffer AbortSignal AbortController`.split(
		/\s+/,
	),
);

const LONGEST = 2000;

/**
 * Whether a type, as TypeScript writes it, can be said again elsewhere: it names nothing that only its cell knows, and
 * nothing of it was left out. A doubtful one is not portable. `isTaken` words mean something else in the notebook.
 */
export function isPortable(type: string, isTaken: (word: string) => boolean): boolean {
	if (type.length > LONGEST) return false;
	const text = type.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""');
	if (
		/\.\.\.(?![\p{ID_Start}$_[])|`|\btypeof\b|\bextends\b|\?(?!:|\.)|\bis\b|\bin\b|\bunique\b|\bnew\b/u.test(
			text,
		)
	)
		return false;
	// What stands before a colon is the name of a property or parameter.
	const words = text.replace(/[\p{ID_Start}$_][\p{ID_Continue}$]*\??(?=\s*:)/gu, '');
	return (words.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []).every(
		(word) => EVERYWHERE.has(word) && !isTaken(word),
	);
}
