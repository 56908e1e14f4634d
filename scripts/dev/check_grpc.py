"""Calls a server by TensorFlow Serving's own gRPC client, and compares with REST and with what Java has computed.

    check_grpc.py GRPC_PORT HTTP_PORT FOLDER

FOLDER has noise.bin and image.bin, float32, little-endian: rows of z, and what `Predictor` made of them. The model is
called vae, its version is 1, and it has a VAE's signatures.

Exit code: 0 all calls are answered as they should be; 1 one is not.
"""
import json
import sys
import urllib.request
from pathlib import Path

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (classification_pb2, get_model_metadata_pb2, get_model_status_pb2, inference_pb2,
                                     model_service_pb2_grpc, predict_pb2, prediction_service_pb2_grpc, regression_pb2)

HEALTHY = b'\x08\x01'  # grpc.health.v1.HealthCheckResponse, status SERVING
failures = []


def check(what, right):
    print(('right: ' if right else 'WRONG: ') + what)
    if not right:
        failures.append(what)


def asked(message, signature='', version=None, label=None):
    message.model_spec.name = 'vae'
    message.model_spec.signature_name = signature
    if version is not None:
        message.model_spec.version.value = version
    if label is not None:
        message.model_spec.version_label = label
    return message


def request(signature, inputs, outputs=(), as_values=False, **spec):
    message = asked(predict_pb2.PredictRequest(output_filter=outputs), signature, **spec)
    for name, values in inputs.items():
        message.inputs[name].CopyFrom(tf.make_tensor_proto(values))
        if as_values:
            message.inputs[name].tensor_content = b''
            message.inputs[name].float_val.extend(values.ravel().tolist())
    return message


def arrays(response):
    return {name: tf.make_ndarray(tensor) for name, tensor in response.outputs.items()}


def rest(port, signature, inputs):
    body = json.dumps({'signature_name': signature, 'inputs': {name: x.tolist() for name, x in inputs.items()}})
    url = f'http://localhost:{port}/v1/models/vae:predict'
    with urllib.request.urlopen(urllib.request.Request(url, body.encode())) as answer:
        outputs = json.load(answer)['outputs']
    return outputs if isinstance(outputs, dict) else {'': outputs}


def same_bits(ours, theirs):
    return ours.dtype == np.float32 and ours.shape == theirs.shape and ours.tobytes() == theirs.tobytes()


def error(call, message):
    try:
        call(message, timeout=20)
    except grpc.RpcError as e:
        return e.code().name, e.details()
    return 'OK', ''


def predictions(stub, port, folder):
    noise = np.fromfile(folder / 'noise.bin', '<f4').reshape(-1, 2)
    image = np.fromfile(folder / 'image.bin', '<f4').reshape(len(noise), -1)
    for name, inputs in {'generate': {'noise': noise}, 'encode': {'image': image}}.items():
        response = stub.Predict(request(name, inputs), timeout=20)
        ours = arrays(response)
        by_rest = rest(port, name, inputs)
        for output, values in ours.items():
            theirs = np.array(by_rest[output if len(by_rest) > 1 else ''], np.float32)
            check(f'{name}: {output} equals REST to the bit', same_bits(values, theirs))
        check(f'{name}: the version is told', response.model_spec.version.value == 1)
    recon = arrays(stub.Predict(request('', {'image': image}), timeout=20))['recon']  # Draws noise: no two are equal.
    check('the default signature', recon.dtype == np.float32 and recon.shape == image.shape)
    made = stub.Predict(request('generate', {'noise': noise}), timeout=20)
    check('generate equals Predictor to the bit', same_bits(arrays(made)['image'], image))
    check('a value alone in float_val', len(made.outputs['image'].float_val) == image.size)
    by_values = stub.Predict(request('generate', {'noise': noise}, as_values=True), timeout=20)
    check('float_val and tensor_content are the same', by_values == made)
    in_bytes = stub.Predict(request('generate', {'noise': noise}), timeout=20, metadata=[('answer-in', 'tensor_content')])
    check('answer-in: tensor_content', same_bits(arrays(in_bytes)['image'], image)
          and len(in_bytes.outputs['image'].tensor_content) == 4 * image.size)
    filtered = stub.Predict(request('encode', {'image': image}, ['z_mean']), timeout=20)
    check('output_filter', list(filtered.outputs) == ['z_mean'])
    check('a version', stub.Predict(request('generate', {'noise': noise}, version=1), timeout=20) == made)
    check('no such version', error(stub.Predict, request('generate', {'noise': noise}, version=9)) ==
          ('NOT_FOUND', 'Servable not found for request: Specific(vae, 9)'))
    check('a label', error(stub.Predict, request('generate', {'noise': noise}, label='stable')) ==
          ('INVALID_ARGUMENT', 'Unrecognized servable version label: stable'))
    check('no such signature', error(stub.Predict, request('x', {})) ==
          ('FAILED_PRECONDITION', 'Serving signature key "x" not found.'))
    check('a wrong shape', error(stub.Predict, request('generate', {'noise': noise[:, :1]}))[0] == 'INVALID_ARGUMENT')


def others(stub, status):
    metadata = stub.GetModelMetadata(asked(get_model_metadata_pb2.GetModelMetadataRequest(
        metadata_field=['signature_def'])), timeout=20)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    metadata.metadata['signature_def'].Unpack(signatures)
    check('metadata', {'encode', 'generate', 'serving_default'} <= set(signatures.signature_def))
    check('a signature', signatures.signature_def['generate'].inputs['noise'].name == 'noise_input:0')
    for call, message, kind in [
            (stub.Classify, classification_pb2.ClassificationRequest(), 'classification'),
            (stub.Regress, regression_pb2.RegressionRequest(), 'regression')]:
        code, details = error(call, asked(message))
        check(kind, code == 'INVALID_ARGUMENT' and details.startswith(f'Expected {kind} signature method_name'))
    task = asked(inference_pb2.InferenceTask(method_name='tensorflow/serving/classify'))
    code, details = error(stub.MultiInference, inference_pb2.MultiInferenceRequest(tasks=[task]))
    check('multi-inference', code == 'INVALID_ARGUMENT' and details.startswith('Expected classification signature'))
    answer = status.GetModelStatus(asked(get_model_status_pb2.GetModelStatusRequest()), timeout=20)
    check('status', [(each.version, each.state) for each in answer.model_version_status] == [(1, 30)])


def main():
    grpc_port, http_port, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    for host in 'localhost', '127.0.0.1', '[::1]':
        options = [('grpc.max_receive_message_length', 64 << 20)]
        with grpc.insecure_channel(f'{host}:{grpc_port}', options) as channel:
            health = channel.unary_unary('/grpc.health.v1.Health/Check')
            check(f'{host}: healthy', health(b'', timeout=20) == HEALTHY)
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            if host == 'localhost':
                predictions(stub, http_port, folder)
                others(stub, model_service_pb2_grpc.ModelServiceStub(channel))
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
