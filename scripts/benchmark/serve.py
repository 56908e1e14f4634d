"""How `serve` does on this machine, from a second process: throughput and latency by wrk (Debian's package), then
500 slow senders, ten times too many clients, and 100,000 requests. Prints a table in Markdown.

    python3 scripts/benchmark/serve.py saved_model
"""

import asyncio
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

PORT = 8599
PLACES = 8 * (os.cpu_count() or 1)  # predictions that the server lets in at once
URL = f"http://localhost:{PORT}/v1/models/vae"
HOME = pathlib.Path(__file__).resolve().parents[2]


def body(count):
    rows = [[round(i / count - 0.5, 3), round(0.5 - i / count, 3)] for i in range(count)]
    return json.dumps({"signature_name": "generate", "instances": rows})


def request(count):
    text = body(count)
    return (f"POST /v1/models/vae:predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\n\r\n{text}").encode()


def wrk(count, connections, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"wrk.method = 'POST'\nwrk.body = [=[{body(count)}]=]\n")
        script.flush()
        out = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", script.name, URL + ":predict"],
            check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out:
        sys.exit(f"not every answer was 200:\n{out}")

    def find(pattern):
        return re.search(pattern, out).group(1)

    return find(r"Requests/sec:\s+(\S+)"), find(r"\n +50% +(\S+)"), find(r"\n +99% +(\S+)")


async def ask(reader, writer, payload):
    """One request on an open connection: the status, and the seconds that it took."""
    start = time.perf_counter()
    writer.write(payload)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower()).group(1)))
    return int(head.split()[1]), time.perf_counter() - start


def p99(times):
    return statistics.quantiles(times, n=100)[98]


async def probe(seconds):
    """One client that asks again as soon as it is answered: the seconds by status."""
    taken = {200: [], 503: []}
    end = time.perf_counter() + seconds
    reader, writer = await asyncio.open_connection("localhost", PORT)
    while time.perf_counter() < end:
        status, time_taken = await ask(reader, writer, request(1))
        taken[status].append(time_taken)
    return taken


def under_load(connections):
    """What one client sees beside so many of wrk's."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"wrk.method = 'POST'\nwrk.body = [=[{body(1)}]=]\n")
        script.flush()
        load = subprocess.Popen(
            ["wrk", "-t1", f"-c{connections}", "-d10", "-s", script.name, URL + ":predict"], stdout=subprocess.DEVNULL)
        time.sleep(1)
        taken = asyncio.run(probe(8))
        load.wait()
        return taken


async def slow_senders(count):
    """The p99 of one good client beside so many that send a byte a second."""
    slow = []
    for _ in range(count):
        _, writer = await asyncio.open_connection("localhost", PORT)
        writer.write(b"POST /v1/models/vae:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        slow.append(writer)

    async def trickle():
        while True:
            for writer in slow:
                writer.write(b" ")
            await asyncio.sleep(1)

    trickling = asyncio.create_task(trickle())
    reader, writer = await asyncio.open_connection("localhost", PORT)
    times = [(await ask(reader, writer, request(1)))[1] for _ in range(1000)]
    trickling.cancel()
    for each in slow:
        each.close()
    return p99(times)


def resident(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def many(count):
    asyncio.run(many_by(PLACES // 2, count))


async def many_by(connections, count):
    payload = request(1)

    async def client():
        reader, writer = await asyncio.open_connection("localhost", PORT)
        for _ in range(count // connections):
            status, _ = await ask(reader, writer, payload)
            if status != 200:
                sys.exit(f"expected 200, found {status}")
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))


@contextlib.contextmanager
def serving(models, *options):
    """`serve`, from when it is ready; prints how it ends at SIGTERM."""
    server = start(models, *options)
    try:
        yield server
    finally:
        asked = time.perf_counter()
        server.terminate()
        code = server.wait(10)
    print(f"| SIGTERM | exit code {code} after {time.perf_counter() - asked:.1f} s |")


def start(models, *options):
    subprocess.run([HOME / "scripts/vae", "--version"], check=True, stdout=subprocess.DEVNULL)  # builds it
    server = subprocess.Popen(
        [HOME / "scripts/vae", "serve", *options, "--saved-model", models], stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        if line.startswith("ready"):
            return server
    sys.exit("the server did not start")


def main():
    models = sys.argv[1] if len(sys.argv) > 1 else "saved_model"
    with serving(models, "--port", str(PORT), "--grpc-port", "0") as server:
        wrk(1, 8, 5)  # warms up
        print("| what | seen |\n|---|---|")
        for count, connections in [(1, 1), (1, 8), (400, 1), (400, 2)]:
            rate, half, most = wrk(count, connections, 8)
            print(f"| {count} z a request, {connections} at once | {rate} requests/s, p50 {half}, p99 {most} |")
        alone = asyncio.run(slow_senders(0))
        slow = asyncio.run(slow_senders(500))
        print(f"| a good client, alone, and beside 500 slow senders | p99 {1e3 * alone:.1f} ms, {1e3 * slow:.1f} ms |")
        full = under_load(PLACES - 1)
        over = under_load(10 * PLACES - 1)
        print(f"| {PLACES} clients, as many as are let in | p99 {1e3 * p99(full[200]):.1f} ms |")
        print(f"| ten times as many: one that is let in | p99 {1e3 * p99(over[200]):.1f} ms, of {len(over[200]):,} |")
        print(f"| one that is refused with 503 | p99 {1e3 * p99(over[503]):.1f} ms, of {len(over[503]):,} |")
        many(20_000)
        before = resident(server)
        many(100_000)
        print(f"| 100,000 requests, after 20,000: resident memory | {before:.0f} MiB, then {resident(server):.0f} MiB |")


if __name__ == "__main__":
    main()
