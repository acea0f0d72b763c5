/** Mean of at least one value. */
export function average(values: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i] as number;
	return sum / values.length;
}

/** Sample variance with n - 1, in two passes; null for fewer than two values. */
export function variance(values: Float64Array, mean = average(values)): number | null {
	if (values.length < 2) return null;
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += ((values[i] as number) - mean) ** 2;
	return sum / (values.length - 1);
}

/** Standard error of the mean of independent rows: sd(n - 1) / √n. */
export function standardError(values: Float64Array, mean = average(values)): number | null {
	const spread = variance(values, mean);
	return spread === null ? null : Math.sqrt(spread / values.length);
}
