import type { Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';
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
		loaded = { Tensor, InferenceSession: binding.InferenceSession };
	}
	return loaded;
}
