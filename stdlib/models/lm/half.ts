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
