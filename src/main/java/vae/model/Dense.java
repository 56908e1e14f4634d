package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A dense layer as it stands in a graph, before its activation: a = input · W + b.
 *
 * @param input [batch, in]
 * @param weights W, [in, out]
 * @param biases b, [out]
 * @param preActivation a, [batch, out]
 */
record Dense(
    Operand<TFloat32> input,
    Operand<TFloat32> weights,
    Operand<TFloat32> biases,
    Operand<TFloat32> preActivation) {}
