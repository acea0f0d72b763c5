/**
 * A tokenizer.json whose digits are cut apart as in Hugging Face's own implementation, by Unicode's numbers (½, ٣, 一 is
 * none), where the one in JavaScript knows 0 to 9 only.
 */
export function withUnicodeDigits(
	json: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
	return { ...json, pre_tokenizer: mended(json.pre_tokenizer) };
}

function mended(step: unknown): unknown {
	if (typeof step !== 'object' || step === null) return step;
	const { type, pretokenizers, individual_digits: apart } = step as Record<string, unknown>;
	if (type === 'Sequence' && Array.isArray(pretokenizers))
		return { ...step, pretokenizers: pretokenizers.map(mended) };
	if (type !== 'Digits') return step;
	const pattern = { Regex: apart ? '\\p{N}' : '\\p{N}+' };
	return { type: 'Split', pattern, behavior: 'Isolated', invert: false };
}
