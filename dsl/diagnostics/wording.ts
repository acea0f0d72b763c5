export function atMost(count: number): string {
	if (count === 0) return 'no arguments';
	return count === 1 ? 'one argument' : `at most ${count} arguments`;
}

const MASS = /^(Text|Data|Any)\b/;
const VOWEL = /^[AEIOU]/;
export function article(type: string): string {
	if (type.startsWith('{')) return `a record ${type}`;
	if (MASS.test(type)) return type;
	return `${VOWEL.test(type) ? 'an' : 'a'} ${type}`;
}

export const plain = (shown: string): string => shown.replaceAll('`', '');

export function capabilityWords(capability: string): string {
	if (capability === 'logprob') return 'return token log-probabilities';
	if (capability === 'choose') return 'choose between options';
	if (capability === 'sample') return 'write text';
	if (capability === 'embed') return 'embed text';
	if (capability === 'train') return 'be trained';
	return capability;
}
