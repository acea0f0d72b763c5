import test from 'ava';
import { abortSignalOf, CallAbort } from '../../../stdlib/models/call-signal.ts';

test('every listener hears of an abort once, and none that was removed', (t) => {
	const call = new CallAbort();
	const heard: string[] = [];
	const removed = () => heard.push('removed');
	call.addEventListener('abort', removed);
	call.addEventListener('abort', () => heard.push('function'));
	call.addEventListener('abort', { handleEvent: () => heard.push('object') });
	call.removeEventListener('abort', removed);
	const reason = new Error('not wanted');
	call.abort(reason);
	call.abort(new Error('again'));
	t.deepEqual(heard, ['function', 'object']);
	t.is(call.reason, reason);
	t.throws(() => call.throwIfAborted(), { is: reason });
});

test('a library that wants an AbortSignal gets one, with the reason', (t) => {
	const call = new CallAbort();
	const signal = abortSignalOf(call);
	t.false(signal.aborted);
	const reason = new Error('not wanted');
	call.abort(reason);
	t.true(signal.aborted);
	t.is(signal.reason, reason);
	t.is(abortSignalOf(call).reason, reason);
	t.is(abortSignalOf(signal), signal);
});
