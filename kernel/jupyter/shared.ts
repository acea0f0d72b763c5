/** Numbers that both threads of the kernel see: a message would not reach one that is blocked. */
export interface Shared {
	/** 1 while the thread of the cells waits for a program that it started. */
	readonly isWaiting: Int32Array;
	/** Becomes 1, with a notice, when all that was written to followed files has been shown. */
	readonly isShown: Int32Array;
}

const number = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

export const shared: Shared = { isWaiting: number(), isShown: number() };
