"""gRPC beside JSON: `serve` on this machine, asked by Python's clients of both. Prints a table in Markdown.

    scripts/.venv/bin/python scripts/benchmark/serve_grpc.py saved_model [--short]

Each client waits for its answer, has the numbers in an array, and asks again. What is compared is measured in turn,
three times; the median of the ratios counts. Exit code: 0 measured; 1 an answer was not as it should be.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import sys
import threading
import time

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

import serve

PORT, GRPC_PORT = 8597, 8598
ROUNDS = 3
PREDICT = "/tensorflow.serving.PredictionService/Predict"


def noise(count):
    return np.random.default_rng(count).standard_normal((count, 2)).astype(np.float32)


class Json:
    name = "JSON"

    def __init__(self, count):
        self.body = json.dumps({"signature_name": "generate", "inputs": noise(count).tolist()})
        self.connection = http.client.HTTPConnection("localhost", PORT)

    def ask(self):
        self.connection.request("POST", "/v1/models/vae:predict", self.body)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"expected 200, found {answer.status}: {text[:200]}")
        return np.array(json.loads(text)["outputs"], np.float32)


class Grpc:
    name = "gRPC"
    metadata = ()

    def __init__(self, count):
        self.request = predict_pb2.PredictRequest()
        self.request.model_spec.name = "vae"
        self.request.model_spec.signature_name = "generate"
        self.request.inputs["noise"].CopyFrom(tf.make_tensor_proto(noise(count)))
        # A connection of its own, as another client would have.
        options = [("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
        self.stub = prediction_service_pb2_grpc.PredictionServiceStub(
            grpc.insecure_channel(f"localhost:{GRPC_PORT}", options))

    def ask(self):
        return tf.make_ndarray(self.stub.Predict(self.request, timeout=30, metadata=self.metadata).outputs["image"])


class GrpcInBytes(Grpc):
    """What asks for its numbers as bytes, which Python need not turn one by one."""
    name = "gRPC, answer-in: tensor_content"
    metadata = (("answer-in", "tensor_content"),)


def rate(kind, count, clients, seconds):
    """Answers a second, of so many clients that ask as soon as they are answered."""
    asking = [kind(count) for _ in range(clients)]
    for client in asking:
        client.ask()
    done = [0] * clients
    end = time.perf_counter() + seconds

    def work(i):
        while time.perf_counter() < end:
            asking[i].ask()
            done[i] += 1

    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def times(kind, requests):
    client = kind(1)
    taken = []
    for _ in range(requests + 100):
        start = time.perf_counter()
        client.ask()
        taken.append(time.perf_counter() - start)
    return taken[100:]


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def begun_call():
    """HTTP/2, byte by byte: settings, the headers of a call, and a twentieth of its message."""
    headers = {":method": "POST", ":scheme": "http", ":path": PREDICT, ":authority": "localhost",
               "content-type": "application/grpc", "te": "trailers"}
    block = b"".join(bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                     for name, value in headers.items())
    message = b"\0" + (20_000).to_bytes(4, "big") + bytes(1_000)
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4, 1, block) + frame(0, 0, 1, message)


def slow_streams(count):
    """Connections that began a call and don't go on."""
    open_ones = []
    for _ in range(count):
        stream = socket.create_connection(("127.0.0.1", GRPC_PORT))
        stream.sendall(begun_call())
        open_ones.append(stream)
    return open_ones


def in_turn(what, measure, kind, digits):
    both = [(measure(kind), measure(Json)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / theirs for ours, theirs in both)
    seen = ", ".join(f"{ours:.{digits}f} and {theirs:.{digits}f}" for ours, theirs in both)
    print(f"| {what}: {kind.name}, and JSON | {seen}; ratio {ratio:.2f} |", flush=True)


def report(seconds):
    for kind in Grpc, GrpcInBytes:
        in_turn("400 z a request, 8 clients, requests/s", lambda each: rate(each, 400, 8, seconds), kind, 0)
    in_turn("1 z a request, 1 client, p50 in ms", lambda each: 1e3 * statistics.median(times(each, 2000)), Grpc, 2)
    alone = 1e3 * serve.p99(times(Grpc, 1000))
    slow = slow_streams(500)
    beside = 1e3 * serve.p99(times(Grpc, 1000))
    for stream in slow:
        stream.close()
    print(f"| a good client's p99, alone and beside 500 slow streams | {alone:.1f} ms, {beside:.1f} ms |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="?", default="saved_model")
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args()
    with serve.serving(args.models, "--port", str(PORT), "--grpc-port", str(GRPC_PORT)) as server:
        rate(Grpc, 1, 8, 5)  # warms up
        print("| what | seen |\n|---|---|")
        report(2 if args.short else 8)
        rate(Grpc, 1, 8, 2 if args.short else 10)
        before = serve.resident(server)
        client = Grpc(1)
        count = 2_000 if args.short else 100_000
        for _ in range(count):
            client.ask()
        print(f"| {count:,} gRPC requests: resident memory | {before:.0f} MiB, then {serve.resident(server):.0f} MiB |")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    main()
