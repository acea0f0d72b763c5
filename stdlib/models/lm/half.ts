let table: Float32Array | null = null;

/** Every half-precision number (IEEE 754 binary16) by its bits; made on first use. */
const everyHalf = (): Float32Array =>
	Float32Array.from({ length: 65_536 }, (_, bits) => {
		const sign = bits & 0x8000 ? -1 : 1;
		const exponent = (bits >> 10) & 31;
		const fraction = bits & 1023;
		if (exponent === 0) return sign * fraction * 2 ** -24;
		if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
		return sign * (1024 + fraction) * 2 ** (exponent - 25);
	});

export function halfToSingle(bits: number): number {
	table ??= everyHalf();
	return table[bits] as number;
}

/** The bits of the nearest half-precision number, of two as near the even one; what is too large becomes infinite. */
export function singleToHalf(value: number): number {
	const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
	const size = Math.abs(value);
	if (Number.isNaN(value)) return 0x7e00;
	if (size >= 65_520) return sign | 0x7c00;
	// Steps between neighbours double with each power of two; below 2^-14 they stay as they are.
	const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -14)));
	const steps = roundedToEven(size / 2 ** (exponent - 10));
	// A fraction that rounds up to the next power of two carries into the exponent by itself.
	return sign | (size < 2 ** -14 ? steps : ((exponent + 14) << 10) + steps);
}

function roundedToEven(value: number): number {
	const below = Math.floor(value);
	const rest = value - below;
	if (rest !== 0.5) return Math.round(value);
	return below % 2 === 0 ? below : below + 1;
}
