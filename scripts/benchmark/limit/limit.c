// The tutorial's whole training step (784-512-2-512-784, batch 64, RMSProp), fused and tuned by hand:
// what a machine's cores can give. A yardstick for the benchmark, not an example for the project.
//
// products.h has the variables, vector arithmetic and the five large products; step.h the network and
// its training step; this file the tasks. See main for the options.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "step.h"

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
static double now(void) { return seconds(CLOCK_MONOTONIC); }
static int by_value(const void *x, const void *y) {
  return (*(double *) x > *(double *) y) - (*(double *) x < *(double *) y);
}
static void fail(const char *message, const char *what) {
  fprintf(stderr, "limit: %s%s\n", message, what);
  exit(1);
}

static uint8_t *read_images(const char *dir, const char *name, int *count) {
  char file[4096];
  uint8_t head[16];
  snprintf(file, sizeof file, "%s/%s", dir, name);
  setenv("IDX", file, 1);
  FILE *in = popen("gzip -dc -- \"$IDX\"", "r");
  if (!in || fread(head, 1, 16, in) != 16 || memcmp(head, "\0\0\10\3", 4))
    fail("expected a gzipped IDX file of images: ", file);
  *count = head[4] << 24 | head[5] << 16 | head[6] << 8 | head[7];
  uint8_t *pixels = malloc((size_t) *count * I);
  if (fread(pixels, I, *count, in) != (size_t) *count) fail("too short: ", file);
  pclose(in);
  return pixels;
}

static const char *data_dir, *out_dir;
static long warmup, steps;
static double first_step, rate, last_loss, late_loss;  // late: the mean of the last ten looked at

static void *train(void *thread) {
  int t = (intptr_t) thread, looked = 0;
  double started = 0, losses[10];
  encoder(t, 0, NULL);
  for (long s = 1; s <= warmup + steps; s++) {
    int want_loss = s == 1 || s % 1000 == 0 || s == warmup + steps;
    double loss = step(t, (s - 1) % 2, want_loss);
    if (t != 0) continue;
    if (want_loss) last_loss = loss;
    if (s % 1000 == 0) losses[looked++ % 10] = loss;
    if (s == 1) first_step = seconds(CLOCK_REALTIME);
    if (s == warmup || s == 1) started = now();
  }
  barrier();
  if (t != 0) return NULL;
  rate = (steps - (warmup == 0)) / (now() - started);  // without a warm-up, from the first step on
  int n = looked < 10 ? looked : 10;
  for (int i = 0; i < n; i++) late_loss += losses[i] / n;
  if (n == 0) late_loss = last_loss;
  return NULL;
}

static void start_training(void) {
  images = read_images(data_dir, "train-images-idx3-ubyte.gz", &image_count);
  order = malloc(image_count * sizeof *order);
  for (int i = 0; i < image_count; i++) order[i] = i;
  batch_at = image_count;
  next_batch();
  for (int k = 0; k < B; k += LANES) gather(images, order + batch_at, k, a.x[0]);
  normals(&chance[1], 1, a.noise[0][0], 2 * B);
  run(train);
}

static void write_floats(const char *name, const float *values, int n) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.f32", out_dir, name);
  FILE *out = fopen(path, "wb");
  if (!out || fwrite(values, 4, n, out) != (size_t) n || fclose(out)) fail("can't write ", path);
}
static void write_weights(void) {  // row-major, in TensorFlow's shapes
  static float big[I * H], z[2][H * 2];
  mkdir(out_dir, 0777);
  for (int i = 0; i < I; i++)
    for (int n = 0; n < H; n++) big[i * H + n] = m.enc_h1[n / W][i][n % W];
  write_floats("weights_encoder_h1", big, I * H);
  for (int n = 0; n < H; n++)
    for (int q = 0; q < 4; q++) z[q / 2][2 * n + q % 2] = m.z_w[q][n / W][n % W];
  write_floats("weights_z_mean", z[0], H * 2);
  write_floats("weights_z_std", z[1], H * 2);
  write_floats("weights_decoder_h1", m.dec_h1[0][0], 2 * H);
  for (int n = 0; n < H; n++)
    for (int i = 0; i < I; i++) big[n * I + i] = m.dec_out[n / W][i][n % W];
  write_floats("weights_decoder_out", big, H * I);
  write_floats("biases_encoder_b1", m.enc_b1[0], H);
  write_floats("biases_z_mean", m.z_b, 2);
  write_floats("biases_z_std", m.z_b + 2, 2);
  write_floats("biases_decoder_b1", m.dec_b1[0], H);
  write_floats("biases_decoder_out", m.dec_bo, I);
}

// Decodes one point z. Every thread computes the hidden layer and its own pixels.
static void decode_one(int t, const float *z, float *image) {
  vec d[P][2], y[LANES];
  int j0 = LANES * share(I / LANES, t), j1 = LANES * share(I / LANES, t + 1);
  for (int p = 0; p < P; p++)
    for (int v = 0; v < 2; v++) d[p][v] = decode_unit(z[0], z[1], p, v * LANES);
  for (int j = j0; j < j1; j += LANES) {
    for (int l = 0; l < LANES; l++) y[l] = (vec){0};
    for (int p = 0; p < P; p++)
      for (int l = 0; l < LANES; l++)
        y[l] += V(m.dec_out[p][j + l][0]) * d[p][0] + V(m.dec_out[p][j + l][LANES]) * d[p][1];
    transpose(y);
    vec s = V(m.dec_bo[j]);
    for (int l = 0; l < LANES; l++) s += y[l];
    V(image[j]) = sigmoid(s);
  }
}

// Decodes n points; thread t the t-th share of them, in blocks of B. n is a multiple of LANES.
static void decode_many(int t, int n, const float *z, float *out) {
  static __thread float d[B][W] __attribute__((aligned(64))), dt[Q][H][W] __attribute__((aligned(64)));
  static __thread float y[I][B] __attribute__((aligned(64)));
  int to = LANES * share(n / LANES, t + 1);
  for (int from = LANES * share(n / LANES, t), count; from < to; from += count) {
    float block[2][B];
    count = to - from < B ? to - from : B;
    for (int i = 0; i < count; i++) block[0][i] = z[2 * (from + i)], block[1][i] = z[2 * (from + i) + 1];
    for (int p = 0; p < P; p++) decode_panel(p, block, count, d, dt);
    to_pixels(0, I, dt, (count + W - 1) / W, y);
    for (int i = 0; i < count; i += LANES)
      for (int j = 0; j < I; j += LANES) {
        vec v[LANES];
        for (int l = 0; l < LANES; l++) v[l] = sigmoid(V(y[j + l][i]));
        transpose(v);
        for (int l = 0; l < LANES; l++) V(out[(size_t) (from + i + l) * I + j]) = v[l];
      }
  }
}

// z_mean and z_std of n images, [n][4]
static void encode_many(int t, int n, const uint8_t *from, float *out) {
  static __thread float x[I][B] __attribute__((aligned(64))), h[P][B][W] __attribute__((aligned(64)));
  int blocks = (n + B - 1) / B;
  for (int k = share(blocks, t); k < share(blocks, t + 1); k++) {
    int index[B];
    float head[4][B];
    for (int i = 0; i < B; i++) index[i] = k * B + i < n ? k * B + i : n - 1;
    for (int i = 0; i < B; i += LANES) gather(from, index, i, x);
    for (int p = 0; p < P; p++) encode_panel(p, x, h[p]);
    to_heads(0, P, h, head);
    for (int i = 0; i < B && k * B + i < n; i++)
      for (int q = 0; q < 4; q++) out[4 * (k * B + i) + q] = head[q][i] + m.z_b[q];
  }
}

// The seconds of one call of f by all threads, as thread 0 sees them
#define TIMED(f, ...) ({ barrier(); double began = now(); f(t, __VA_ARGS__); barrier(); now() - began; })

static void *infer(void *thread) {
  enum { ONES = 3000, MANY = 10000, TURNS = 11 };
  static float z[2 * MANY], one[I] __attribute__((aligned(64))), latent[4 * MANY];
  static float out[(size_t) MANY * I] __attribute__((aligned(64)));
  int t = (intptr_t) thread, test_count = 0;
  double times[ONES], small[TURNS], large[TURNS], encoded[TURNS];
  static uint8_t *test;
  if (t == 0) {
    normals(&chance[0], 1, z, 2 * MANY);
    test = read_images(data_dir, "t10k-images-idx3-ubyte.gz", &test_count);
    if (test_count != MANY) fail("expected 10000 test images in ", data_dir);
  }
  for (int i = -300; i < ONES; i++) {
    double time = TIMED(decode_one, z + 2 * (i + 300), one);
    if (i >= 0) times[i] = time;
  }
  for (int i = 0; i < TURNS; i++) {
    small[i] = TIMED(decode_many, 400, z, out);
    large[i] = TIMED(decode_many, MANY, z, out);
    encoded[i] = TIMED(encode_many, MANY, test, latent);
  }
  if (t != 0) return NULL;
  qsort(times, ONES, sizeof *times, by_value);
  qsort(small, TURNS, sizeof *small, by_value);
  qsort(large, TURNS, sizeof *large, by_value);
  qsort(encoded, TURNS, sizeof *encoded, by_value);
  printf("{\"task\":\"infer\",\"one_p50_us\":%.2f,\"one_p99_us\":%.2f,\"decode400_per_s\":%.0f,"
         "\"decode10000_per_s\":%.0f,\"encode10000_per_s\":%.0f}\n", times[ONES / 2] * 1e6,
         times[ONES * 99 / 100] * 1e6, 400 / small[TURNS / 2], MANY / large[TURNS / 2],
         MANY / encoded[TURNS / 2]);
  return NULL;
}

// What the FMA units give when nothing else is asked of them
static void multiply_add(int t, long n, float *out) {
  vec c[12], x = (vec){0} + 1 - 1e-7f * t, y = (vec){0} + 1e-7f;
  for (int r = 0; r < 12; r++) c[r] = (vec){0} + (float) r;
  for (long k = 0; k < n; k++)
#pragma GCC unroll 12
    for (int r = 0; r < 12; r++) c[r] = c[r] * x + y;
  for (int r = 0; r < 12; r++) out[t] += sum(c[r]);
}
static void *peak(void *thread) {
  int t = (intptr_t) thread;
  long n = 10000000;
  static float out[MAX_THREADS];
  double best = 1e9;
  for (int i = 0; i < 7; i++) {
    double time = TIMED(multiply_add, n, out);
    if (time < best) best = time;
  }
  if (t == 0) printf("{\"task\":\"peak\",\"threads\":%d,\"gflop_per_s\":%.1f}\n", threads,
                     2. * 12 * LANES * n * threads / best / 1e9);
  return NULL;
}

int main(int argc, char **argv) {
  const char *task = argc > 1 ? argv[1] : "";
  uint64_t seed = 1;
  cpu_set_t cpus;
  sched_getaffinity(0, sizeof cpus, &cpus);
  threads = CPU_COUNT(&cpus);
  for (int i = 2; i < argc; i += 2) {
    char *name = argv[i], *value = argv[i + 1];
    if (!value) fail("no value for ", name);
    else if (!strcmp(name, "--data")) data_dir = value;
    else if (!strcmp(name, "--out")) out_dir = value;
    else if (!strcmp(name, "--warmup")) warmup = atol(value);
    else if (!strcmp(name, "--steps")) steps = atol(value);
    else if (!strcmp(name, "--seed")) seed = strtoull(value, NULL, 10);
    else if (!strcmp(name, "--threads")) threads = strcmp(value, "auto") ? atoi(value) : threads;
    else if (strcmp(name, "--batch")) fail("unknown option ", name);
    else if (atoi(value) != B) fail("only batches of 64, not ", value);
  }
  threads = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
  if (!strcmp(task, "peak")) return run(peak), 0;
  if (!data_dir) fail("train, infer or job wants --data DIR; or peak", "");
  init(seed);
  if (!strcmp(task, "infer")) return run(infer), 0;
  if (steps < 1) fail("--steps N is wanted", "");
  if (!strcmp(task, "train")) {
    start_training();
    printf("{\"task\":\"train\",\"first_step\":%.6f,\"steps_per_s\":%.2f,\"loss\":%.4f}\n", first_step,
           rate, last_loss);
  } else if (!strcmp(task, "job") && out_dir) {
    start_training();
    write_weights();
    printf("{\"task\":\"job\",\"loss\":%.4f}\n", late_loss);
  } else fail("expected train, infer, job with --out DIR, or peak; found ", task);
}
