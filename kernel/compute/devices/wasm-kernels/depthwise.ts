import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { type ComposedKernel, composed } from '../../composed/composed-kernel.ts';
import { type ConvAttrs, geometry } from './convolution.ts';
import { onHeap } from './heap.ts';
import { isTurnedConvolution, withMargin } from './turned-convolution.ts';
import { visitRuns } from './windows.ts';

type Shape4 = [number, number, number, number];

const byFilter = composed<ConvAttrs & { readonly filterShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropFilter',
	run: (tf, { x, dy }, attrs) => {
		const info = geometry(tf, (x as Tensor4D).shape, attrs.filterShape, attrs, true);
		const { inChannels: channels, outChannels } = info;
		const multiplier = outChannels / channels;
		const step = info.strideWidth * channels;
		return onHeap(tf, attrs.filterShape, [x as Tensor, dy as Tensor], (out, source, gradient) => {
			visitRuns(info, (input, position, count, tap) => {
				for (let c = 0; c < outChannels; c++) {
					let sum = 0;
					let from = input * channels + Math.floor(c / multiplier);
					let at = position * outChannels + c;
					for (let i = 0; i < count; i++, from += step, at += outChannels)
						sum += (source[from] as number) * (gradient[at] as number);
					out[tap * outChannels + c] = (out[tap * outChannels + c] as number) + sum;
				}
			});
		});
	},
});

const byInput = composed<ConvAttrs & { readonly inputShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropInput',
	run: (tf, { dy, filter }, attrs) => {
		const info = geometry(tf, attrs.inputShape, (filter as Tensor4D).shape, attrs, true);
		const { inChannels: channels, outChannels } = info;
		const multiplier = outChannels / channels;
		if (multiplier === 1 && isTurnedConvolution(info)) {
			const round = tf.reverse(filter as Tensor4D, [0, 1]) as Tensor4D;
			return tf.depthwiseConv2d(withMargin(tf, dy as Tensor, info), round, 1, 'valid');
		}
		const step = info.strideWidth * channels;
		return onHeap(tf, attrs.inputShape, [dy as Tensor, filter as Tensor], (out, gradient, weights) => {
			visitRuns(info, (input, position, count, tap) => {
				for (let c = 0; c < outChannels; c++) {
					const weight = weights[tap * outChannels + c] as number;
					let to = input * channels + Math.floor(c / multiplier);
					let at = position * outChannels + c;
					for (let i = 0; i < count; i++, to += step, at += outChannels)
						out[to] = (out[to] as number) + weight * (gradient[at] as number);
				}
			});
		});
	},
});

export const depthwiseGradients: readonly ComposedKernel[] = [byFilter, byInput];
