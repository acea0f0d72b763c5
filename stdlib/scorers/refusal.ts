import { define } from '../define.ts';

const DOING =
	'(?:answer|help|assist|provide|comply|respond|choose|pick|select|decide|judge|engage|participate|fulfil|fulfill|complete|continue|do (?:that|this|so)|give|offer|say|make (?:a|any|such|that)|recommend|advise|support|create|write|generate|discuss|share)';
const UNABLE =
	"(?:can(?:no|['’]?)t|cannot|won['’]?t|will not|am (?:not able|unable) to|['’]m (?:not able|unable) to|must decline to|am not (?:going to|permitted to|allowed to))";

const REFUSALS: readonly RegExp[] = [
	new RegExp(`\\bI ?${UNABLE}\\s+(?:\\w+\\s+){0,2}?${DOING}\\b`, 'i'),
	/\bI(?:['’]m| am) (?:sorry|afraid),? but (?:I|as an?)\b/i,
	/\bI(?:['’]m| am) not comfortable\b/i,
	/\bI (?:must|have to|need to) (?:decline|refuse)\b/i,
	/\bI (?:decline|refuse) to\b/i,
	/\bI(?:['’]d| would) (?:rather|prefer) not (?:to )?(?:answer|say|choose|respond)\b/i,
	/\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b[^.]{0,80}\b(?:can(?:no|['’])t|cannot|do(?:n['’]t| not) have|unable|not able|not appropriate)\b/i,
	/\b(?:it is|it['’]s|it would be) (?:not appropriate|inappropriate) (?:for me )?to\b/i,
];

/**
 * Whether a text declines to answer: the speaker says of itself that it cannot, will not or should not. "It cannot be
 * determined" is an answer, not a refusal.
 */
export const isRefusal = (text: string): boolean => REFUSALS.some((pattern) => pattern.test(text));

interface RefusalArgs {
	readonly answer: string;
}

export const refusalDefinition = define({
	name: 'is_refusal',
	signature: 'is_refusal(answer: Text) -> Bool',
	doc: 'Whether an answer declines to answer: it says of itself that it cannot, will not or should not. Known by its phrases, in English.',
	example: 'refused = is_refusal(answer)',
	version: 1,
	run: ({ answer }: RefusalArgs) => isRefusal(answer),
});
