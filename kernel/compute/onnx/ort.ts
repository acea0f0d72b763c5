import type { Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';
import { nativeCall } from '../native-calls.ts';
import { requireHere } from '../tfjs.ts';

export type Feeds = Record<string, OrtTensor>;

/** ONNX Runtime's synchronous session, which the package uses inside and TensorFlow.js's `dataSync` needs. */
export interface OrtSession {
	loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
	/** Writes into the given tensors. */
	run(feeds: Feeds, fetches: Feeds, options: object): Feeds;
	endProfiling(): void;
	dispose(): void;
}

interface Binding {
	readonly InferenceSession: new () => OrtSession;
}

export interface Ort {
	readonly Tensor: TensorConstructor;
	readonly InferenceSession: new () => OrtSession;
}

let loaded: Ort | null = null;

/** The binaries come in the package; @throws where it has none for this platform. */
export function loadOrt(): Ort {
	if (!loaded) {
		const { Tensor } = requireHere('onnxruntime-common') as { Tensor: TensorConstructor };
		const { binding, initOrt } = requireHere('onnxruntime-node/dist/binding.js') as {
			binding: Binding;
			initOrt: () => void;
		};
		initOrt();
		loaded = { Tensor, InferenceSession: announced(binding.InferenceSession) };
	}
	return loaded;
}

/** Sessions whose calls say that they are native. */
const announced = (Session: Binding['InferenceSession']): Ort['InferenceSession'] =>
	class implements OrtSession {
		private readonly session = nativeCall(() => new Session());

		loadModel(...args: Parameters<OrtSession['loadModel']>): void {
			nativeCall(() => this.session.loadModel(...args));
		}

		run(...args: Parameters<OrtSession['run']>): Feeds {
			return nativeCall(() => this.session.run(...args));
		}

		endProfiling(): void {
			nativeCall(() => this.session.endProfiling());
		}

		dispose(): void {
			nativeCall(() => this.session.dispose());
		}
	};
